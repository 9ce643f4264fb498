import LinkTesting
import Signals
import Testing

@testable import PinFileTransport

/// What looks at random links tell: all that moved, or a gap.
@Suite struct RandomLookTests {
    fileprivate static let start: UInt64 = 1_000_000_000

    /// Looks that saw nothing new and do not matter can be left out, at any pace of the link.
    @Test(arguments: 0..<200)
    func whatDoesNotMatterChangesNothing(seed: UInt64) {
        var random = Seeded(seed)
        let pace = UInt64.random(in: 100...20_000, using: &random)
        let first = PinLook(time: Self.start, blindness: 0, bits: LevelSet.rest.bits)
        var (all, chosen) = (Teller(first), Teller(first))
        var filter = LookFilter(first: first)
        var time = Self.start
        var nextChange = Self.start + pace
        var (levels, toggles) = (LevelSet.rest, ToggleCounts())
        var count = 0
        for _ in 0..<2_000 {
            let isLong = UInt64.random(in: 0..<50, using: &random) == 0
            let blindness = UInt64.random(in: 50...(isLong ? 8 * pace : 600), using: &random)
            time += blindness
            while nextChange <= time {
                let end: LinkEnd = levels[.sckout] == levels[.sckin] ? .host : .bridge
                levels[end.clock] = levels[end.clock].toggled
                if seed >> UInt64(end.rawValue) & 1 == 1 {
                    toggles.bits += end == .host ? 1 : 1 << 32
                }
                nextChange += pace
            }
            // Some ends have counted what they have not toggled yet.
            var counted = toggles
            if seed & 4 != 0, levels[.sckout] == levels[.sckin], seed & 1 != 0 {
                counted.bits += UInt64.random(in: 0...1, using: &random)
            }
            let look = PinLook(
                time: time, blindness: blindness, bits: levels.bits, toggles: counted)
            all.take(look)
            if filter.keeps(look) {
                chosen.take(look)
                count += 1
            }
        }
        #expect(all.words == chosen.words)
        #expect(all.words.count > 10 && count < 2_000)
    }

    /// A link that stands still and goes on as it likes, under a watcher who is interrupted as somebody
    /// else likes: what he tells is what was driven, or there is a gap. If both ends count there are no
    /// other gaps; where none counts, the long interruptions are looked at.
    @Test(arguments: 0..<120)
    func nothingIsLostWithoutAGap(seed: UInt64) throws {
        var random = Seeded(seed)
        var link = DrivenLink(random: random)
        let counting = LinkEnd.allCases.filter { seed >> UInt64($0.rawValue) & 1 == 1 }
        var order = LookOrder(first: PinLook(time: link.time, blindness: 0, bits: 1))
        var (told, gaps) = (0, 0)
        for number in 0..<4_000 {
            let range: ClosedRange<UInt64> =
                switch UInt64.random(in: 0..<60, using: &random) {
                case 0: 600...200_000
                case 1..<6: 200...2_000
                default: 40...200
                }
            let blindness = UInt64.random(in: range, using: &random)
            let before = order.levels
            let driven = link.advance(by: blindness, counting: counting)
            let look = PinLook(
                time: link.time, blindness: blindness, bits: link.levels.bits, toggles: link.toggles
            )
            if order.gap(before: look) != nil {
                order.resume(at: look)
                gaps += 1
                if counting.count == 2, !link.isClockDue {
                    #expect(
                        [Channel.sckout, .sckin].contains { clock in
                            driven.count { $0.channel == clock } > 1
                        })
                }
                continue
            }
            var edges: [Edge] = []
            order.take(look, into: &edges)
            told += edges.count
            // Where nobody counts, the pace must be known, and short interruptions can hide something.
            guard
                !counting.isEmpty || number > 1_000 && blindness >= LookOrder.interruptionMin
            else { continue }
            #expect(
                edges.map(\.channel) == driven.map(\.channel)
                    && edges.map(\.level) == driven.map(\.level),
                "look \(number), blind for \(blindness) ns, from \(before)")
        }
        #expect(told > 100 && gaps > 10)
    }

    /// Both ends in good order, at a pace that changes.
    private struct DrivenLink {
        var random: Seeded
        private(set) var time = RandomLookTests.start
        private(set) var levels = LevelSet.rest
        private(set) var toggles = ToggleCounts()
        private var turn = LinkEnd.host
        private var nextTurn = RandomLookTests.start + 1_000
        /// The clock that is to move now, behind its data.
        private(set) var isClockDue = false
        private var pace: UInt64 = 200
        private var turnsAtPace = 0

        init(random: Seeded) { self.random = random }

        /// What is driven until the next look.
        mutating func advance(by duration: UInt64, counting: [LinkEnd]) -> [Edge] {
            time += duration
            var driven: [Edge] = []
            func note(_ channel: Channel) {
                driven.append(
                    Edge(
                        time: Timestamp(nanoseconds: Int64(nextTurn)), channel: channel,
                        level: levels[channel]))
            }
            while nextTurn <= time {
                if !isClockDue {
                    if UInt64.random(in: 0..<3, using: &random) == 0 {
                        levels[turn.data] = levels[turn.data].toggled
                        note(turn.data)
                    }
                    // Counted, and not yet toggled.
                    if counting.contains(turn) { toggles.bits += turn == .host ? 1 : 1 << 32 }
                    nextTurn += 10
                } else {
                    levels[turn.clock] = levels[turn.clock].toggled
                    note(turn.clock)
                    turn = turn.peer
                    nextTurn += nextPause()
                }
                isClockDue.toggle()
            }
            return driven
        }

        private mutating func nextPause() -> UInt64 {
            turnsAtPace -= 1
            if turnsAtPace <= 0 {
                let isSlow = UInt64.random(in: 0..<4, using: &random) == 0
                turnsAtPace = Int.random(in: isSlow ? 1...4 : 1...200, using: &random)
                pace = UInt64.random(in: isSlow ? 3_000...40_000 : 200...400, using: &random)
            }
            return UInt64.random(in: pace...pace * 5 / 4, using: &random)
        }
    }

    /// Writes down what an order tells.
    private struct Teller {
        var order: LookOrder
        var words: [String] = []

        init(_ first: PinLook) { order = LookOrder(first: first) }

        mutating func take(_ look: PinLook) {
            if let gap = order.gap(before: look) {
                words.append("\(gap.start)-\(gap.end) \(gap.reason.name)")
                order.resume(at: look)
            } else {
                var edges: [Edge] = []
                order.take(look, into: &edges)
                words += edges.map { "\($0.time) \($0.channel) \($0.level)" }
            }
        }
    }
}

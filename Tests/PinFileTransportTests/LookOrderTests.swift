import LinkTesting
import Signals
import Testing

@testable import PinFileTransport

/// What looks at the wires tell, drawn look by look: a column is a look, 100 ns after the one before
/// where `blind` has a dot, and so many microseconds after it where there is a digit.
@Suite struct LookOrderTests {
    private static let start: UInt64 = 1_000_000_000

    private static func words(_ drawing: String) throws -> [String] {
        var rows: [String: [Character]] = [:]
        for line in drawing.split(separator: "\n") {
            let words = line.split(separator: " ")
            rows[String(words[0])] = Array(words[1])
        }
        let blind = try #require(rows["blind"])
        func levels(_ column: Int) -> UInt32 {
            Channel.wires.enumerated().reduce(0) { bits, wire in
                let name = WireNames.all[wire.offset].host.description
                let rest: Character = wire.element == .reset ? "-" : "_"
                let level = rows[name]?[column] ?? rest
                return bits | (level == "-" ? 1 : 0) << UInt32(wire.offset)
            }
        }
        var order = LookOrder(levels: LevelSet(bits: levels(0)), start: start)
        var time = start
        var words: [String] = []
        for column in 1..<blind.count {
            let digit = blind[column].wholeNumberValue
            let blindness = digit.map { UInt32($0) * 1_000 } ?? 100
            time += UInt64(blindness)
            let lost = blind[column] == "!" ? PinLook.afterLoss : 0
            let look = PinLook(time: time, blindness: blindness, bits: levels(column) | lost)
            if let gap = order.gap(before: look) {
                words.append("\(column) \(gap.reason.name)")
                order.resume(at: look)
            } else {
                var edges: [Edge] = []
                order.take(look, into: &edges)
                #expect(edges.allSatisfy { $0.time.nanoseconds == Int64(time - start) })
                for edge in edges {
                    let name = WireNames.all[Int(edge.channel.index)].host
                    words.append("\(column) \(name)\(edge.level == .high ? "+" : "-")")
                }
            }
            #expect(order.levels == look.levels)
        }
        return words
    }

    // MARK: Order

    @Test func dataComesBeforeItsClock() throws {
        let words = try Self.words(
            """
            blind  ......
            sckout _--__-
            stx    _----_
            sckin  __--__
            srx    __----
            """)
        #expect(
            words == [
                "1 stx+", "1 sckout+", "2 srx+", "2 sckin+", "3 sckout-", "4 sckin-",
                "5 stx-", "5 sckout+",
            ])
    }

    @Test func theEndThatMovedLastIsNotTheFirstToMoveAgain() throws {
        let words = try Self.words(
            """
            blind  ....
            sckout _-_-
            stx    _-__
            sckin  __-_
            srx    __--
            """)
        #expect(
            words == [
                "1 stx+", "1 sckout+", "2 srx+", "2 sckin+", "2 stx-", "2 sckout-",
                "3 sckin-", "3 sckout+",
            ])
    }

    @Test func aResetComesBehindTheHostAndBeforeThePullDowns() throws {
        let words = try Self.words(
            """
            blind  ..
            reset  -_
            stx    _-
            sckout _-
            srx    -_
            sckin  -_
            """)
        #expect(words == ["1 stx+", "1 sckout+", "1 reset-", "1 srx-", "1 sckin-"])
    }

    // MARK: Gaps

    @Test func anInterruptionOfAMovingLinkIsAGap() throws {
        let words = try Self.words(
            """
            blind  ................5..
            sckout _--__--__--__--__--
            sckin  __--__--__--__--__-
            """)
        #expect(words.suffix(3) == ["16 unwatched", "17 sckout+", "18 sckin+"])
    }

    @Test func anInterruptionOfALinkAtRestIsNone() throws {
        let words = try Self.words(
            """
            blind  ...............................5555.
            sckout _--__--__--__--__-----------------__
            sckin  __--__--__--__--__------------------
            """)
        #expect(words.suffix(3) == ["17 sckout+", "18 sckin+", "34 sckout-"])
    }

    @Test func dataThatIsSeenAloneIsNoTurn() throws {
        let words = try Self.words(
            """
            blind  ...............................5............5
            stx    _______________________________--------------
            sckout _--__--__--__--__---------------------------_
            sckin  __--__--__--__--__---------------------------
            """)
        #expect(words.suffix(3) == ["18 sckin+", "31 stx+", "44 sckout-"])
    }

    @Test func twoEndsThatMovedInAnInterruptionAreAGap() throws {
        let words = try Self.words(
            """
            blind  ...............................5.
            sckout _--__--__--__--__--------------_-
            sckin  __--__--__--__--__-------------__
            """)
        #expect(words.suffix(3) == ["18 sckin+", "31 unwatched", "32 sckout+"])
    }

    @Test func anEndThatMovedAgainInAnInterruptionIsAGap() throws {
        let words = try Self.words(
            """
            blind  ..............................5
            sckout _--__--__--__--__-------------_
            sckin  __--__--__--__--_______________
            """)
        #expect(words.suffix(2) == ["17 sckout+", "30 unwatched"])
    }

    @Test func aSlowLinkHidesNothingInAShortInterruption() throws {
        let words = try Self.words(
            """
            blind  444444444444444443
            sckout _--__--__--__--__-
            sckin  __--__--__--__--__
            """)
        #expect(!words.contains { $0.hasSuffix("unwatched") })
        #expect(words.count == 17)
    }

    @Test func aLinkThatStoodStillMayBeReset() throws {
        let words = try Self.words(
            """
            blind  ...............................5
            reset  -------------------------------_
            stx    _______________________________-
            sckout _--__--__--__--__--------------_
            sckin  __--__--__--__--__-------------_
            """)
        #expect(words.suffix(4) == ["31 stx+", "31 sckout-", "31 reset-", "31 sckin-"])
    }

    @Test func looksThatFoundNoRoomAreAGap() throws {
        let words = try Self.words(
            """
            blind  ..!.
            sckout _--_
            """)
        #expect(words == ["1 sckout+", "2 overflow", "3 sckout-"])
    }

    /// Looks that saw nothing new and do not matter can be left out, at any pace of the link.
    @Test(arguments: 0..<200)
    func whatDoesNotMatterChangesNothing(seed: UInt64) {
        var random = Seeded(seed)
        let pace = UInt64.random(in: 100...20_000, using: &random)
        var (all, chosen) = (Teller(start: Self.start), Teller(start: Self.start))
        var time = Self.start
        var (lastChange, nextChange) = (Self.start, Self.start + pace)
        var levels = LevelSet.rest
        var count = 0
        for _ in 0..<2_000 {
            let isLong = UInt64.random(in: 0..<50, using: &random) == 0
            let blindness = UInt64.random(in: 50...(isLong ? 8 * pace : 600), using: &random)
            let previous = time
            time += blindness
            let before = levels
            while nextChange <= time {
                let clock: Channel = levels[.sckout] == levels[.sckin] ? .sckout : .sckin
                levels[clock] = levels[clock].toggled
                nextChange += pace
            }
            let look = PinLook(
                time: time, blindness: UInt32(blindness), bits: levels.bits)
            all.take(look)
            if levels != before || LookOrder.matters(blindness, after: previous - lastChange) {
                chosen.take(look)
                count += 1
            }
            if levels != before || blindness >= LookOrder.interruptionMin { lastChange = time }
        }
        #expect(all.words == chosen.words)
        #expect(all.words.count > 10 && count < 2_000)
    }

    /// Writes down what an order tells.
    private struct Teller {
        var order: LookOrder
        var words: [String] = []

        init(start: UInt64) { order = LookOrder(levels: .rest, start: start) }

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

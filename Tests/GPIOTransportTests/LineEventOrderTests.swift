#if GPIO
import CGPIO
import Signals
import Testing

@testable import GPIOTransport

/// Line events as a kernel queues them, and what becomes of them.
@Suite struct LineEventOrderTests {
    private static let start: UInt64 = 1_000_000_000

    /// An event of a line, at a time after the start in microseconds.
    private static func event(
        _ time: UInt64, _ line: UInt8, _ level: UInt8, number: UInt32? = nil
    ) -> cgpio_event {
        cgpio_event(
            time_ns: start + time * 1_000, sequence: number ?? 0, line: line, level: level,
            is_numbered: number != nil)
    }

    /// Two clocks, low at the start.
    private static func clocks() -> LineEventOrder {
        LineEventOrder(channels: [.sckout, .sckin], levels: 0, start: start)
    }

    /// All edges and gaps that are handed out, in words.
    private static func words(_ order: inout LineEventOrder, until time: UInt64) -> [String] {
        order.release(until: start + time * 1_000)
        var words: [String] = []
        var batch = EdgeBatch()
        var levels: LevelSet?
        while order.next(into: &batch, edgesMax: 3) {
            if let gap = batch.gap {
                let channel = gap.channel.map { name($0) } ?? "any"
                words.append(
                    "gap \(gap.reason.name) \(channel) \(gap.start.nanoseconds / 1000)-"
                        + "\(gap.end.nanoseconds / 1000)")
            } else if let levels {
                #expect(batch.levels == levels)
            }
            levels = batch.levels
            for edge in batch.edges {
                // What a writer of captures insists on.
                #expect(levels?[edge.channel] != edge.level)
                levels?[edge.channel] = edge.level
                words.append(
                    "\(edge.time.nanoseconds / 1000) \(name(edge.channel))"
                        + (edge.level == .high ? "+" : "-"))
            }
        }
        return words
    }

    private static func name(_ channel: Channel) -> String {
        WireNames.all[Int(channel.index)].host.description
    }

    @Test func eventsOfSeveralQueuesComeInTheOrderOfTime() {
        var order = Self.clocks()
        order.take([
            Self.event(10, 0, 1), Self.event(30, 0, 0), Self.event(20, 1, 1), Self.event(40, 1, 0),
        ])
        #expect(
            Self.words(&order, until: 100) == [
                "10 sckout+", "20 sckin+", "30 sckout-", "40 sckin-",
            ]
        )
    }

    @Test func whatMayStillBePrecededWaits() {
        var order = Self.clocks()
        order.take([Self.event(10, 0, 1), Self.event(30, 0, 0)])
        #expect(Self.words(&order, until: 20) == ["10 sckout+"])
        order.take([Self.event(25, 1, 1)])
        #expect(Self.words(&order, until: 40) == ["25 sckin+", "30 sckout-"])
        #expect(order.lateCount == 0)
    }

    @Test func anEventThatIsTooLateKeepsItsLevelAndIsCounted() {
        var order = Self.clocks()
        order.take([Self.event(10, 0, 1), Self.event(30, 0, 0)])
        #expect(Self.words(&order, until: 40) == ["10 sckout+", "30 sckout-"])
        order.take([Self.event(20, 1, 1)])
        #expect(Self.words(&order, until: 50) == ["30 sckin+"])
        #expect(order.lateCount == 1)
    }

    @Test func twoNeighboursInOneDirectionAreAGap() {
        var order = Self.clocks()
        order.take([Self.event(10, 0, 1), Self.event(15, 1, 1), Self.event(30, 0, 1)])
        #expect(
            Self.words(&order, until: 100) == [
                "10 sckout+", "15 sckin+", "gap same-direction sckout 10-30", "30 sckout+",
            ])
    }

    @Test func aJumpOfTheNumbersIsAGapBehindWhichLaterEventsTellTheLevels() {
        var order = Self.clocks()
        order.take([
            Self.event(10, 0, 1, number: 1), Self.event(20, 1, 1, number: 2),
            // 3, 4 and 5 are lost: sckin fell and sckout fell and rose.
            Self.event(60, 0, 0, number: 6), Self.event(70, 1, 1, number: 7),
        ])
        #expect(
            Self.words(&order, until: 100) == [
                "10 sckout+", "20 sckin+", "gap sequence any 20-60", "60 sckout-", "70 sckin+",
            ])
        #expect(order.lostCount == 3)
    }

    @Test func aLineThatIsSilentBehindALossIsRead() {
        var order = Self.clocks()
        order.take([Self.event(10, 0, 1, number: 1), Self.event(60, 0, 1, number: 4)])
        #expect(order.needsLevels)
        // Nothing may be told before the line is read.
        #expect(Self.words(&order, until: 100) == ["10 sckout+"])
        order.take(levels: 0b11, at: Self.start + 100_000)
        #expect(Self.words(&order, until: 200) == ["gap sequence any 10-60", "60 sckout+"])
        order.take([Self.event(300, 1, 0, number: 5)])
        #expect(Self.words(&order, until: 400) == ["300 sckin-"])
    }

    @Test func twoLossesOneAfterTheOther() {
        var order = Self.clocks()
        order.take([
            Self.event(10, 0, 1, number: 1), Self.event(20, 0, 0, number: 4),
            Self.event(30, 0, 0, number: 7), Self.event(40, 1, 0, number: 8),
        ])
        #expect(
            Self.words(&order, until: 100) == [
                "10 sckout+", "gap sequence any 10-20", "20 sckout-", "gap sequence any 20-30",
                "30 sckout-", "40 sckin-",
            ])
        #expect(order.lostCount == 4)
    }

    @Test func whatIsLostBeforeTheFirstEventShowsInItsNumber() {
        var order = LineEventOrder(
            channels: [.sckout, .sckin], levels: 0, start: Self.start, lastNumber: 7)
        order.take([Self.event(10, 0, 1, number: 10), Self.event(20, 1, 1, number: 11)])
        #expect(
            Self.words(&order, until: 100) == [
                "gap sequence any 0-10", "10 sckout+", "20 sckin+",
            ])
        #expect(order.lostCount == 2)
    }

    @Test func eventsBeforeTheBeginningAreInItsLevels() {
        var order = LineEventOrder(
            channels: [.sckout, .sckin], levels: 1, start: Self.start, lastNumber: 7)
        order.take([
            cgpio_event(
                time_ns: Self.start - 1, sequence: 8, line: 0, level: 1, is_numbered: true),
            Self.event(20, 0, 0, number: 9),
        ])
        #expect(Self.words(&order, until: 100) == ["20 sckout-"])
    }

    @Test func theNumbersMayWrapAround() {
        var order = Self.clocks()
        order.take([
            Self.event(10, 0, 1, number: .max), Self.event(20, 0, 0, number: 0),
            Self.event(30, 0, 1, number: 1),
        ])
        #expect(Self.words(&order, until: 100) == ["10 sckout+", "20 sckout-", "30 sckout+"])
        #expect(order.lostCount == 0)
    }

    @Test func aLineThatStaysAtAnotherLevelThanItsEdgesSayIsAGap() {
        var order = Self.clocks()
        order.take([Self.event(10, 0, 1)])
        let read = Self.start + 1_000_000
        order.take(levels: 0b11, at: read)
        // Its event may be under way.
        #expect(Self.words(&order, until: 1_000) == ["10 sckout+"])
        order.take(levels: 0b11, at: read + LineEventOrder.suspicionNanoseconds)
        #expect(Self.words(&order, until: 60_000) == ["gap level-read sckin 0-51000"])
        order.take([Self.event(70_000, 1, 0)])
        #expect(Self.words(&order, until: 80_000) == ["70000 sckin-"])
    }

    @Test func anEventThatWasUnderWayIsNoLoss() {
        var order = Self.clocks()
        order.take(levels: 0b10, at: Self.start + 1_000_000)
        order.take([Self.event(990, 1, 1)])
        order.take(levels: 0b10, at: Self.start + 80_000_000)
        order.take(levels: 0b10, at: Self.start + 160_000_000)
        #expect(Self.words(&order, until: 200_000) == ["990 sckin+"])
    }

    /// Any events at all: whatever is handed out can be stored.
    @Test(arguments: UInt64(1)...40)
    func anyEventsMakeAStorableRun(seed: UInt64) {
        var state = seed &* 0x9e37_79b9_7f4a_7c15
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var order = Self.clocks()
        var time: UInt64 = 0
        var number: UInt32 = 1
        for _ in 0..<200 {
            time = time &+ random(200)
            switch random(8) {
            case 0: order.take(levels: UInt32(random(4)), at: Self.start + time * 1_000)
            case 1: _ = Self.words(&order, until: time)
            default:
                number &+= random(10) == 0 ? UInt32(random(5)) : 1
                let event = Self.event(
                    time > 50 ? time - random(50) : time, UInt8(random(2)), UInt8(random(2)),
                    number: seed % 2 == 0 ? number : nil)
                order.take([event])
            }
        }
        order.finish()
        _ = Self.words(&order, until: time + 1_000_000)
        #expect(!order.isHolding)
    }
}
#endif

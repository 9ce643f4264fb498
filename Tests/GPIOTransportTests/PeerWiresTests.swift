#if GPIO
import Signals
import Testing

@testable import GPIOTransport

/// What is read of the other end's wires, when, and by how many system calls.
@Suite struct PeerWiresTests {
    private let lines = FakeLines()

    /// The bridge's wires as the host reads them, read once.
    private func unsettledHost(spinNanoseconds: UInt64) throws -> PeerWires<FakeLines> {
        let wires = PeerWires(
            lines, peer: .bridge, clockPlace: FakeLines.clock, dataPlace: FakeLines.data,
            resetPlace: nil, spinNanoseconds: spinNanoseconds)
        #expect(try wires.read() == LevelSet(bits: 0))
        #expect(lines.takeCalls() == ["clock", "data"])
        return wires
    }

    private func host() throws -> PeerWires<FakeLines> {
        let wires = try unsettledHost(spinNanoseconds: 0)
        try settle(wires)
        return wires
    }

    private func bridge() throws -> PeerWires<FakeLines> {
        let wires = PeerWires(
            lines, peer: .host, clockPlace: FakeLines.clock, dataPlace: FakeLines.data,
            resetPlace: FakeLines.reset, spinNanoseconds: 0)
        #expect(try wires.read() == .rest)
        #expect(lines.takeCalls() == ["clock", "data", "reset"])
        try settle(wires)
        return wires
    }

    /// Turns the clock there and back: only the level behind the first event is read, as it may be older
    /// than the first reading.
    private func settle(_ wires: PeerWires<FakeLines>) throws {
        for seen in [Level.low, .high] {
            lines.wakeUps = [{ $0.turnClock() }]
            try wires.wait(whileAt: seen, until: nil)
            _ = try wires.read()
        }
        #expect(lines.takeCalls().filter { $0 != "data" } == ["wait", "clock", "wait"])
    }

    private func levels(_ channels: Channel...) -> LevelSet {
        var levels = LevelSet(bits: 0)
        for channel in channels { levels[channel] = .high }
        return levels
    }

    @Test func aBitNeedsAWaitAndTheDataAfterIt() throws {
        let wires = try host()
        for round in 0..<4 {
            let isHigh = round.isMultiple(of: 2)
            lines.wakeUps = [{ $0.turnClock(data: isHigh ? .high : .low) }]
            try wires.wait(whileAt: isHigh ? .low : .high, until: nil)
            #expect(try wires.read() == (isHigh ? levels(.sckin, .srx) : levels()))
            #expect(lines.takeCalls() == ["wait", "data"])
        }
    }

    @Test func theClockIsReadBeforeTheData() throws {
        let wires = try host()
        lines.turnsAfterReads = 0
        #expect(try wires.read() == levels(.sckin))
        #expect(lines.takeCalls() == ["clock", "data"])
    }

    @Test func aLostEventDelaysABitAndDoesNotStallIt() throws {
        let wires = try host()
        lines.wakeUps = [
            { _ in PortWakeUp() },
            { lines in
                _ = lines.turnClock(data: .high)
                return PortWakeUp()
            },
        ]
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["wait", "clock", "wait", "clock"])
        #expect(try wires.read() == levels(.sckin, .srx))
        #expect(lines.takeCalls() == ["data"])
    }

    /// The kernel keeps the oldest sixteen events, or the youngest: what the last one tells may be old.
    @Test func whatOneOfSeveralEventsTellsIsNotBelieved() throws {
        let wires = try host()
        lines.wakeUps = [
            { _ in PortWakeUp(moved: 1, movedOnce: 0, levels: 1) },
            { $0.turnClock(events: 2, telling: .low) },
        ]
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["wait", "clock", "wait", "clock"])
        #expect(try wires.read() == levels(.sckin))
    }

    @Test func anEventOlderThanTheLastReadingIsNotBelieved() throws {
        let wires = try host()
        // Up and down again, both seen by reading.
        lines.turnsAfterReads = 0
        #expect(try wires.read() == levels(.sckin))
        lines.turnsAfterReads = 0
        #expect(try wires.read() == levels())
        _ = lines.takeCalls()
        // The event of the first edge, and then a new one; that of the second may still come.
        lines.wakeUps = [
            { _ in PortWakeUp(moved: 1, movedOnce: 1, levels: 1) }, { $0.turnClock() },
        ]
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["wait", "clock", "wait", "clock"])
        #expect(try wires.read() == levels(.sckin))
    }

    /// The clock turns at the fourth look, long before the budget of an hour is spent.
    @Test func aWaitForSomethingThatIsThereAlreadyDoesNotSleep() throws {
        let wires = try unsettledHost(spinNanoseconds: 3_600_000_000_000)
        lines.turnsAfterReads = 3
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["clock", "clock", "clock", "clock"])
        #expect(try wires.read() == levels(.sckin))
        #expect(lines.takeCalls() == ["data"])
    }

    @Test func aDeadlineThatIsPutOffCostsNothing() throws {
        let wires = try host()
        lines.wakeUps = [{ $0.turnClock() }, { $0.turnClock() }]
        try wires.wait(whileAt: .low, until: 5_000)
        _ = try wires.read()
        try wires.wait(whileAt: .high, until: 6_000)
        _ = try wires.read()
        #expect(lines.takeCalls().filter { $0.hasPrefix("timer") } == ["timer 5000"])
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["wait"])
        try wires.wait(whileAt: .low, until: 7_000)
        #expect(lines.takeCalls() == ["timer 7000", "wait"])
    }

    @Test func anEarlierDeadlineSetsTheTimerAnew() throws {
        let wires = try host()
        lines.wakeUps = [{ _ in PortWakeUp(isDue: true) }, { $0.turnClock() }]
        try wires.wait(whileAt: .low, until: 1)
        _ = lines.takeCalls()
        try wires.wait(whileAt: .low, until: 9_000)
        #expect(lines.takeCalls() == ["timer 9000", "wait"])
        _ = try wires.read()
        _ = lines.takeCalls()
        try wires.wait(whileAt: .high, until: 8_000)
        #expect(lines.takeCalls() == ["timer 8000", "wait"])
    }

    @Test func aCallEndsTheNextWait() throws {
        let wires = try host()
        wires.call()
        _ = lines.takeCalls()
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == [])
    }

    @Test func aResetEndsAWaitAndIsReadAfterIt() throws {
        let wires = try bridge()
        lines.wakeUps = [
            { lines in
                lines.levels[FakeLines.reset] = .low
                return PortWakeUp(moved: 1 << UInt32(FakeLines.reset))
            }
        ]
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["wait"])
        #expect(try wires.read() == levels())
        #expect(lines.takeCalls() == ["clock", "data", "reset"])
    }

    @Test func aLostEventOfResetIsFoundByLooking() throws {
        let wires = try bridge()
        lines.wakeUps = [
            { lines in
                lines.levels[FakeLines.reset] = .low
                return PortWakeUp()
            }
        ]
        try wires.wait(whileAt: .low, until: nil)
        #expect(lines.takeCalls() == ["wait", "clock", "reset"])
        #expect(try wires.read() == levels())
    }

    @Test func whileBitsComeResetIsReadNowAndThen() throws {
        let wires = try bridge()
        lines.levels[FakeLines.reset] = .low
        var reads = 0
        var seen = LevelSet.rest
        repeat {
            lines.wakeUps = [{ $0.turnClock() }]
            try wires.wait(whileAt: lines.levels[FakeLines.clock], until: nil)
            seen = try wires.read()
            reads += 1
        } while seen[.reset] == .high && reads < 1_000
        #expect(reads > 1 && reads <= PeerWires<FakeLines>.readsWithoutReset)
        #expect(lines.takeCalls().count { $0 == "reset" } == 1)
    }
}

/// How often it is tried to do without sleeping.
@Suite struct SpinBudgetTests {
    @Test func anEndThatIsSlowIsLookedForLessAndLess() {
        var budget = SpinBudget(nanoseconds: 1_000)
        var tries: [Int] = []
        for wait in 0..<1_000 where budget.isWorthwhile() {
            tries.append(wait)
            budget.fail()
        }
        #expect(tries.prefix(4) == [0, 1, 2, 3])
        #expect(tries.count < 25)
        budget.succeed()
        while !budget.isWorthwhile() {}
        budget.fail()
        let isTriedAgain = budget.isWorthwhile()
        #expect(isTriedAgain)
    }

    @Test func onOneProcessorItIsNeverTried() {
        var budget = SpinBudget(nanoseconds: 0)
        let isTried = budget.isWorthwhile()
        #expect(!isTried)
    }
}
#endif

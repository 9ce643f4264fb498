import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkMachineFailureTests {
    static func unsteppedPair(
        _ configuration: LinkConfiguration = Pair.quick, boot: Nanoseconds = .milliseconds(1)
    ) -> Pair {
        var world = Pair.World()
        world.writeStep = .zero
        world.bootTime = boot
        return Pair(configuration, world: world)
    }

    @Test func theWatchdogFiresExactlyItsTimeAfterTheBridgesLastToggleWasSeen() throws {
        let pair = Self.unsteppedPair()
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(3))
        pair.isBridgeFrozen = true
        let seen = try #require(pair.edges(of: .sckin).last).time + .microseconds(10)
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.watchdog)) }))
        #expect(pair.now == seen + .milliseconds(20))
        #expect(!pair.host.isStarted)
        #expect(pair.host.deadline == nil)
    }

    @Test func aNanosecondBeforeItsTimeTheWatchdogIsSilent() throws {
        let pair = Self.unsteppedPair()
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(3))
        pair.isBridgeFrozen = true
        pair.run(for: .milliseconds(1))
        var host = pair.host
        let deadline = try #require(host.deadline)
        #expect(outputs(of: &host, .timer, at: deadline - Nanoseconds(1)).isEmpty)
        #expect(host.deadline == deadline)
        #expect(outputs(of: &host, .timer, at: deadline).last == .failed(.watchdog))
    }

    @Test func aFailureLeavesBothOutputsLowAndTheQueueEmpty() {
        let pair = Self.unsteppedPair()
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(1))
        pair.isBridgeFrozen = true
        for _ in 0..<3 { pair.send("never", from: .host) }
        pair.run(for: .milliseconds(100))
        #expect(pair.edges(of: .stx).last?.level != .high)
        #expect(pair.edges(of: .sckout).last?.level != .high)
        let edges = pair.recording.edges.count
        pair.run(for: .seconds(60))
        // Nobody starts again by itself, and what was queued is forgotten.
        #expect(pair.recording.edges.count == edges)
        // What was not sent is told to be so, one by one, before the failure.
        let refusals = (0..<3).map { LinkMachine.Output.refused(tag: $0, .sessionEnded) }
        #expect(
            pair.outcomes(of: .host) == [.synchronised] + refusals + [.failed(.watchdog)])
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(50))
        #expect(pair.received(by: .bridge).isEmpty)
        #expect(pair.outcomes(of: .host).last == .synchronised)
    }

    @Test func aBridgeThatNeverTogglesGivesNoAnswer() {
        var host = LinkMachine(end: .host)
        let end = startWithoutAnswer(&host, at: .zero)
        #expect(end.outputs == [.drive(.stx, .low), .drive(.sckout, .low), .failed(.noAnswer)])
        #expect(end.time == .zero + .milliseconds(11_100))
    }

    @Test func settlingDoublesUpToItsMaximumWhileTheBridgeGivesNoAnswer() {
        var host = LinkMachine(end: .host)
        var now = Timestamp.zero
        var settlings: [Int64] = []
        for _ in 0..<7 {
            let end = startWithoutAnswer(&host, at: now)
            settlings.append((end.time - now).count / 1_000_000 - 10_100)
            now = end.time
        }
        #expect(settlings == [1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000])
    }

    /// 5 + 20 ms and 10 + 20 ms are too short for a boot of 35 ms, 20 + 20 ms are not.
    @Test func aBridgeThatBootsSlowlyIsReachedInTheEndAndSettlingStartsOver() throws {
        let pair = Self.unsteppedPair(boot: .milliseconds(35))
        pair.world.restartsHost = true
        #expect(pair.synchronise())
        #expect(
            pair.outcomes(of: .host) == [
                .failed(.noAnswer), .failed(.noAnswer), .synchronised,
            ])
        pair.isBridgeFrozen = true
        #expect(pair.run(until: { $0.outcomes(of: .host).count == 5 }))
        #expect(
            pair.outcomes(of: .host).suffix(2) == [.failed(.watchdog), .failed(.noAnswer)])
        let released = try #require(pair.edges(of: .reset).dropLast().last)
        #expect(released.level == .high)
        #expect(pair.now == released.time + .milliseconds(25))
    }

    /// Without a failure in between: only the success can have made it start over.
    @Test func successAloneMakesSettlingStartOver() {
        let pair = Self.unsteppedPair(boot: .milliseconds(27))
        pair.world.restartsHost = true
        #expect(pair.synchronise())
        #expect(pair.outcomes(of: .host) == [.failed(.noAnswer), .synchronised])
        pair.start()
        let start = pair.now
        #expect(pair.run(until: { $0.outcomes(of: .host).count == 3 }))
        #expect(pair.outcomes(of: .host).last == .failed(.noAnswer))
        #expect(pair.now == start + .milliseconds(27))
    }

    @Test func aBridgeThatWasNotResetIsNotSynchronised() {
        let pair = Self.unsteppedPair()
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(1))
        pair.world.isResetConnected = false
        pair.start()
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.notSynchronised)) }))
        #expect(pair.outcomes(of: .bridge) == [.synchronised])
        #expect(pair.bridge.isSynchronised)
    }

    @Test func aBridgeThatSendsOnlyZerosIsGivenUpAfter64Bits() {
        let end = exchange(with: { _ in .low }, bits: 200)
        #expect(end == .failedAt(bit: LinkConfiguration.synchronisationBitsMax))
    }

    @Test func aPatternThatComesLateIsStillFound() {
        let late = LinkConfiguration.synchronisationBitsMax - SyncPattern.bitCount
        let end = exchange(
            with: { Level(bit: $0 < late ? 0 : SyncPattern.bit($0 - late)) }, bits: 200)
        #expect(end == .synchronisedAt(bit: LinkConfiguration.synchronisationBitsMax))
    }

    @Test func aBridgeThatStopsWithinThePatternIsNotSynchronised() {
        var host = LinkMachine(end: .host)
        _ = outputs(of: &host, .start, at: .zero)
        _ = outputs(of: &host, .timer, at: .zero + .milliseconds(100))
        _ = outputs(of: &host, .timer, at: .zero + .milliseconds(1_100))
        let answered = Timestamp.zero + .milliseconds(1_200)
        _ = outputs(of: &host, .levels(clock: .high, data: .high), at: answered)
        #expect(host.deadline == answered + .seconds(10))
        #expect(
            outputs(of: &host, .timer, at: answered + .seconds(10)).last
                == .failed(.notSynchronised))
    }

    @Test func settlingDoesNotGrowWhenTheBridgeAnswersGarbage() {
        var host = LinkMachine(end: .host)
        var now = startWithoutAnswer(&host, at: .zero).time
        // The second start settles for 2 s; its bridge answers once.
        _ = outputs(of: &host, .start, at: now)
        now = now + .milliseconds(100)
        _ = outputs(of: &host, .timer, at: now)
        now = now + .seconds(2)
        _ = outputs(of: &host, .levels(clock: .high, data: .low), at: now)
        _ = outputs(of: &host, .timer, at: now)
        now = now + .seconds(10)
        #expect(outputs(of: &host, .timer, at: now).last == .failed(.notSynchronised))
        #expect(startWithoutAnswer(&host, at: now).time == now + .milliseconds(11_100))
    }

    @Test func theBridgeHasNoWatchdog() {
        var bridge = LinkMachine(end: .bridge)
        _ = outputs(of: &bridge, .start, at: .zero)
        _ = outputs(of: &bridge, .levels(clock: .high, data: .high), at: .zero)
        #expect(bridge.deadline == nil)
        #expect(outputs(of: &bridge, .timer, at: .zero + .seconds(1_000_000)).isEmpty)
        #expect(bridge.isStarted)
    }

    // MARK: Support

    /// Starts a host whose bridge never toggles, and follows its deadlines to the failure.
    private func startWithoutAnswer(
        _ host: inout LinkMachine, at start: Timestamp
    ) -> (time: Timestamp, outputs: [LinkMachine.Output]) {
        _ = outputs(of: &host, .start, at: start)
        var now = start
        var last: [LinkMachine.Output] = []
        while let deadline = host.deadline {
            now = deadline
            last = outputs(of: &host, .timer, at: now)
        }
        return (now, last)
    }

    private enum ExchangeEnd: Equatable {
        case failedAt(bit: Int)
        case synchronisedAt(bit: Int)
        case neither
    }

    /// Toggles the bridge's clock with the given data until the host makes up its mind; the bit
    /// told is the number of bits that the host has sampled.
    private func exchange(with bit: (Int) -> Level, bits: Int) -> ExchangeEnd {
        var host = LinkMachine(end: .host)
        _ = outputs(of: &host, .start, at: .zero)
        _ = outputs(of: &host, .timer, at: .zero + .milliseconds(100))
        let now = Timestamp.zero + .milliseconds(1_100)
        _ = outputs(of: &host, .timer, at: now)
        var clock = Level.low
        for number in 0..<bits {
            clock = clock.toggled
            let told = outputs(of: &host, .levels(clock: clock, data: bit(number)), at: now)
            if told.contains(.failed(.notSynchronised)) { return .failedAt(bit: number + 1) }
            if told.contains(.synchronised) { return .synchronisedAt(bit: number + 1) }
        }
        return .neither
    }
}

import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkMachineStartTests {
    /// Reset and settling as long as four half-rounds, so that a drawing holds them.
    static func drawnPair() -> Pair {
        var configuration = Pair.quick
        configuration.resetPulse = .microseconds(40)
        configuration.settling = .microseconds(40)
        var world = Pair.World()
        world.bootTime = .microseconds(10)
        return Pair(configuration, world: world)
    }

    // A round is two columns: the host acts in the first, the bridge in the second.
    // `E` is 0x45, on the wire 1 0 1 0 0 0 1: the host's from its bit 9, the bridge's from bit 8.
    @Test func bothEndsExchangeThePatternAndThenTheirFirstCharacters() {
        let pair = Self.drawnPair()
        pair.start()
        pair.send("E", from: .host)
        #expect(pair.run(until: { $0.bridge.isStarted }))
        pair.send("E", from: .bridge)
        pair.run(for: .milliseconds(1))
        let expected = Waveform(
            """
                             1  2  3  4  5  6  7  8  9  10 11 12 13 14 15 16
            reset   -____----------------------------------------------------
            stx     _--------__ -- -- -- __ __ -- __ -- __ -- __ __ __ -- __
            sckout  _--------__ -- __ -- __ -- __ -- __ -- __ -- __ -- __ --
            srx     ______----_ _- -- -- -_ __ _- -- -_ _- -_ __ __ _- -_ __
            sckin   ______----_ _- -_ _- -_ _- -_ _- -_ _- -_ _- -_ _- -_ _-
            """)
        let drawing = pair.drawing(
            from: Timestamp(nanoseconds: -10_000), step: .microseconds(10), columns: 41)
        #expect(drawing.rows.map(\.levels.count) == [41, 41, 41, 41, 41])
        #expect(drawing == trimmed(expected, to: 41), "\(drawing)")
        #expect(pair.received(by: .bridge) == [characters("E")])
        #expect(pair.received(by: .host) == [characters("E")])
    }

    private func trimmed(_ waveform: Waveform, to columns: Int) -> Waveform {
        var waveform = waveform
        for index in waveform.rows.indices {
            waveform.rows[index].levels = Array(waveform.rows[index].levels.prefix(columns))
        }
        return waveform
    }

    @Test func theHostDrivesDataThenClockThenPullsReset() {
        var host = LinkMachine(end: .host)
        #expect(
            outputs(of: &host, .start, at: .zero) == [
                .drive(.stx, .high), .drive(.sckout, .high), .drive(.reset, .low),
            ])
        #expect(host.deadline == .zero + .milliseconds(100))
    }

    @Test func theHostHoldsResetAndSettlesForItsConfiguredTimes() {
        var host = LinkMachine(end: .host)
        _ = outputs(of: &host, .start, at: .zero)
        let released = Timestamp.zero + .milliseconds(100)
        #expect(outputs(of: &host, .timer, at: released - Nanoseconds(1)).isEmpty)
        #expect(outputs(of: &host, .timer, at: released) == [.drive(.reset, .high)])
        #expect(host.deadline == released + .seconds(1))
        #expect(outputs(of: &host, .timer, at: released + .milliseconds(999)).isEmpty)
        #expect(outputs(of: &host, .timer, at: released + .seconds(1)).isEmpty)
        #expect(host.deadline == released + .seconds(11))
    }

    @Test func theHostLooksAtTheBridgesClockOnlyWhenItHasSettled() {
        var host = LinkMachine(end: .host)
        _ = outputs(of: &host, .start, at: .zero)
        let answer = LinkMachine.Input.levels(clock: .high, data: .high)
        #expect(outputs(of: &host, answer, at: .zero + .milliseconds(50)).isEmpty)
        _ = outputs(of: &host, .timer, at: .zero + .milliseconds(100))
        #expect(outputs(of: &host, answer, at: .zero + .milliseconds(500)).isEmpty)
        #expect(host.bitCount == 1)
        // The answer has been waiting on the wires: the host moves on without a further edge.
        #expect(
            outputs(of: &host, .timer, at: .zero + .milliseconds(1_100)) == [
                .drive(.stx, .low), .drive(.sckout, .low),
            ])
        #expect(host.bitCount == 2)
    }

    @Test func theBridgeMovesOnlyWhenTheHostsClockDiffersFromItsPhase() {
        var bridge = LinkMachine(end: .bridge)
        #expect(outputs(of: &bridge, .start, at: .zero).isEmpty)
        #expect(outputs(of: &bridge, .levels(clock: .low, data: .high), at: .zero).isEmpty)
        #expect(
            outputs(of: &bridge, .levels(clock: .high, data: .high), at: .zero) == [
                .drive(.srx, .high), .drive(.sckin, .high),
            ])
        #expect(outputs(of: &bridge, .levels(clock: .high, data: .low), at: .zero).isEmpty)
        #expect(bridge.deadline == nil)
    }

    @Test func theBridgeAnswersAHostThatWaitedForItsBoot() {
        var bridge = LinkMachine(end: .bridge)
        #expect(outputs(of: &bridge, .levels(clock: .high, data: .high), at: .zero).isEmpty)
        #expect(
            outputs(of: &bridge, .start, at: .zero) == [
                .drive(.srx, .high), .drive(.sckin, .high),
            ])
    }

    // Ref: Documentation/Protocol.md, Synchronisation: the bridge with its own bit 7, the host
    // with its own bit 8.
    @Test func theBridgeIsSynchronisedAtItsBit7AndTheHostAtItsBit8() {
        let pair = Pair()
        pair.start()
        #expect(pair.run(until: { $0.bridge.isSynchronised }))
        #expect(pair.bridge.bitCount == 8)
        #expect(!pair.host.isSynchronised)
        #expect(pair.run(until: { $0.host.isSynchronised }))
        #expect(pair.host.bitCount == 9)
        #expect(pair.outcomes(of: .host) == [.synchronised])
        #expect(pair.outcomes(of: .bridge) == [.synchronised])
    }

    @Test func aRunningBridgeTakesANewPatternForData() {
        let pair = Pair()
        #expect(pair.synchronise())
        var bridge = pair.bridge
        let before = bridge.bitCount
        var clock = pair.recording.edges.last { $0.channel == .sckout }?.level ?? .low
        for bit in 0..<64 {
            clock = clock.toggled
            let data = Level(bit: SyncPattern.bit(bit))
            let told = outputs(
                of: &bridge, .levels(clock: clock, data: data), at: pair.now)
            #expect(!told.contains(.synchronised))
        }
        #expect(bridge.isSynchronised)
        #expect(bridge.bitCount >= before + 63)
    }

    @Test func aStartWhileRunningResetsTheBridgeAndForgetsWhatWasQueued() {
        let pair = Pair()
        #expect(pair.synchronise())
        pair.send("never", from: .host)
        pair.start()
        #expect(!pair.host.isSynchronised)
        #expect(pair.run(until: { $0.host.isSynchronised }))
        pair.send("i", from: .host)
        pair.run(for: .milliseconds(50))
        #expect(pair.received(by: .bridge) == [characters("i")])
        #expect(
            pair.outcomes(of: .host) == [
                .synchronised, .refused(tag: 0, .sessionEnded), .synchronised, .sent(tag: 1),
            ])
    }

    @Test func aStopDuringTheResetReleasesTheBridgeAndLeavesNoDeadline() {
        var host = LinkMachine(end: .host)
        _ = outputs(of: &host, .start, at: .zero)
        #expect(
            outputs(of: &host, .stop, at: .zero) == [
                .drive(.stx, .low), .drive(.sckout, .low), .drive(.reset, .high),
            ])
        #expect(host.deadline == nil)
        #expect(!host.isStarted)
        #expect(outputs(of: &host, .timer, at: .zero + .seconds(100)).isEmpty)
        #expect(
            outputs(of: &host, .levels(clock: .high, data: .high), at: .zero + .seconds(100))
                .isEmpty)
    }

    @Test func aStoppedMachineHasNoDeadline() {
        for end in LinkEnd.allCases {
            #expect(LinkMachine(end: end).deadline == nil)
            #expect(!LinkMachine(end: end).isStarted)
        }
    }
}

/// Feeds one input and drains what it causes.
func outputs(
    of machine: inout LinkMachine, _ input: LinkMachine.Input, at now: Timestamp
) -> [LinkMachine.Output] {
    machine.handle(input, at: now)
    var outputs: [LinkMachine.Output] = []
    while let output = machine.nextOutput() { outputs.append(output) }
    return outputs
}

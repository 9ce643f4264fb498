import Decoding
import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct SessionDecodingTests {
    private func restart(_ pair: Pair) {
        pair.start()
        _ = pair.run(until: { $0.host.isSynchronised })
        pair.run(for: .milliseconds(1))
    }

    /// The bridge stops at its own turn, so the host's next edges cannot be a bit.
    private func freeze(_ pair: Pair) {
        while pair.recording.edges.last.map({ $0.channel != .sckout || $0.level == .low }) ?? true {
            _ = pair.step(before: pair.now + .seconds(1))
        }
        pair.isBridgeFrozen = true
    }

    @Test func aSilenceOfTheBridgeThatAResetEndsIsAWatchdog() throws {
        var configuration = Pair.quick
        configuration.watchdogTimeout = .milliseconds(300)
        var world = Pair.World()
        world.restartsHost = true
        world.writeStep = .zero
        let pair = conversation(configuration, world: world)
        freeze(pair)
        let lastToggle = try #require(pair.edges(of: .sckin).last).time
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.watchdog)) }))
        let left = pair.now
        #expect(pair.run(until: { $0.host.isSynchronised }))
        let events = events(of: pair.recording)
        #expect(events.resets.map(\.cause) == [.start, .watchdog])
        #expect(events.resets.map(\.session) == [1, 2])
        #expect(events.resets.last?.hostLeft == left)
        let watchdog = try #require(events.watchdogs.first)
        #expect(events.watchdogs.count == 1)
        #expect(watchdog.start == lastToggle)
        #expect(watchdog.session == 1)
        // The host sees the toggle 10 us late, and the reset is told at its edge.
        #expect((watchdog.silence.count - 300_010_000).magnitude < 10_000)
        #expect(events.gaps.isEmpty)
    }

    @Test func theOutageReachesFromTheLastServiceToRunning() throws {
        let pair = conversation()
        freeze(pair)
        let lastToggle = try #require(pair.edges(of: .sckin).last).time
        pair.run(for: .milliseconds(100))
        restart(pair)
        pair.send("t|5", from: .bridge)
        #expect(pair.settle())
        let events = events(of: pair.recording)
        #expect(events.runnings.map(\.session) == [1, 2])
        #expect(events.runnings.first?.lastService == nil)
        #expect(events.runnings.last?.lastService == lastToggle)
        #expect(events.runnings.last?.time == events.frames.last?.end)
    }

    @Test func aFatalStatusIsTheCauseOfTheResetThatFollows() {
        for (text, status) in [("t|8", Status.brokerFail), ("t|6|what|this", .unknown)] {
            let pair = conversation()
            pair.send(text, from: .bridge)
            #expect(pair.settle())
            restart(pair)
            #expect(
                events(of: pair.recording).resets.map(\.cause) == [.start, .fatalStatus(status)])
        }
    }

    @Test func wifiDownIsFatalOnlyBeforeRunning() {
        let early = Pair()
        #expect(early.synchronise())
        early.send("t|10", from: .bridge)
        #expect(early.settle())
        restart(early)
        #expect(events(of: early.recording).resets.last?.cause == .fatalStatus(.wifiDown))
        let late = conversation()
        late.send("t|10", from: .bridge)
        #expect(late.settle())
        restart(late)
        #expect(events(of: late.recording).resets.last?.cause == .hostRestart)
    }

    @Test func aHealthyLinkThatIsResetWasRestartedByItsHost() {
        for steps in 0..<12 {
            let pair = conversation()
            for _ in 0..<steps { _ = pair.step(before: pair.now + .seconds(1)) }
            restart(pair)
            let events = events(of: pair.recording)
            #expect(events.resets.map(\.cause) == [.start, .hostRestart])
            #expect(events.gaps.isEmpty, "\(steps)")
            #expect(events.stops.isEmpty, "\(steps)")
            #expect(events.said.count == conversationLines.count)
        }
    }

    @Test func aBridgeThatNeverAnsweredIsNotSynchronised() {
        var world = Pair.World()
        world.restartsHost = true
        world.bootTime = .milliseconds(35)
        let pair = Pair(world: world)
        #expect(pair.synchronise())
        converse(on: pair)
        let events = events(of: pair.recording)
        #expect(
            events.resets.map(\.cause) == [.start, .noSynchronisation, .noSynchronisation])
        #expect(events.said == conversationLines.map { "\($0.0): \($0.1)" })
        #expect(events.frames.allSatisfy { $0.session == 3 })
        #expect(events.synchronisations.map(\.session) == [3, 3])
    }

    @Test func aResetForgetsRequestsAndRunning() {
        let pair = conversation()
        pair.send("p|a|unanswered|1|0", from: .host)
        pair.send("t|3", from: .bridge)
        #expect(pair.settle())
        restart(pair)
        pair.send("1", from: .host)
        pair.send("t|4", from: .bridge)
        #expect(pair.settle())
        let messages = events(of: pair.recording).messages.filter { $0.frame.session == 2 }
        #expect(messages.count == 2)
        #expect(messages.allSatisfy { $0.isBeforeRunning && $0.request == nil })
        #expect(Set(messages.map(\.typeName)) == ["command", "status"])
    }

    @Test func aFrameCutOffByAResetIsUnfinishedWithTheBitsOfItsLastCharacter() throws {
        let pair = conversation()
        freeze(pair)
        pair.isBridgeFrozen = false
        pair.send(String(repeating: "\u{7f}", count: 30), from: .host)
        pair.run(for: .milliseconds(2))
        while pair.recording.edges.last?.channel != .sckout {
            _ = pair.step(before: pair.now + .seconds(1))
        }
        let bits = pair.edges(of: .sckout).count
        restart(pair)
        let cut = try #require(events(of: pair.recording).frames.last)
        #expect(cut.condition == .unfinished)
        #expect(cut.session == 1)
        let sent = bits - Int(cut.firstBit)
        #expect(cut.text == [UInt8](repeating: 0x7f, count: sent / 7))
        #expect((cut.partial?.count ?? 0) == sent % 7)
        #expect((cut.partial?.bits ?? 0) == (1 << UInt8(sent % 7)) - 1)
    }

    @Test func aFrameThatTheCaptureCutsOffIsUnfinished() throws {
        let recording = conversation().recording
        let publish = try #require(events(of: recording).frames.first { $0.from == .host })
        let middle = try #require(
            recording.edges.firstIndex { $0.time > publish.start + .microseconds(300) })
        let frame = try #require(events(of: recording.prefix(middle)).frames.last)
        #expect(frame.condition == .unfinished)
        #expect(frame.start == publish.start)
        #expect(publish.text.starts(with: frame.text))
        #expect(!frame.text.isEmpty)
    }

    /// The host's watchdog fires, and nobody starts it again.
    @Test func aHostThatFallsSilentForGoodHasStopped() throws {
        let pair = conversation()
        freeze(pair)
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.watchdog)) }))
        let left = pair.now
        pair.run(for: .seconds(3))
        let events = events(of: pair.recording, end: pair.now)
        let stop = try #require(events.stops.first)
        #expect(stop.end == .host)
        #expect(stop.session == 1)
        #expect(stop.time == left)
        #expect(events.gaps.isEmpty)
    }

    /// Without a silence before it, a stop at the end of a capture looks like a lost toggle of the
    /// other end: it is told as a gap, which claims less.
    @Test func aStopAtOnceAtTheEndOfACaptureIsToldAsAGap() {
        let pair = conversation()
        while pair.recording.edges.last.map({ $0.channel != .sckout || $0.level == .low }) ?? true {
            _ = pair.step(before: pair.now + .seconds(1))
        }
        pair.stop()
        pair.run(for: .seconds(3))
        let events = events(of: pair.recording, end: pair.now)
        #expect(events.stops.isEmpty)
        #expect(events.gaps.count == 1)
    }

    @Test func edgesOfTheBridgeDuringAResetMeanNothing() {
        let pair = Pair()
        pair.start()
        for channel in [Channel.sckin, .srx, .sckin, .srx, .srx, .srx] {
            pair.run(for: .microseconds(150))
            let level = pair.edges(of: channel).last?.level ?? .low
            pair.force(channel, level.toggled)
        }
        #expect(pair.run(until: { $0.host.isSynchronised }))
        converse(on: pair)
        let events = events(of: pair.recording)
        #expect(events.said == conversationLines.map { "\($0.0): \($0.1)" })
        #expect(events.gaps.isEmpty)
        #expect(events.resets.count == 1)
    }
}

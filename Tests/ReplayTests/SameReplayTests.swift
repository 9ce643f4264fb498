import Decoding
import LinkProtocol
import LinkTesting
import Replay
import Signals
import Testing

/// What both ends did, both machines do again.
@Suite struct SameReplayTests {
    private func expectSame(
        _ replayed: Replayed, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for end in LinkEnd.allCases {
            #expect(
                replayed[end].verdict == .same, "\(end): \(replayed[end].story)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func aConversationReplaysFromBothEnds() {
        let pair = conversation()
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.host.sentFrames == 3)
        #expect(replayed.host.receivedFrames == 4)
        #expect(replayed.bridge.sentFrames == 4)
        #expect(replayed.bridge.receivedFrames == 3)
        #expect(replayed.host.conclusions == ["start": 1])
        #expect(replayed.bridge.conclusions == ["boot": 1])
        let own = pair.recording.edges.filter { [.reset, .stx, .sckout].contains($0.channel) }
        #expect(replayed.host.comparedEdges == Int64(own.count))
        #expect(replayed.bridge.comparedEdges == Int64(pair.recording.edges.count - own.count))
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func theTimesOfTheAnswersDoNotMatter(seed: UInt64) {
        var world = Pair.World()
        world.seed = seed
        world.hostDelay = 1_000...300_000
        world.bridgeDelay = 1_000...200_000
        expectSame(replay(conversation(world: world).recording))
    }

    @Test(arguments: CharacterSize.allCases)
    func bothCharacterSizesReplay(size: CharacterSize) {
        var configuration = Pair.quick
        configuration.characterSize = size
        expectSame(replay(conversation(configuration).recording, size: size))
    }

    @Test func theHostsRestsDoNotMatter() {
        var configuration = Pair.quick
        configuration.idlePause = .milliseconds(1)
        expectSame(replay(conversation(configuration).recording))
    }

    @Test(arguments: [1, 2, 7, 100])
    func theLengthOfBatchesDoesNotMatter(count: Int) {
        expectSame(replay(conversation().recording.split(every: count)))
    }

    @Test func aWatchdogRestartReplays() {
        var world = Pair.World()
        world.restartsHost = true
        let pair = conversation(world: world)
        pair.isBridgeFrozen = true
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.watchdog)) }))
        #expect(pair.run(until: { $0.host.isSynchronised }))
        converse(on: pair)
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.host.sessions == 2)
        #expect(replayed.host.sentFrames == 6)
        #expect(replayed.bridge.sentFrames == 8)
        #expect(replayed.host.conclusions["start"] == 1)
        #expect(replayed.bridge.conclusions["boot"] == 2)
    }

    /// Silences of 100 ms and more count as a watchdog's, see the decoder.
    @Test func aWatchdogOfRealisticTimeIsConcludedAndItsTimeTold() {
        var configuration = Pair.quick
        configuration.watchdogTimeout = .milliseconds(300)
        var world = Pair.World()
        world.restartsHost = true
        let pair = conversation(configuration, world: world)
        pair.isBridgeFrozen = true
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.watchdog)) }))
        #expect(pair.run(until: { $0.host.isSynchronised }))
        pair.run(for: .milliseconds(20))
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.host.conclusions == ["start": 1, "watchdog": 1])
        #expect(replayed.host.watchdogTimeout == .milliseconds(300))
        // The bridge froze with its clock high, and the reset circuit pulled it down.
        #expect(replayed.bridge.conclusions == ["boot": 2, "freeze": 1, "resetEdge": 1])
    }

    @Test func aRestartByTheHostReplays() {
        let pair = conversation()
        pair.start()
        #expect(pair.run(until: { $0.host.isSynchronised }))
        converse(on: pair)
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.host.conclusions == ["start": 1, "restart": 1])
    }

    @Test func anUnfinishedFrameAtAResetReplays() {
        for bits in 1...40 {
            let pair = conversation()
            pair.send("p|topic|cut off|1|0", from: .host)
            pair.send("u|topic|cut off as well|False", from: .bridge)
            pair.run(for: .microseconds(Int64(bits) * 20 + 3))
            pair.start()
            #expect(pair.run(until: { $0.host.isSynchronised }))
            pair.send("i", from: .host)
            pair.run(for: .milliseconds(3))
            let replayed = replay(pair.recording)
            expectSame(replayed)
        }
    }

    @Test func aSlowBootWithoutAnswerReplays() {
        var world = Pair.World()
        world.restartsHost = true
        world.bootTime = .milliseconds(35)
        let pair = Pair(world: world)
        #expect(pair.synchronise())
        #expect(pair.outcomes(of: .host).contains(.failed(.noAnswer)))
        converse(on: pair)
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.host.sessions == 3)
        #expect(replayed.bridge.sentFrames == 4)
    }

    @Test func aBridgeThatWasNotResetReplaysUpToTheHostsSurrender() {
        let pair = conversation()
        pair.world.isResetConnected = false
        pair.start()
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.notSynchronised)) }))
        pair.world.isResetConnected = true
        pair.start()
        #expect(pair.run(until: { $0.host.isSynchronised }))
        pair.run(for: .milliseconds(2))
        let replayed = replay(pair.recording)
        #expect(replayed.host.verdict == .same, "\(replayed.host.story)")
    }

    @Test func edgesOfTheBridgeDuringAResetAreItsOwnAffair() {
        let pair = Pair()
        pair.start()
        for channel in [Channel.sckin, .srx, .sckin, .srx, .srx] {
            pair.run(for: .microseconds(150))
            let level = pair.edges(of: channel).last?.level ?? .low
            pair.force(channel, level.toggled)
        }
        pair.run(for: .microseconds(150))
        pair.force(.srx, .low)
        #expect(pair.run(until: { $0.host.isSynchronised }))
        converse(on: pair)
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.bridge.conclusions == ["boot": 1, "resetEdge": 6])
    }

    @Test func framesOfThousandsOfCharactersReplay() {
        var random = Seeded(11)
        let pair = Pair()
        #expect(pair.synchronise())
        pair.send([UInt8(ascii: "?")] + random.text(3_000, largest: 0x7e), from: .host)
        pair.send(characters("u|topic|") + random.text(2_000, largest: 0x7e), from: .bridge)
        #expect(pair.settle())
        let replayed = replay(pair.recording)
        expectSame(replayed)
        #expect(replayed.host.sentFrames == 1)
        #expect(replayed.bridge.sentFrames == 1)
    }

    @Test(arguments: [UInt64(1), 2])
    func anyCharactersReplay(seed: UInt64) {
        var random = Seeded(seed)
        var world = Pair.World()
        world.seed = seed
        world.hostDelay = 5_000...50_000
        let pair = Pair(world: world)
        #expect(pair.synchronise())
        for _ in 0..<60 {
            pair.send(random.text(1 + random.below(20)), from: random.flag() ? .host : .bridge)
            pair.run(for: .microseconds(Int64(random.below(3_000))))
        }
        #expect(pair.settle())
        expectSame(replay(pair.recording))
    }

    /// From the second start on there is something to compare at both ends.
    @Test func aCaptureThatEndsAnywhereReplays() {
        let pair = Pair()
        #expect(pair.synchronise())
        pair.send("i", from: .host)
        pair.send("t|5", from: .bridge)
        #expect(pair.settle())
        pair.send("p|a|b|1|0", from: .host)
        pair.run(for: .microseconds(600))
        pair.start()
        #expect(pair.run(until: { $0.host.isSynchronised }))
        pair.send("m", from: .host)
        #expect(pair.settle())
        let recording = pair.recording
        let resets = recording.edges.indices.filter { recording.edges[$0].channel == .reset }
        for count in 1...min(1_400, recording.edges.count) {
            let replayed = replay(recording.prefix(count))
            // A stop without the reset that explains it could be anything.
            let isBeforeReset = resets.contains { count <= $0 && count >= $0 - 3 }
            for end in LinkEnd.allCases {
                let result = replayed[end]
                // Before the end's first edge there is nothing to compare.
                let allowed =
                    result.verdict == .same || result.comparedEdges == 0 || isBeforeReset
                if !allowed || result.divergence != nil {
                    Issue.record("\(end), \(count) edges: \(result.story)")
                    return
                }
            }
        }
    }

    /// The host's watchdog has fired, and nobody starts it again.
    @Test func aHostThatGivesUpForGoodReplays() {
        let pair = conversation()
        while pair.recording.edges.last.map({ $0.channel != .sckout || $0.level == .low }) ?? true {
            _ = pair.step(before: pair.now + .seconds(1))
        }
        pair.isBridgeFrozen = true
        pair.run(for: .seconds(2))
        let replayed = replay(pair.recording, end: pair.now)
        expectSame(replayed)
        #expect(replayed.host.conclusions == ["start": 1, "stop": 1])
    }
}

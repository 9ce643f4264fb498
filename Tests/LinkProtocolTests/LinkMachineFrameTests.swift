import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkMachineFrameTests {
    static func pair(_ size: CharacterSize, seed: UInt64 = 1) -> Pair {
        var configuration = Pair.quick
        configuration.characterSize = size
        var world = Pair.World()
        world.seed = seed
        world.hostDelay = 2_000...40_000
        world.bridgeDelay = 1_000...90_000
        return Pair(configuration, world: world)
    }

    @Test(arguments: CharacterSize.allCases, [UInt64(1), 2, 3])
    func framesCrossBothWaysInTheirOrder(size: CharacterSize, seed: UInt64) {
        let pair = Self.pair(size, seed: seed)
        var random = Seeded(seed)
        var sent: [LinkEnd: [[UInt8]]] = [.host: [], .bridge: []]
        #expect(pair.synchronise())
        for _ in 0..<40 {
            let end: LinkEnd = random.flag() ? .host : .bridge
            let frame = random.text(1 + random.below(30), largest: size.largest)
            pair.send(frame, from: end)
            sent[end]?.append(frame)
            if random.below(3) == 0 { pair.run(for: .milliseconds(Int64(random.below(20)))) }
        }
        #expect(pair.settle())
        #expect(pair.received(by: .bridge) == sent[.host])
        #expect(pair.received(by: .host) == sent[.bridge])
    }

    @Test(arguments: CharacterSize.allCases)
    func everyCharacterCrosses(size: CharacterSize) {
        let pair = Self.pair(size)
        #expect(pair.synchronise())
        let all = (1...size.largest).map { $0 }
        pair.send(all, from: .host)
        pair.send(Array(all.reversed()), from: .bridge)
        #expect(pair.settle())
        #expect(pair.received(by: .bridge) == [all])
        #expect(pair.received(by: .host) == [Array(all.reversed())])
    }

    /// `A` is 0x41: on the wire 1 0 0 0 0 0 1. The first character of the host is its bit 9.
    @Test func betweenTwoQueuedFramesIsExactlyOneZero() {
        let pair = Pair()
        pair.start()
        pair.send("AA", from: .host)
        pair.send("A", from: .host)
        pair.send("A", from: .host)
        #expect(pair.settle())
        let bits = driven(by: .host, in: pair)
        let a = "1000001"
        let zero = "0000000"
        #expect(text(bits.prefix(9)) == "101110010")
        #expect(
            text(bits.dropFirst(9).prefix(56)) == a + a + zero + a + zero + a + zero + zero)
    }

    @Test func anIdleLinkTogglesForEver() {
        let pair = Pair()
        #expect(pair.synchronise())
        let before = pair.host.bitCount
        pair.run(for: .milliseconds(20))
        #expect(pair.host.bitCount - before == 1_000)
        #expect(driven(by: .host, in: pair).dropFirst(8).allSatisfy { $0 == 0 })
        #expect(driven(by: .bridge, in: pair).dropFirst(8).allSatisfy { $0 == 0 })
    }

    @Test func aFrameOfTenThousandCharactersCrosses() {
        var random = Seeded(9)
        let frame = random.text(10_000)
        let pair = Pair()
        #expect(pair.synchronise())
        pair.send(frame, from: .host)
        pair.send(frame, from: .bridge)
        #expect(pair.settle())
        #expect(pair.received(by: .bridge) == [frame])
        #expect(pair.received(by: .host) == [frame])
    }

    @Test func charactersBeyondTheLimitAreDroppedAndCounted() {
        var configuration = Pair.quick
        configuration.frameLengthMax = 4
        let pair = Pair(configuration)
        #expect(pair.synchronise())
        pair.send("abcdef", from: .host)
        pair.send("abcd", from: .host)
        #expect(pair.settle())
        let frames = pair.told.map(\.output).filter { output in
            if case .received = output { true } else { false }
        }
        #expect(
            frames == [
                .received(frame: characters("abcd"), droppedCharacters: 2),
                .received(frame: characters("abcd"), droppedCharacters: 0),
            ])
    }

    @Test func anEmptyFrameIsRefused() {
        #expect(refusal(of: []) == .refused(tag: 7, .empty))
    }

    @Test func aFrameIsRefusedAtItsFirstUnsendableCharacter() {
        #expect(
            refusal(of: [1, 0x7f, 0x80, 0])
                == .refused(tag: 7, .unsendable(offset: 2, character: 0x80)))
        #expect(
            refusal(of: [1, 0, 0x80]) == .refused(tag: 7, .unsendable(offset: 1, character: 0)))
        #expect(
            refusal(of: [0xff, 0], .eight)
                == .refused(tag: 7, .unsendable(offset: 1, character: 0)))
        #expect(refusal(of: [0x80], .eight) == nil)
    }

    @Test func aFrameForALinkThatWasNotStartedIsRefused() {
        for end in LinkEnd.allCases {
            var machine = LinkMachine(end: end)
            #expect(
                outputs(of: &machine, .send(frame: [1], tag: 3), at: .zero) == [
                    .refused(tag: 3, .notStarted)
                ])
        }
    }

    @Test func whatDoesNotFitTheQueueIsRefusedAndTheRestArrives() {
        var configuration = Pair.quick
        configuration.queueLimits = .init(frameCountMax: 3, characterCountMax: 10)
        let pair = Pair(configuration)
        pair.start()
        for frame in ["abcd", "efgh", "ijk", "ij", "k"] { pair.send(frame, from: .host) }
        #expect(
            pair.outcomes(of: .host) == [
                .refused(tag: 2, .queueCharactersFull(limit: 10)),
                .refused(tag: 4, .queueFull(limit: 3)),
            ])
        pair.run(for: .milliseconds(60))
        #expect(pair.received(by: .bridge).map(drawn) == ["abcd", "efgh", "ij"])
    }

    /// The closing zero of a first frame of one character is the host's bits 16 ... 22.
    @Test func aFrameCountsAsSentWhenThePeerHasSampledItsLastBit() throws {
        var world = Pair.World()
        world.writeStep = .zero
        let pair = Pair(world: world)
        pair.start()
        let tag = pair.send("E", from: .host)
        #expect(pair.settle())
        let told = try #require(pair.told.first { $0.output == .sent(tag: tag) })
        let toggles = pair.edges(of: .sckout)
        // The edge of bit 23 answers the bridge's toggle by which it sampled bit 22.
        #expect(told.time == toggles[23].time)
        let received = try #require(pair.told.first { $0.end == .bridge && $0.time <= told.time })
        #expect(received.time < told.time)
        #expect(pair.told.last { $0.end == .bridge }?.time == toggles[22].time + .microseconds(10))
    }

    @Test func tagsComeBackOnceAndInOrder() {
        let pair = Self.pair(.seven)
        #expect(pair.synchronise())
        let tags = (0..<20).map { _ in pair.send("xy", from: .bridge) }
        #expect(pair.settle())
        #expect(
            pair.outcomes(of: .bridge) == [.synchronised] + tags.map { .sent(tag: $0) })
    }

    @Test func framesQueuedBeforeSynchronisationFollowIt() {
        let pair = Pair()
        pair.start()
        pair.send("early", from: .host)
        #expect(pair.settle())
        #expect(pair.received(by: .bridge).map(drawn) == ["early"])
    }

    // MARK: Support

    private func refusal(
        of frame: [UInt8], _ size: CharacterSize = .seven
    ) -> LinkMachine.Output? {
        var configuration = LinkConfiguration()
        configuration.characterSize = size
        var machine = LinkMachine(end: .host, configuration: configuration)
        _ = outputs(of: &machine, .start, at: .zero)
        return outputs(of: &machine, .send(frame: frame, tag: 7), at: .zero).first
    }

    /// An end's data at each of its clock edges.
    private func driven(by end: LinkEnd, in pair: Pair) -> [UInt8] {
        var data: Level = .low
        var bits: [UInt8] = []
        for edge in pair.recording.edges {
            if edge.channel == end.data { data = edge.level }
            if edge.channel == end.clock { bits.append(data.rawValue) }
        }
        return bits
    }

    private func text(_ bits: some Sequence<UInt8>) -> String {
        bits.map { "\($0)" }.joined()
    }
}

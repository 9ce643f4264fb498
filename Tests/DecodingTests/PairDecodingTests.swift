import Decoding
import LinkProtocol
import LinkTesting
import Signals
import Testing

/// What two machines said to each other is what the decoder reads off their wires.
@Suite struct PairDecodingTests {
    private let expected = conversationLines.map { "\($0.0): \($0.1)" }

    @Test(arguments: CharacterSize.allCases)
    func theFramesSentAreTheFramesDecoded(size: CharacterSize) {
        var configuration = Pair.quick
        configuration.characterSize = size
        var decoding = WireDecoder.Configuration()
        decoding.characterSize = size
        let events = events(
            of: conversation(configuration).recording, configuration: decoding)
        #expect(events.said == expected)
        #expect(events.frames.allSatisfy { $0.condition == .whole && $0.session == 1 })
        #expect(events.gaps.isEmpty)
        #expect(events.stops.isEmpty)
    }

    @Test func eightBitCharactersKeepTheirTopBit() {
        var configuration = Pair.quick
        configuration.characterSize = .eight
        var decoding = WireDecoder.Configuration()
        decoding.characterSize = .eight
        let pair = Pair(configuration)
        #expect(pair.synchronise())
        let frame: [UInt8] = [0x80, 0xff, 0x01, 0xc3, 0xa9]
        pair.send(frame, from: .host)
        #expect(pair.settle())
        #expect(
            events(of: pair.recording, configuration: decoding).frames.map(\.text) == [frame])
    }

    @Test(arguments: [1, 2, 3, 64])
    func theLengthOfBatchesDoesNotMatter(count: Int) {
        let recording = conversation().recording
        let whole = events(of: recording)
        #expect(events(of: recording.split(every: count)) == whole)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func neitherDelaysNorRestsMatter(seed: UInt64) {
        var world = Pair.World()
        world.seed = seed
        world.hostDelay = 1_000...400_000
        world.bridgeDelay = 1_000...100_000
        var configuration = Pair.quick
        configuration.idlePause = .microseconds(700)
        let events = events(of: conversation(configuration, world: world).recording)
        #expect(events.said == expected)
        #expect(events.gaps.isEmpty)
    }

    /// The clock edges are counted independently here: bit n of an end is its nth clock edge.
    @Test func aFrameReachesFromItsFirstBitToTheLastOfItsClosingZero() {
        let recording = conversation().recording
        for frame in events(of: recording).frames {
            let toggles = recording.edges.filter { $0.channel == frame.from.clock }
            let first = Int(frame.firstBit)
            let width = 7
            #expect(frame.start == toggles[first].time)
            #expect(frame.end == toggles[first + (frame.text.count + 1) * width - 1].time)
            let origin = SyncPattern.firstCharacterBit(of: frame.from)
            #expect((first - origin) % width == 0)
            var data = Level.low
            var bits: [UInt8] = []
            for edge in recording.edges {
                if edge.channel == frame.from.data { data = edge.level }
                if edge.channel == frame.from.clock { bits.append(data.rawValue) }
            }
            for (index, character) in frame.text.enumerated() {
                let place = first + index * width
                let read = (0..<width).reduce(UInt8(0)) { $0 | bits[place + $1] << UInt8($1) }
                #expect(read == character)
            }
        }
    }

    @Test func theStartIsToldWithItsTimes() throws {
        let recording = conversation().recording
        let events = events(of: recording)
        let reset = try #require(events.resets.first)
        #expect(events.resets.count == 1)
        #expect(reset.hostLeft == recording.edges[0].time)
        #expect(reset.start == recording.edges[2].time)
        #expect(
            reset.end == recording.edges.first { $0.channel == .reset && $0.level == .high }?.time)
        #expect(reset.cause == .start)
        #expect(reset.session == 1)
    }

    @Test func eachEndsPatternIsCompleteWithItsBit7() {
        let recording = conversation().recording
        let found = events(of: recording).synchronisations
        #expect(found.map(\.from) == [.host, .bridge])
        #expect(found.map(\.completesSession) == [false, true])
        for event in found {
            let toggles = recording.edges.filter { $0.channel == event.from.clock }
            #expect(event.time == toggles[7].time)
            #expect(event.session == 1)
        }
    }

    @Test func answersBelongToTheOldestRequestOfTheirKind() throws {
        let pair = Pair()
        #expect(pair.synchronise())
        for (end, text) in [
            (LinkEnd.bridge, "t|5"), (.host, "p|a|1|1|0"), (.host, "i"), (.host, "p|a|2|1|1"),
            (.bridge, "i|7"), (.bridge, "t|4"), (.bridge, "t|4"), (.bridge, "t|4"),
        ] {
            pair.send(text, from: end)
            #expect(pair.settle())
        }
        let messages = events(of: pair.recording).messages
        let answers = messages.suffix(4).map(\.request)
        #expect(
            answers.map { $0?.kind } == [.time, .publish(.atMostOnce), .publish(.atLeastOnce), nil])
        #expect(answers[0]?.start == messages[2].frame.start)
        #expect(answers[1]?.end == messages[1].frame.end)
        #expect(answers[2]?.end == messages[3].frame.end)
        #expect(messages[5].latency == messages[5].frame.end - messages[1].frame.end)
        #expect(messages[7].latency == nil)
    }

    @Test func whatWasSentBeforeRunningIsMarked() {
        let pair = Pair()
        #expect(pair.synchronise())
        for (end, text) in [
            (LinkEnd.host, "p|a|early|1|0"), (.bridge, "t|4"), (.bridge, "t|5"),
            (.host, "p|a|late|1|0"), (.bridge, "t|4"),
        ] {
            pair.send(text, from: end)
            #expect(pair.settle())
        }
        let messages = events(of: pair.recording).messages
        #expect(messages.map(\.isBeforeRunning) == [true, true, true, false, false])
        #expect(messages.map { $0.request?.wasBeforeRunning } == [nil, true, nil, nil, false])
    }

    @Test func theAnswerToSpecnetIsOneOnlyWhileItIsDue() {
        let pair = Pair()
        #expect(pair.synchronise())
        for (end, text) in [
            (LinkEnd.host, "1"), (.bridge, "t|3"), (.host, "1"), (.host, "1"),
        ] {
            pair.send(text, from: end)
            #expect(pair.settle())
        }
        #expect(
            events(of: pair.recording).messages.map(\.typeName) == [
                "command", "status", "answer", "command",
            ])
    }

    @Test func objectModeTakesJSONAndNothingElse() {
        let pair = Pair()
        #expect(pair.synchronise())
        for text in ["{\"a\": [1, 2]}", "17", "{\"a\": ", "null"] {
            pair.send(text, from: .host)
            pair.send(text, from: .bridge)
            #expect(pair.settle())
        }
        var configuration = WireDecoder.Configuration()
        configuration.vocabulary = .json
        let messages = events(of: pair.recording, configuration: configuration).messages
        for end in LinkEnd.allCases {
            #expect(
                messages.filter { $0.frame.from == end }.map(\.typeName) == [
                    "object", "object", "malformed", "object",
                ])
        }
    }

    @Test func aFrameBeyondTheLimitIsAFragmentThatCountsWhatItDropped() throws {
        let pair = Pair()
        #expect(pair.synchronise())
        pair.send(String(repeating: "a", count: 100), from: .host)
        pair.send("i", from: .host)
        #expect(pair.settle())
        var configuration = WireDecoder.Configuration()
        configuration.frameLengthMax = 16
        let messages = events(of: pair.recording, configuration: configuration).messages
        #expect(messages.map(\.typeName) == ["fragment", "time"])
        #expect(messages[0].frame.text.count == 16)
        #expect(messages[0].frame.droppedCharacters == 84)
    }

    @Test func trafficAddsUpToTheBitsOfBothEnds() {
        let recording = conversation().recording
        var hostBits: Int64 = 0
        var bridgeBits: Int64 = 0
        var last = Timestamp.zero
        for event in events(of: recording) {
            guard case .traffic(let interval) = event else { continue }
            #expect(interval.start == last)
            last = interval.end
            hostBits += interval.hostBits
            bridgeBits += interval.bridgeBits
        }
        #expect(last == recording.edges.last?.time)
        #expect(hostBits == Int64(recording.edges.count { $0.channel == .sckout }))
        #expect(bridgeBits == Int64(recording.edges.count { $0.channel == .sckin }))
    }

    /// The answers of this pair take 10 us each way, in every bin of both tallies.
    @Test func turnRoundsAreTallied() {
        var world = Pair.World()
        world.writeStep = .zero
        world.bridgeDelay = 30_000...30_000
        let batch = conversation(world: world).recording
        var decoder = LinkDecoder()
        decoder.decode(batch)
        #expect(decoder.wires.edgeCount == Int64(batch.edges.count))
        for (tally, span) in [
            (decoder.wires.hostTurnRound, Int64(10_000)), (decoder.wires.bridgeTurnRound, 30_000),
        ] {
            let bins = tally.bins
            #expect(bins.count == 1)
            #expect(abs((bins.first?.span.count ?? 0) - span) <= span / 250)
        }
    }

    @Test(arguments: [Int64(10_000), 100_000])
    func edgesThatShareASampleArePutInOrder(nanoseconds: Int64) {
        let pair = conversation()
        let recording = pair.recording
        let first = Int64(nanoseconds)
        var world = Pair.World()
        // Slower than the instrument: at most one toggle of each end in a sample.
        world.hostDelay = first...(first * 3)
        world.bridgeDelay = first...(first * 2)
        let slow = conversation(world: world).recording
        let events = events(of: slow.sampled(every: Nanoseconds(nanoseconds)))
        #expect(events.said == expected)
        #expect(events.gaps.isEmpty)
        #expect(Set(recording.edges.map(\.channel)).count == 5)
    }
}

import Decoding
import LinkProtocol
import LinkTesting
import Signals
import Testing

/// Every frame of these conversations that has `secret` in it loses that word.
@Suite struct EdgeScrubberTests {
    private static let secret = characters("s3cr\u{1}t~")

    /// A start, and frames of both ends with and without the secret.
    private static func recording(_ size: CharacterSize = .seven) -> EdgeBatch {
        var configuration = Pair.quick
        configuration.characterSize = size
        let pair = Pair.synchronised(configuration)
        let word = String(decoding: secret, as: UTF8.self)
        for (end, text) in [
            (LinkEnd.bridge, "t|2"), (.host, "init|net|\(word)|host"), (.bridge, "\(word)|\(word)"),
            (.host, "p|a|b|1|0"), (.host, word), (.bridge, "t|4"),
        ] {
            pair.send(text, from: end)
            _ = pair.settle()
        }
        return pair.recording
    }

    private func configuration(_ size: CharacterSize) -> WireDecoder.Configuration {
        var configuration = WireDecoder.Configuration()
        configuration.characterSize = size
        return configuration
    }

    /// The batches with the secret replaced in every frame that shows it.
    private func scrubbed(
        _ batches: [EdgeBatch], size: CharacterSize = .seven, of secret: [UInt8] = Self.secret
    ) -> (batches: [EdgeBatch], count: Int) {
        var scrubber = EdgeScrubber(size: size)
        let frames = events(of: batches, configuration: configuration(size)).frames
        for frame in frames.sorted(by: { $0.start < $1.start }) {
            scrubber.rewrite(frame.text.ranges(of: secret), of: frame)
        }
        var written: [EdgeBatch] = []
        var output = EdgeBatch()
        for batch in batches {
            if batch.gap != nil {
                scrubber.finish(into: &output)
                written.append(output)
            }
            scrubber.scrub(batch, into: &output)
            written.append(output)
        }
        scrubber.finish(into: &output)
        written.append(output)
        return (written, scrubber.characterCount)
    }

    private func replaced(_ text: [UInt8], _ secret: [UInt8] = Self.secret) -> [UInt8] {
        var text = text
        for range in text.ranges(of: secret) {
            for place in range { text[place] = EdgeScrubber.replacement }
        }
        return text
    }

    @Test(arguments: CharacterSize.allCases)
    func theSecretBecomesXAndNothingElseDecodesDifferently(size: CharacterSize) {
        let recording = Self.recording(size)
        let (copy, count) = scrubbed([recording], size: size)
        #expect(count == 4 * Self.secret.count)
        let before = events(of: recording, configuration: configuration(size))
        let after = events(of: copy, configuration: configuration(size))
        #expect(after.frames.contains { $0.text == characters("init|net|xxxxxxx|host") })
        #expect(after.frames.contains { $0.text == characters("xxxxxxx|xxxxxxx") })
        #expect(before.count == after.count)
        var expected = before.frames
        for index in expected.indices { expected[index].text = replaced(expected[index].text) }
        #expect(after.frames == expected)
        #expect(before.synchronisations == after.synchronisations)
        #expect(after.gaps.isEmpty)
    }

    @Test func noEdgeMovesButThoseOfTheDataWires() {
        var recording = Self.recording()
        // Channels that are no wires, between data and clock and elsewhere.
        let extra = Channel(masking: 11)
        var level = Level.low
        recording.edges = recording.edges.enumerated().flatMap { index, edge in
            guard index % 3 == 0 else { return [edge] }
            level = level.toggled
            return [edge, Edge(time: edge.time, channel: extra, level: level)]
        }
        let edges = scrubbed([recording]).batches.flatMap(\.edges)
        for channel in [.reset, .sckout, .sckin, extra] as [Channel] {
            #expect(
                edges.filter { $0.channel == channel }
                    == recording.edges.filter { $0.channel == channel })
        }
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test func everyEdgeTogglesItsChannel() {
        var levels = LevelSet.rest
        var repetitions = 0
        for batch in scrubbed(Self.recording().split(every: 7)).batches {
            #expect(batch.levels == levels)
            for edge in batch.edges {
                if levels[edge.channel] == edge.level { repetitions += 1 }
                levels[edge.channel] = edge.level
            }
        }
        #expect(repetitions == 0)
    }

    @Test func withoutSecretsEveryEdgeStays() {
        let recording = Self.recording()
        let (copy, count) = scrubbed([recording], of: characters("absent"))
        #expect(copy.flatMap(\.edges) == recording.edges)
        #expect(count == 0)
    }

    /// A data edge that the new character needs comes as long before its clock edge as the last one
    /// of the same end did: the pair writes 100 ns apart.
    @Test func newDataEdgesComeBeforeTheirClockEdges() {
        let recording = Self.recording()
        let known = Set(recording.edges)
        let edges = scrubbed([recording]).batches.flatMap(\.edges)
        var newCount = 0
        for (index, edge) in edges.enumerated() where !known.contains(edge) {
            let end: LinkEnd = edge.channel == .stx ? .host : .bridge
            #expect(edge.channel == end.data)
            #expect(edges[index + 1].channel == end.clock)
            #expect(edges[index + 1].time - edge.time == Nanoseconds(100))
            newCount += 1
        }
        #expect(newCount > 10)
    }

    @Test func aBatchCutAtAnyPlaceGivesTheSameEdges() throws {
        let recording = Self.recording()
        let expected = scrubbed([recording]).batches.flatMap(\.edges)
        let frame = try #require(
            events(of: recording).frames.first { $0.text.starts(with: characters("init")) })
        let first = try #require(recording.edges.firstIndex { $0.time >= frame.start }) - 4
        let end = try #require(recording.edges.firstIndex { $0.time > frame.end }) + 4
        for place in first..<end {
            let parts = [recording.prefix(place), recording.dropFirst(place)]
            let isSame = scrubbed(parts).batches.flatMap(\.edges) == expected
            #expect(isSame, "cut at \(place)")
        }
        for length in [1, 2, 3, 64] {
            let isSame =
                scrubbed(recording.split(every: length)).batches.flatMap(\.edges) == expected
            #expect(isSame, "batches of \(length)")
        }
    }

    /// What came before the gap is replaced, and so are the frames behind it.
    @Test func aGapInTheMidstOfARewriteEndsIt() throws {
        var damagedCount = 0
        for parts in try recordingsWithGap(of: nil, missing: 9) {
            let before = events(of: parts).frames
            let after = events(of: try scrubbedWithRests(parts)).frames
            #expect(after.map(\.start) == before.map(\.start))
            let isReplaced = zip(after, before).allSatisfy { frame, before in
                before.condition == .whole
                    ? frame.text == replaced(before.text)
                    : frame.text == before.text.map { _ in EdgeScrubber.replacement }
            }
            #expect(isReplaced, "gap at \(parts[0].edges.count)")
            damagedCount += after.count { $0.condition == .damaged }
        }
        #expect(damagedCount > 10)
    }

    /// The host's bits can still be counted.
    @Test(arguments: [Channel.reset, .srx, Channel(masking: 11)])
    func aGapOfAnotherChannelDoesNot(channel: Channel) throws {
        var wholeCount = 0
        for parts in try recordingsWithGap(of: channel, missing: 0) {
            let after = events(of: try scrubbedWithRests(parts)).frames
            #expect(after.allSatisfy { $0.text.ranges(of: Self.secret).isEmpty })
            wholeCount += after.count { $0.text == characters("init|net|xxxxxxx|host") }
        }
        #expect(wholeCount > 10)
    }

    /// Recordings with a gap at every fifth edge of a frame that shows the secret.
    private func recordingsWithGap(of channel: Channel?, missing: Int) throws -> [[EdgeBatch]] {
        let recording = Self.recording()
        let frame = try #require(
            events(of: recording).frames.first { $0.text.starts(with: characters("init")) })
        let first = try #require(recording.edges.firstIndex { $0.time >= frame.start })
        let end = try #require(recording.edges.firstIndex { $0.time > frame.end })
        return stride(from: first, to: end - missing, by: 5).map { place in
            var tail = recording.dropFirst(place + missing)
            tail.gap = Gap(
                start: recording.edges[place - 1].time, end: tail.edges[0].time,
                reason: .sequence, channel: channel)
            return [recording.prefix(place), tail]
        }
    }

    /// Replaces the secret in whole frames, and all of those that the gap between the two parts
    /// cut: no search finds half a word.
    private func scrubbedWithRests(_ parts: [EdgeBatch]) throws -> [EdgeBatch] {
        var scrubber = EdgeScrubber(size: .seven)
        for frame in events(of: parts).frames.sorted(by: { $0.start < $1.start }) {
            let isWhole = frame.condition == .whole
            scrubber.rewrite(
                isWhole ? frame.text.ranges(of: Self.secret) : [0..<frame.text.count], of: frame)
        }
        var copy = [EdgeBatch](repeating: EdgeBatch(), count: 4)
        scrubber.scrub(parts[0], into: &copy[0])
        scrubber.finish(into: &copy[1])
        scrubber.scrub(parts[1], into: &copy[2])
        scrubber.finish(into: &copy[3])
        #expect(copy[2].gap == parts[1].gap)
        #expect(copy[2].levels == parts[1].levels, "the source knows better")
        let gap = try #require(parts[1].gap)
        #expect(copy[2].edges.allSatisfy { $0.time >= gap.end }, "nothing is known in a gap")
        return copy
    }

    /// A capture that begins in a silence: nobody saw that the zeros before the first one of a
    /// `p` are bits of it.
    @Test func aFrameIsCountedFromTheFirstBitThatWasSeen() throws {
        let pair = Pair.synchronised()
        let secret = characters("pqp")
        for text in ["p|a|b|1|0", "p|a|pqp|1|0", "pqp", "p|pqp|pqp|1|0"] {
            pair.run(for: .milliseconds(1))
            pair.send(text, from: .host)
            _ = pair.settle()
        }
        let recording = pair.recording
        let frame = try #require(events(of: recording).frames.dropFirst().first)
        let first = try #require(recording.edges.firstIndex { $0.time >= frame.start })
        var unseenCount = 0
        for place in (first - 40)...(first + 10) {
            let tail = recording.dropFirst(place)
            let before = events(of: tail).frames
            let after = events(of: scrubbed([tail], of: secret).batches).frames
            #expect(after.map(\.text) == before.map { replaced($0.text, secret) }, "\(place)")
            unseenCount += before.count {
                $0.unseenBits > 0 && !$0.text.ranges(of: secret).isEmpty
            }
        }
        #expect(unseenCount > 5)
    }

    @Test func rangesBeyondTheFrameAreIgnored() throws {
        let recording = Self.recording()
        let frame = try #require(events(of: recording).frames.first { $0.from == .host })
        var scrubber = EdgeScrubber(size: .seven)
        scrubber.rewrite([], of: frame)
        scrubber.rewrite([-3..<1, 2..<4, 900..<999], of: frame)
        #expect(scrubber.characterCount == 3)
        var output = EdgeBatch()
        scrubber.scrub(recording, into: &output)
        let text = events(of: output).frames.first { $0.from == .host }?.text ?? []
        #expect(drawn(text).hasPrefix("xnxx|net|"))
    }
}

import Decoding
import LinkProtocol
import LinkTesting
import Signals
import Testing

/// Captures that begin or end anywhere, and edges that nobody would draw.
@Suite struct CutDecodingTests {
    @Test func aCaptureCutAtTheHeadDecodesFromTheNextFrameOn() {
        let recording = conversation().recording
        let whole = events(of: recording).frames
        let synchronised =
            events(of: recording).synchronisations.map(\.time).max() ?? .zero
        let first = recording.edges.firstIndex { $0.time > synchronised } ?? 0
        var failures: [Int] = []
        for cut in stride(from: first, to: recording.edges.count - 400, by: 3) {
            let tail = recording.dropFirst(cut)
            let start = tail.edges[0].time
            // A frame that begins within a silence from the cut on may lack its context.
            let due = whole.filter { $0.start > start + .microseconds(400) }.dropFirst()
            let found = Set(events(of: tail).said)
            if !due.allSatisfy({ found.contains("\($0.from): \(drawn($0.text))") }) {
                failures.append(cut)
            }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(recording.edges.count)")
    }

    @Test func aCaptureCutAtTheTailTellsAPrefixOfTheFrames() {
        let recording = conversation().recording
        let whole = events(of: recording).said
        for count in stride(from: 1, to: recording.edges.count, by: 11) {
            let events = events(of: recording.prefix(count))
            #expect(whole.starts(with: events.said))
            #expect(events.gaps.isEmpty, "\(count)")
        }
    }

    /// Else nobody knows that the sender had more to say than zeros.
    @Test func aFrameThatAGapCutsInItsFirstCharacterIsTold() throws {
        let recording = conversation().recording
        let publish = try #require(events(of: recording).frames.first { $0.from == .host })
        let place = try #require(recording.edges.firstIndex { $0.time > publish.start }) + 9
        var tail = recording.dropFirst(place + 8)
        tail.gap = Gap(
            start: recording.edges[place - 1].time, end: tail.edges[0].time, reason: .sequence)
        let events = events(of: [recording.prefix(place), tail])
        #expect(
            events.frames.contains { $0.start == publish.start && $0.condition == .damaged })
    }

    @Test func noEdgesGiveNoEvents() {
        #expect(events(of: EdgeBatch()).isEmpty)
        #expect(events(of: [EdgeBatch](repeating: EdgeBatch(), count: 9)).isEmpty)
    }

    @Test func channelsThatAreNoWiresDoNotMatter() {
        let recording = conversation().recording
        var noisy = recording
        noisy.edges = recording.edges.flatMap { edge in
            [Edge(time: edge.time, channel: Channel(masking: 7), level: .high), edge]
        }
        #expect(events(of: noisy) == events(of: recording))
    }

    @Test(arguments: UInt64(1)...12)
    func noEdgesTrapADecoder(seed: UInt64) {
        var random = Seeded(seed)
        var batch = EdgeBatch(levels: LevelSet(bits: UInt32(random.below(32))))
        var levels = batch.levels
        var time = Timestamp(nanoseconds: Int64(random.below(1_000_000)) - 500_000)
        for _ in 0..<30_000 {
            let channel = Channel(masking: UInt8(random.below(random.below(8) == 0 ? 6 : 5)))
            // Mostly true changes; seed by seed with more or fewer resets.
            if channel == .reset, random.below(200) > Int(seed) { continue }
            let level = random.below(20) == 0 ? levels[channel] : levels[channel].toggled
            levels[channel] = level
            time = time + Nanoseconds(Int64(random.below(5)) * Int64(random.below(50_000)))
            batch.edges.append(Edge(time: time, channel: channel, level: level))
        }
        var batches = batch.split(every: 1 + random.below(2_000))
        for index in batches.indices.dropFirst() where random.below(4) == 0 {
            let start = batches[index - 1].edges.last?.time ?? .zero
            let end = batches[index].edges.first?.time ?? start
            let reason = GapReason.allCases[random.below(GapReason.allCases.count)]
            let channel = random.flag() ? nil : Channel(masking: UInt8(random.below(6)))
            batches[index].gap = Gap(start: start, end: end, reason: reason, channel: channel)
        }
        let first = events(of: batches)
        #expect(first == events(of: batches))
        #expect(first.frames.allSatisfy { $0.start <= $0.end })
        #expect(zip(first.resets, first.resets.dropFirst()).allSatisfy { $0.session < $1.session })
    }

    @Test(arguments: UInt64(1)...12)
    func damagedConversationsNeitherTrapNorInventWholeMessages(seed: UInt64) {
        var random = Seeded(seed)
        var batch = conversation().recording
        for _ in 0..<(1 + random.below(6)) {
            let place = random.below(batch.edges.count)
            switch random.below(3) {
            case 0: batch.edges.removeSubrange(place..<min(place + 9, batch.edges.count))
            case 1: batch.edges.swapAt(place, random.below(batch.edges.count))
            default: batch.edges[place].channel = Channel(masking: UInt8(random.below(5)))
            }
        }
        batch.edges.sort { $0.time < $1.time }
        let events = events(of: batch)
        #expect(events.frames.allSatisfy { $0.start <= $0.end })
        #expect(events.messages.count < 100)
    }

    @Test func extremeMomentsDoNotTrap() {
        var batch = conversation().recording
        let shift = Timestamp.latest - (batch.edges.last?.time ?? .zero)
        for index in batch.edges.indices {
            batch.edges[index].time = batch.edges[index].time + shift
        }
        #expect(events(of: batch).said.count == conversationLines.count)
        var early = conversation().recording
        let back = Timestamp.earliest - Timestamp.zero
        for index in early.edges.indices {
            early.edges[index].time = early.edges[index].time + back
        }
        #expect(events(of: early).said.count == conversationLines.count)
    }

    @Test func onlySoManyRequestsAreRemembered() {
        let pair = Pair()
        #expect(pair.synchronise())
        for _ in 0..<1_100 {
            pair.send("i", from: .host)
            pair.run(for: .microseconds(400))
        }
        #expect(pair.settle())
        pair.send("i|7", from: .bridge)
        #expect(pair.settle())
        let messages = events(of: pair.recording).messages
        // The oldest requests beyond the bound are forgotten: the answer is the 77th's.
        #expect(messages.count == 1_101)
        #expect(messages.last?.request?.start == messages[1_100 - 1_024].frame.start)
    }
}

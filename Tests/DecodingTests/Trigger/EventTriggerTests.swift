import Decoding
import LinkProtocol
import LinkTesting
import Signals
import Testing

/// Triggers on what a link says.
@Suite struct EventTriggerTests {
    /// The firings of triggers over a recording, whatever pieces it comes in.
    private func firings(
        _ texts: [String], _ batches: [EdgeBatch], until end: Timestamp? = nil
    ) throws -> [TriggerWatch.Firing] {
        let triggers = try texts.map { try Trigger($0) }
        var watch = TriggerWatch(triggers, start: .zero, levels: .rest)
        var source = HandshakeOrderedSource(BatchSource(batches: batches))
        var decoder = LinkDecoder()
        var batch = EdgeBatch()
        var firings: [TriggerWatch.Firing] = []
        while source.read(into: &batch) {
            decoder.decode(batch)
            watch.take(batch)
            for event in decoder.takeEvents() { watch.take(event) { Self.line(of: event) } }
            if let last = batch.edges.last { watch.advance(to: last.time) }
            firings += watch.takeFirings()
        }
        if let end { watch.advance(to: end) }
        return firings + watch.takeFirings()
    }

    /// As much of a line as these tests need; the command's is tested with the command.
    private static func line(of event: LinkEvent) -> TriggerWatch.Line? {
        guard case .message(let message) = event else { return nil }
        let words = drawn(message.frame.text)
        return .init(
            text: "1.5 \(message.frame.from == .host ? "H>B" : "B>H") \(words)", words: words)
    }

    /// The times at which one trigger fires.
    private func times(_ text: String, _ batch: EdgeBatch) throws -> [Timestamp] {
        let times = try firings([text], [batch]).map(\.time)
        // Where a source cuts its edges makes no difference.
        for size in [1, 3, 100] {
            #expect(try firings([text], batch.pieces(of: size)).map(\.time) == times, "\(size)")
        }
        return times
    }

    @Test func aFrameFiresAtTheClockEdgeOfTheLastBitOfItsZero() throws {
        let recording = conversation().recording
        let messages = events(of: recording).messages
        func ends(_ isWanted: (String) -> Bool) -> [Timestamp] {
            messages.filter { isWanted(drawn($0.frame.text)) }
                .map(\.frame.end)
        }
        let publish = ends { $0.hasPrefix("p|") }
        try #require(publish.count == 1)
        #expect(recording.edges.contains { $0.time == publish[0] && $0.channel == .sckout })
        #expect(try times("text:hello", recording) == publish)
        #expect(try times("text:hello & type:publish", recording) == publish)
        #expect(try times("text:hello & type:status", recording).isEmpty)
        #expect(try times("type:publish", recording) == publish)
        #expect(try times("regex:^1.5 H.B p", recording) == publish)
        // The columns of times belong to the line, and not to what is said.
        #expect(try times("text:1.5", recording).isEmpty)
        #expect(try times("status:RUNNING", recording) == ends { $0 == "t|5" })
        #expect(try times("status:4", recording) == ends { $0 == "t|4" })
        #expect(try times("type:status", recording) == ends { $0.hasPrefix("t|") })
        #expect(try times("error", recording).isEmpty)
    }

    @Test func severalTriggersFireInTheOrderOfTime() throws {
        let recording = conversation().recording
        let all = try firings(["type:memory", "falling:reset", "status:5"], [recording])
        #expect(all.map(\.trigger) == [1, 2, 0, 0])
        #expect(all.map(\.time) == all.map(\.time).sorted())
    }

    @Test func anErrorIsWhatSomebodyMustSee() throws {
        let pair = conversation()
        for text in ["t|8", "t|99"] { pair.send(text, from: .bridge) }
        #expect(pair.settle())
        let frames = events(of: pair.recording).frames.suffix(2)
        #expect(try times("error", pair.recording) == frames.map(\.end))
        #expect(try times("status:BROKER_FAIL", pair.recording) == [try #require(frames.first).end])

        var cut = pair.recording
        let middle = cut.edges.count / 2
        cut.edges.removeSubrange(middle..<(middle + 3))
        let gap = try #require(events(of: cut).gaps.first)
        #expect(try times("error", cut).contains(gap.end))
        #expect(try times("type:gap", cut).first == gap.end)
    }

    @Test func aSilentBridgeIsAWatchdog() throws {
        let pair = conversation()
        for _ in 0..<4 { _ = pair.step(before: pair.now + .seconds(1)) }
        let recording = pair.recording
        #expect(try times("watchdog", recording).isEmpty)
        #expect(
            try times("reset", recording) == [
                try #require(events(of: recording).resets.first).start
            ])
    }

    // MARK: Latency

    @Test func aLatencyFiresWhenItsLimitPasses() throws {
        let recording = conversation().recording
        let messages = events(of: recording).messages
        let answer = try #require(
            messages.first { drawn($0.frame.text) == "t|4" })
        let (latency, asked) = (try #require(answer.latency), try #require(answer.request).end)
        #expect(latency > Nanoseconds(2))
        func limit(_ span: Int64) -> String { "latency>\(span)ns" }
        #expect(try times(limit(latency.count), recording).isEmpty)
        let short = latency.count - 1
        #expect(try times(limit(short), recording) == [asked + Nanoseconds(short)])
        #expect(try times(limit(1), recording) == [asked + Nanoseconds(1)])
    }

    @Test func aPublicationWithoutAnswerFiresToo() throws {
        let pair = Pair.synchronised()
        pair.send("t|5", from: .bridge)
        #expect(pair.settle())
        pair.send("p|out/a|hello|1|0", from: .host)
        #expect(pair.settle())
        let asked = try #require(events(of: pair.recording).frames.last).end
        let end = pair.recording.edges.last?.time ?? .zero
        // No edge comes any more, and time passes.
        let late = try firings(["latency>10s"], [pair.recording], until: end + .seconds(11))
        #expect(late.map(\.time) == [asked + .seconds(10)])
        #expect(try firings(["latency>10s"], [pair.recording], until: asked + .seconds(10)).isEmpty)
    }
}

extension EdgeBatch {
    /// The same edges in pieces.
    fileprivate func pieces(of size: Int) -> [EdgeBatch] {
        var pieces: [EdgeBatch] = []
        var levels = self.levels
        for start in stride(from: 0, to: edges.count, by: size) {
            var piece = EdgeBatch(levels: levels)
            piece.edges = Array(edges[start..<min(start + size, edges.count)])
            for edge in piece.edges { levels[edge.channel] = edge.level }
            pieces.append(piece)
        }
        return pieces
    }
}

import CaptureStore
import Foundation
import Signals
import Testing

@Suite struct CaptureFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes edges in batches of odd lengths.
    private func write(
        _ edges: [Edge], to name: String = "a.syn", channels: [CaptureChannel] = .all(),
        metadata: CaptureMetadata = CaptureMetadata(), limits: ChunkLimits = ChunkLimits(),
        end: Timestamp? = nil, batch size: Int = 777
    ) throws -> String {
        let path = folder.file(name)
        let writer = try CaptureWriter(
            creating: path, metadata: metadata, channels: channels, limits: limits)
        var first = 0
        while first < edges.count {
            var batch = EdgeBatch(levels: writer.levels)
            batch.edges = Array(edges[first..<min(first + size, edges.count)])
            try writer.append(batch)
            first += size
        }
        try writer.finish(at: end ?? edges.last?.time ?? .zero)
        return path
    }

    /// The largest makes more chunks than go into one transaction.
    @Test(arguments: [1, 2, 100, 5000, 40_000, 80_000])
    func edgesComeBack(count: Int) throws {
        var generator = EdgeGenerator(seed: UInt64(count))
        let edges = generator.wild(count, spanMax: 1 << 30)
        let path = try write(edges, limits: ChunkLimits(edgesMax: 4097))
        let capture = try Capture(opening: path)
        #expect(capture.edgeCount == Int64(count))
        #expect(capture.chunkCount == Int64((count + 4096) / 4097))
        #expect(capture.start == edges.first?.time)
        #expect(capture.end == edges.last?.time)
        #expect(capture.isFinished)
        var source = try capture.edges()
        #expect(try Content(of: &source).edges == edges)
        #expect(source.edgesBefore == Int64(count))
    }

    @Test func aCaptureWithoutEdgesIsACapture() throws {
        let capture = try Capture(opening: try write([], end: Timestamp(nanoseconds: 5)))
        #expect(capture.edgeCount == 0)
        #expect(capture.end == Timestamp(nanoseconds: 5))
        var source = try capture.edges()
        var batch = EdgeBatch()
        #expect(try !source.read(into: &batch))
    }

    @Test func theEndCanBeAfterTheLastEdge() throws {
        var generator = EdgeGenerator(seed: 1)
        let path = try write(generator.link(10), end: Timestamp(nanoseconds: 1 << 50))
        #expect(try Capture(opening: path).end == Timestamp(nanoseconds: 1 << 50))
    }

    @Test func timeClosesAChunk() throws {
        var generator = EdgeGenerator(seed: 1)
        let edges = generator.link(1000)
        let path = try write(edges, limits: ChunkLimits(timeMax: .milliseconds(10)))
        let capture = try Capture(opening: path)
        var payload: [UInt8] = []
        for sequence in 0..<capture.chunkCount {
            let chunk = try #require(try capture.chunk(sequence, into: &payload))
            #expect(chunk.end - chunk.start <= .milliseconds(10))
        }
        #expect(capture.chunkCount > 10)
        var source = try capture.edges()
        #expect(try Content(of: &source).edges == edges)
    }

    @Test func metadataAndChannelsComeBack() throws {
        var metadata = CaptureMetadata()
        metadata.source = "a wire"
        metadata.instrument = "an analyzer"
        metadata.clock = "its own"
        metadata.resolution = Nanoseconds(42)
        metadata.accuracy = "not calibrated"
        metadata.toolVersion = "1.2"
        metadata.startText = "Mon Nov 23"
        metadata.notes = "two\nlines"
        metadata.secrets = .scrubbed
        metadata.extra = [.init(key: "z", value: "1"), .init(key: "a", value: "ü")]
        var channels = CaptureChannel.wires(seen: .driven)
        channels[1].initialLevel = .high
        let path = try write([], channels: channels, metadata: metadata)
        let capture = try Capture(opening: path)
        #expect(capture.metadata == metadata)
        #expect(capture.channels == channels)
        #expect(capture.initialLevels == LevelSet(bits: 0b00011))
        #expect(capture.path == path)
    }

    @Test func aMetadataKeyIsUsedOnce() throws {
        var metadata = CaptureMetadata()
        metadata.extra = [.init(key: "source", value: "1")]
        #expect(throws: CaptureError.self) { try write([], metadata: metadata) }
        #expect(try folder.names == [])
    }

    @Test func recordsComeBackInOrder() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata())
        var generator = EdgeGenerator(seed: 1)
        var batch = EdgeBatch()
        batch.edges = generator.link(10)
        let records = (0..<10).map { index in
            JournalRecord(
                time: Timestamp(nanoseconds: Int64(100 - index)), edgesBefore: Int64(index),
                kind: index % 2 == 0 ? .note : JournalKind(rawValue: 200),
                payload: [UInt8](repeating: UInt8(index), count: index * 1000))
        }
        for record in records { try writer.append(record: record) }
        try writer.append(batch)
        #expect(throws: CaptureError.self) { try writer.append(record: records[3]) }
        try writer.finish(at: .zero)
        let capture = try Capture(opening: path)
        #expect(try capture.records() == records)
        #expect(try capture.records(edgesBefore: 4, limit: 2) == Array(records[4..<6]))
    }

    @Test func aRecordBeyondTheLastEdgeIsRefused() throws {
        let writer = try CaptureWriter(
            creating: folder.file("a.syn"), metadata: CaptureMetadata())
        try writer.append(
            record: JournalRecord(time: .zero, edgesBefore: 1, kind: .note, payload: []))
        #expect(throws: CaptureError.self) { try writer.finish(at: .zero) }
    }

    @Test func gapsComeBackAtTheirEdges() throws {
        let path = folder.file("a.syn")
        var generator = EdgeGenerator(seed: 2)
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata())
        var expected = Content()
        func gap(_ reason: GapReason, _ channel: Channel?) -> Gap {
            Gap(
                start: generator.time, end: generator.time + Nanoseconds(5), reason: reason,
                channel: channel)
        }
        for reason in GapReason.allCases {
            var batch = EdgeBatch(levels: generator.levels)
            batch.edges = generator.link(10)
            try writer.append(batch)
            expected.edges += batch.edges
            // Two gaps at one place, and levels that nobody saw changing.
            for channel in [Channel.srx, nil] {
                generator.levels.toggle(.stx)
                batch.gap = gap(reason, channel)
                batch.levels = generator.levels
                batch.edges = []
                try writer.append(batch)
                expected.gaps.append(
                    .init(
                        edgesBefore: expected.edges.count, gap: try #require(batch.gap),
                        levels: batch.levels))
            }
        }
        try writer.finish(at: generator.time)
        let capture = try Capture(opening: path)
        var source = try capture.edges()
        #expect(try Content(of: &source) == expected)
        #expect(capture.gaps == expected.gaps.map(\.gap))
        #expect(capture.end == generator.time + Nanoseconds(5))
    }

    @Test func aStretchHasExactlyItsEdges() throws {
        var generator = EdgeGenerator(seed: 5)
        let edges = generator.link(20_000)
        let path = try write(edges, limits: ChunkLimits(edgesMax: 3000))
        let capture = try Capture(opening: path)
        var random = SeededRandom(seed: 1)
        for _ in 0..<40 {
            let a = edges[Int.random(in: 0..<edges.count, using: &random)].time
            let b = Timestamp(
                nanoseconds: Int64.random(in: 0...capture.end.nanoseconds, using: &random))
            let (from, to) = (min(a, b), max(a, b))
            var source = try capture.edges(from: from, to: to)
            let found = try Content(of: &source).edges
            #expect(found == edges.filter { $0.time >= from && $0.time < to })
        }
        var rest = try capture.edges(from: edges[19_990].time)
        #expect(try Content(of: &rest).edges == edges.suffix(10))
        #expect(rest.edgesBefore == 20_000)
        var behind = try capture.edges(from: capture.end + Nanoseconds(1))
        #expect(try Content(of: &behind).edges == [])
        var all = try capture.edges(from: .earliest, to: .latest)
        #expect(try Content(of: &all).edges == edges)
    }

    @Test func theSameInputGivesTheSameFile() throws {
        var generator = EdgeGenerator(seed: 6)
        let edges = generator.link(200_000)
        var metadata = CaptureMetadata()
        metadata.source = "seed 6"
        let limits = ChunkLimits(edgesMax: 5000)
        _ = try write(edges, to: "a.syn", metadata: metadata, limits: limits)
        _ = try write(edges, to: "b.syn", metadata: metadata, limits: limits, batch: 5)
        #expect(try folder.bytes("a.syn") == folder.bytes("b.syn"))
        #expect(try folder.names == ["a.syn", "b.syn"])
    }

    @Test func invalidEdgesAreRefusedAndTheRestIsKept() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata())
        func append(_ edges: [Edge], levels: LevelSet? = nil) throws {
            var batch = EdgeBatch(levels: levels ?? writer.levels)
            batch.edges = edges
            try writer.append(batch)
        }
        func edge(_ time: Int64, _ channel: Channel, _ level: Level) -> Edge {
            Edge(time: Timestamp(nanoseconds: time), channel: channel, level: level)
        }
        try append([edge(5, .stx, .high)])
        #expect(
            throws: CaptureError.invalidEdge(
                number: 2, problem: .sameLevel(.stx, .high, at: Timestamp(nanoseconds: 7)))
        ) {
            try append([edge(6, .srx, .high), edge(7, .stx, .high)])
        }
        #expect(
            throws: CaptureError.invalidEdge(
                number: 2,
                problem: .timeGoesBack(
                    from: Timestamp(nanoseconds: 6), to: Timestamp(nanoseconds: 5)))
        ) {
            try append([edge(5, .stx, .low)])
        }
        let far = Timestamp.latest + Nanoseconds(1)
        #expect(throws: CaptureError.invalidEdge(number: 2, problem: .timeOutOfRange(far))) {
            try append([edge(far.nanoseconds, .stx, .low)])
        }
        let extra = Channel(masking: 9)
        #expect(throws: CaptureError.invalidEdge(number: 2, problem: .undeclaredChannel(extra))) {
            try append([edge(8, extra, .high)])
        }
        #expect(
            throws: CaptureError.invalidEdge(
                number: 2, problem: .levelsChanged(expected: writer.levels, actual: .rest))
        ) {
            try append([edge(8, .stx, .low)], levels: .rest)
        }
        try append([edge(8, .stx, .low)])
        try writer.finish(at: .zero)
        var source = try Capture(opening: path).edges()
        #expect(try Content(of: &source).edges.map(\.time.nanoseconds) == [5, 6, 8])
    }

    @Test func aDroppedWriterLeavesNothing() throws {
        do {
            let writer = try CaptureWriter(
                creating: folder.file("a.syn"), metadata: CaptureMetadata())
            var generator = EdgeGenerator(seed: 1)
            var batch = EdgeBatch()
            batch.edges = generator.link(200_000)
            try writer.append(batch)
            #expect(try folder.names == [".a.syn.\(getpid()).partial"])
        }
        #expect(try folder.names == [])
    }

    @Test func anExistingFileIsReplacedOnlyOnRequestAndOnlyWhenFinished() throws {
        let path = try folder.write("precious", to: "a.syn")
        #expect(throws: CaptureError.fileExists(path: path)) {
            try CaptureWriter(creating: path, metadata: CaptureMetadata())
        }
        _ = try CaptureWriter(creating: path, metadata: CaptureMetadata(), replacing: true)
        #expect(try folder.bytes("a.syn") == Array("precious".utf8))
        let writer = try CaptureWriter(
            creating: path, metadata: CaptureMetadata(), replacing: true)
        try writer.finish(at: .zero)
        #expect(try Capture(opening: path).isFinished)
        #expect(try folder.names == ["a.syn"])
    }

    @Test func aCaptureIsCheckedBeforeItHasItsName() throws {
        let path = folder.file("a.syn")
        var generator = EdgeGenerator(seed: 1)
        let edges = generator.link(10_000)
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata())
        var batch = EdgeBatch()
        batch.edges = edges
        try writer.append(batch)
        try writer.finish(at: generator.time) { (capture: Capture) throws in
            #expect(capture.isFinished)
            #expect(try !folder.names.contains("a.syn"))
            var source = try capture.edges()
            #expect(try Content(of: &source).edges == edges)
        }
        #expect(try folder.names == ["a.syn"])
    }

    @Test func aCaptureThatFailsItsCheckLeavesNothingBehind() throws {
        struct Unwanted: Error {}
        let path = try folder.write("precious", to: "a.syn")
        let writer = try CaptureWriter(
            creating: path, metadata: CaptureMetadata(), replacing: true)
        #expect(throws: Unwanted.self) { try writer.finish(at: .zero) { _ in throw Unwanted() } }
        #expect(try folder.names == ["a.syn"])
        #expect(try folder.bytes("a.syn") == Array("precious".utf8))
    }

    @Test(arguments: [-1, Int64.max])
    func anImpossibleResolutionIsRefused(count: Int64) throws {
        var metadata = CaptureMetadata()
        metadata.resolution = Nanoseconds(count)
        #expect(throws: CaptureError.self) { try write([], metadata: metadata) }
        #expect(try folder.names == [])
    }
}

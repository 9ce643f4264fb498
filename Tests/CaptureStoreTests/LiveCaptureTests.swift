import CaptureStore
import Foundation
import Signals
import Testing

@Suite struct LiveCaptureTests {
    private let folder: TemporaryFolder
    private var generator = EdgeGenerator(seed: 1)

    init() throws { folder = try TemporaryFolder() }

    private mutating func batch(_ count: Int) -> EdgeBatch {
        var batch = EdgeBatch(levels: generator.levels)
        batch.edges = generator.link(count)
        return batch
    }

    @Test mutating func aCaptureIsReadableWhileItIsRecorded() throws {
        let path = folder.file("a.syn")
        var metadata = CaptureMetadata()
        metadata.source = "live"
        let writer = try CaptureWriter(creating: path, metadata: metadata, mode: .live)
        var capture = try Capture(opening: path)
        #expect(!capture.isFinished)
        #expect(capture.metadata == metadata)
        var source = try capture.edges()
        var edges: [Edge] = []
        var seen: [Edge] = []
        for round in 1...3 {
            let next = batch(1000)
            edges += next.edges
            try writer.append(next)
            try writer.flush()
            try capture.refresh()
            #expect(capture.edgeCount == Int64(1000 * round))
            #expect(capture.end == edges.last?.time)
            seen += try Content(of: &source).edges
            #expect(seen == edges)
        }
    }

    @Test mutating func aFinishedRecordingIsOneFile() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata(), mode: .live)
        try writer.append(batch(1000))
        try writer.finish(at: .zero)
        #expect(try folder.names == ["a.syn"])
        #expect(try Capture(opening: path).isFinished)
    }

    @Test mutating func appendingCommitsTwiceASecond() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata(), mode: .live)
        try writer.append(batch(100))
        usleep(450_000)
        try writer.append(batch(100))
        #expect(try Capture(opening: path).edgeCount == 200)
        try writer.finish(at: .zero)
    }

    @Test mutating func aDroppedRecordingKeepsWhatWasCommitted() throws {
        let path = folder.file("a.syn")
        do {
            let writer = try CaptureWriter(
                creating: path, metadata: CaptureMetadata(), mode: .live)
            try writer.append(batch(100))
            try writer.flush()
            try writer.append(batch(100))
        }
        let capture = try Capture(opening: path)
        #expect(capture.edgeCount == 100)
        #expect(!capture.isFinished)
    }

    @Test mutating func aKilledRecordingKeepsWhatWasCommitted() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata(), mode: .live)
        try writer.append(batch(5000))
        try writer.flush()
        // What a killed process leaves: its files as they are now, its locks gone.
        let killed = folder.file("killed.syn")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: killed + suffix)
        }
        let capture = try Capture(opening: killed)
        #expect(capture.edgeCount == 5000)
        var source = try capture.edges()
        #expect(try Content(of: &source).edges.count == 5000)
        try writer.finish(at: .zero)
    }

    @Test mutating func aReaderDoesNotKeepARecordingFromFinishing() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata(), mode: .live)
        try writer.append(batch(100))
        try writer.flush()
        var capture = try Capture(opening: path)
        try writer.append(batch(100))
        try writer.finish(at: .zero)
        try capture.refresh()
        #expect(capture.isFinished)
        #expect(capture.edgeCount == 200)
    }

    @Test mutating func aFollowerSeesEveryEdgeOnceWhileTheLastChunkGrows() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(
            creating: path, metadata: CaptureMetadata(), mode: .live,
            limits: ChunkLimits(edgesMax: 1000))
        var source = try Capture(opening: path).edges()
        var random = SeededRandom(seed: 5)
        var expected = Content()
        var seen = Content()
        for round in 0..<60 {
            var next = batch(Int.random(in: 1...900, using: &random))
            if round % 7 == 3 {
                let gap = Gap(start: next.edges[0].time, end: next.edges[0].time, reason: .sequence)
                next.gap = gap
                expected.gaps.append(
                    .init(edgesBefore: expected.edges.count, gap: gap, levels: next.levels))
            }
            expected.edges += next.edges
            try writer.append(next)
            try writer.flush()
            if random.chance(1, of: 2) {
                let more = try Content(of: &source)
                seen.gaps += more.gaps.map {
                    .init(
                        edgesBefore: $0.edgesBefore + seen.edges.count, gap: $0.gap,
                        levels: $0.levels)
                }
                seen.edges += more.edges
                #expect(seen == expected)
            }
        }
        try writer.finish(at: .zero)
        let capture = try Capture(opening: path)
        // A chunk for every thousand edges, and one more for every gap.
        #expect(capture.chunkCount <= capture.edgeCount / 1000 + 1 + Int64(expected.gaps.count))
    }

    @Test mutating func aFollowerCanBeginAtTheEnd() throws {
        let path = folder.file("a.syn")
        let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata(), mode: .live)
        let first = batch(500)
        try writer.append(first)
        try writer.flush()
        let capture = try Capture(opening: path)
        var source = try capture.edges(from: capture.end + Nanoseconds(1))
        #expect(try Content(of: &source).edges == [])
        var second = batch(500)
        second.gap = Gap(start: capture.end, end: capture.end, reason: .overflow)
        try writer.append(second)
        try writer.flush()
        let seen = try Content(of: &source)
        #expect(seen.edges == second.edges)
        #expect(seen.gaps.map(\.gap) == [second.gap])
        #expect(source.edgesBefore == 1000)
        try writer.finish(at: .zero)
    }
}

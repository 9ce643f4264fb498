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
        var source = capture.edges()
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
        var source = capture.edges()
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
}

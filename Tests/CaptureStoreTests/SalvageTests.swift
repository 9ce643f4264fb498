import CaptureStore
import Foundation
import Signals
import Testing

/// Damaged capture files: what is wrong is told, and what is whole is saved.
@Suite struct SalvageTests {
    private let folder: TemporaryFolder
    private let edges: [Edge]
    private static let chunkEdges = 500
    private static let pageSize = 4096

    init() throws {
        folder = try TemporaryFolder()
        var generator = EdgeGenerator(seed: 11)
        edges = generator.link(5_000)
    }

    /// Ten chunks, a gap before the fifth, and two records.
    private func write(_ name: String, mode: CaptureWriter.Mode = .whole) throws -> String {
        let path = folder.file(name)
        var metadata = CaptureMetadata()
        metadata.source = "a test"
        metadata.extra = [.init(key: "colour", value: "green")]
        let writer = try CaptureWriter(
            creating: path, metadata: metadata, mode: mode,
            limits: ChunkLimits(edgesMax: Self.chunkEdges))
        var batch = EdgeBatch(levels: .rest)
        batch.edges = Array(edges[..<2_000])
        try writer.append(batch)
        batch.gap = Gap(start: edges[1_999].time, end: edges[2_000].time, reason: .overflow)
        batch.levels = writer.levels
        batch.edges = Array(edges[2_000...])
        try writer.append(batch)
        for place in [100, 4_999] {
            try writer.append(
                record: JournalRecord(
                    time: edges[place].time, edgesBefore: Int64(place), kind: .note,
                    payload: Array("note \(place)".utf8)))
        }
        try writer.finish(at: edges[4_999].time + .seconds(1))
        return path
    }

    private func content(_ path: String) throws -> (edges: [Edge], gaps: [Gap]) {
        let capture = try Capture(opening: path)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var edges: [Edge] = []
        var gaps: [Gap] = []
        while try source.read(into: &batch) {
            edges += batch.edges
            if let gap = batch.gap { gaps.append(gap) }
        }
        return (edges, gaps)
    }

    private func rescue(_ path: String) throws -> (path: String, summary: CaptureRescue.Summary) {
        var rescue = try CaptureRescue(of: path)
        let target = folder.file("rescued.syn")
        #expect(try rescue.write(to: target, replacing: true, toolVersion: "test"))
        let verification = try CaptureVerification(of: target)
        #expect(verification.isSound, "\(verification.findings)")
        #expect(verification.isFinished)
        return (target, rescue.summary)
    }

    /// The places of the payloads' bytes in a file: the payload is known, a page of it is searched.
    private func place(ofChunk sequence: Int64, in path: String) throws -> Int {
        var payload: [UInt8] = []
        _ = try Capture(opening: path).chunk(sequence, into: &payload)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let part = Data(payload[200..<240])
        return try #require(bytes.range(of: part)).lowerBound
    }

    private func overwrite(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        change(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test func aSoundCaptureIsSound() throws {
        let path = try write("a.syn")
        for threads in [1, 2, 16] {
            let verification = try CaptureVerification(of: path, threads: threads)
            #expect(verification.isSound, "\(verification.findings)")
            #expect(verification.isFinished)
            #expect(verification.chunkCount == 10)
            #expect(verification.wholeChunkCount == 10)
            #expect(verification.edgeCount == 5_000)
        }
    }

    @Test func theRescueOfASoundCaptureIsTheCapture() throws {
        let path = try write("a.syn")
        let (copy, summary) = try rescue(path)
        #expect(summary.gaps.isEmpty && summary.lostEdgeCount == 0)
        #expect(try content(copy) == content(path))
        let (old, new) = (try Capture(opening: path), try Capture(opening: copy))
        #expect(new.channels == old.channels)
        #expect(new.end == old.end)
        #expect(new.metadata.source == "a test")
        #expect(
            new.metadata.extra == [
                .init(key: "colour", value: "green"),
                .init(key: "rescued_from", value: "a.syn, by test"),
            ])
        #expect(try new.records() == old.records())
    }

    @Test func aDamagedChunkCostsThatChunkOnly() throws {
        let path = try write("a.syn")
        let place = try place(ofChunk: 3, in: path)
        try overwrite(path) { $0[place] ^= 4 }

        let verification = try CaptureVerification(of: path)
        #expect(verification.findingCount == 1)
        #expect(verification.findings.first?.description.contains("chunk 3: its CRC-32") == true)
        #expect(verification.wholeChunkCount == 9)

        let (copy, summary) = try rescue(path)
        #expect(summary.damagedChunks == [3])
        #expect(summary.lostEdgeCount == 500)
        let (edges, gaps) = try content(copy)
        #expect(edges == Array(self.edges[..<1_500] + self.edges[2_000...]))
        // The gap that was known lies between the lost chunk and the next: it is part of the loss.
        #expect(
            gaps == [
                Gap(
                    start: self.edges[1_499].time, end: self.edges[2_000].time, reason: .damaged)
            ])
        #expect(try Capture(opening: copy).records().map(\.edgesBefore) == [100, 4_499])
    }

    @Test func theFirstAndTheLastChunkCanBeLost() throws {
        let path = try write("a.syn")
        for sequence in [Int64(0), 9] {
            let place = try place(ofChunk: sequence, in: path)
            try overwrite(path) { $0[place] ^= 1 }
        }
        let (copy, summary) = try rescue(path)
        #expect(summary.chunkCount == 8)
        let (edges, gaps) = try content(copy)
        #expect(edges == Array(self.edges[500..<4_500]))
        #expect(gaps.first == Gap(start: .zero, end: self.edges[500].time, reason: .damaged))
        #expect(gaps.last?.start == self.edges[4_499].time)
        #expect(gaps.count == 3)
    }

    @Test func withoutItsHeaderACaptureIsStillSaved() throws {
        let path = try write("a.syn")
        try overwrite(path) { bytes in
            for place in 0..<Self.pageSize { bytes[place] = 0 }
        }
        #expect(throws: CaptureError.self) { try Capture(opening: path) }
        #expect(try !CaptureVerification(of: path).isSound)
        let (copy, summary) = try rescue(path)
        #expect(summary.chunkCount == 10)
        #expect(try content(copy).edges == edges)
        #expect(try Capture(opening: copy).metadata.source == "a test")
    }

    @Test func aWrongPageSizeInTheHeaderIsSeenThrough() throws {
        let path = try write("a.syn")
        try overwrite(path) { $0[16] = 0x08 }  // 2048
        let (copy, _) = try rescue(path)
        #expect(try content(copy).edges == edges)
    }

    @Test func theListsOfTheirRowsAreNotNeeded() throws {
        let path = try write("a.syn")
        try overwrite(path) { bytes in
            // What each page says about its own rows: their number and places.
            for page in stride(from: Self.pageSize, to: bytes.count, by: Self.pageSize)
            where [2, 5, 10, 13].contains(bytes[page]) {
                for place in page..<page + 8 { bytes[place] = 0xff }
            }
        }
        let (copy, summary) = try rescue(path)
        #expect(summary.chunkCount == 10)
        #expect(try content(copy).edges == edges)
    }

    @Test func aTruncatedCaptureKeepsWhatIsThere() throws {
        let path = try write("a.syn")
        try overwrite(path) { $0.removeLast(2 * Self.pageSize + 100) }
        let (copy, summary) = try rescue(path)
        #expect(summary.chunkCount > 0 && summary.chunkCount < 10)
        var rest = edges[...]
        for edge in try content(copy).edges {
            let place = try #require(rest.firstIndex(of: edge))
            rest = rest[(place + 1)...]
        }
    }

    @Test func chunksThatAreNoLongerListedAreMissed() throws {
        let path = try write("a.syn")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, "DELETE FROM edge_chunk WHERE seq >= 8"]
        try process.run()
        process.waitUntilExit()
        #expect(throws: CaptureError.self) { try Capture(opening: path) }
        // Their rows are still in the file.
        #expect(try rescue(path).summary.chunkCount >= 8)
    }

    @Test(arguments: [
        "UPDATE channel SET name = 'stx' WHERE idx = 2",
        "INSERT INTO meta VALUES ('secrets', 'wormeaten')",
        "INSERT INTO meta VALUES ('resolution_ns', '9000000000000000000')",
        "UPDATE gap SET edges_before = 77",
        "UPDATE record SET edges_before = 9999999 WHERE id = 0",
        "DELETE FROM channel WHERE idx < 3",
    ])
    func damageToTheSmallTablesCostsNoEdge(change: String) throws {
        let path = try write("a.syn")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "sqlite3", path, change.replacing("INSERT INTO", with: "INSERT OR REPLACE INTO"),
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let (copy, summary) = try rescue(path)
        #expect(summary.chunkCount == 10)
        #expect(try content(copy).edges == edges)
    }

    /// Runs SQL on a capture, past everything that guards it.
    private func query(_ path: String, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, sql]
        process.standardOutput = nil
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func chunksThatAreGoneWithoutATraceAreALossAtTheEnd() throws {
        let path = try write("a.syn")
        let place = try place(ofChunk: 9, in: path)
        try overwrite(path) { bytes in
            let page = place / Self.pageSize * Self.pageSize
            for place in page..<page + Self.pageSize { bytes[place] = 0 }
        }
        let (copy, summary) = try rescue(path)
        let (edges, gaps) = try content(copy)
        #expect(edges.count < 5_000)
        #expect(summary.lostEdgeCount == Int64(5_000 - edges.count))
        #expect(gaps.last?.reason == .damaged)
        #expect(gaps.last?.end == self.edges[4_999].time + .seconds(1))
        #expect(summary.endIsKnown)
    }

    @Test(arguments: [
        "UPDATE edge_chunk SET seq = 1099511627775 WHERE seq = 9",
        "UPDATE edge_chunk SET seq = 50000000 WHERE seq = 9",
        "DELETE FROM meta WHERE key = 'edges'", "DELETE FROM meta WHERE key = 'end_ns'",
        "UPDATE meta SET value = 'abc' WHERE key = 'edges'",
        "UPDATE meta SET value = 'true' WHERE key = 'finished'",
        "UPDATE gap SET levels = levels + 1 - 2 * (levels & 1)",
        "UPDATE record SET edges_before = 9999999 WHERE id = 0",
        "UPDATE record SET edges_before = 5000 WHERE id = 0",
    ])
    func whatCannotBeTrueIsDamage(change: String) throws {
        let path = try write("a.syn")
        try query(path, change)
        #expect(try !CaptureVerification(of: path).isSound)
        let (copy, summary) = try rescue(path)
        #expect(summary.chunkCount >= 9)
        #expect(try content(copy).edges.starts(with: edges[..<4_500]))
    }

    @Test func reservedBytesOfPagesAreLeftOut() throws {
        let path = try write("a.syn")
        try query(path, ".filectrl reserve_bytes 32\nVACUUM")
        #expect(try CaptureRescue(of: path).summary.chunkCount == 10)
    }

    @Test func pipesAreNoCaptures() throws {
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: CaptureError.self) { try CaptureVerification(of: pipe) }
        #expect(throws: CaptureError.self) { try Capture(opening: "/dev/zero") }
    }

    @Test func whatIsInTheLogIsSaved() throws {
        let path = folder.file("live.syn")
        let writer = try CaptureWriter(
            creating: path, metadata: CaptureMetadata(), mode: .live,
            limits: ChunkLimits(edgesMax: Self.chunkEdges))
        var batch = EdgeBatch(levels: .rest)
        batch.edges = Array(edges[..<3_200])
        try writer.append(batch)
        try writer.flush()
        // As the files are when the recorder is killed, and then the first page is damaged.
        for suffix in ["", "-wal"] {
            try Data(contentsOf: URL(fileURLWithPath: path + suffix))
                .write(to: URL(fileURLWithPath: folder.file("killed.syn" + suffix)))
        }
        try writer.finish(at: .zero)
        let killed = folder.file("killed.syn")
        try overwrite(killed) { for place in 0..<100 { $0[place] = 0 } }
        let (copy, _) = try rescue(killed)
        #expect(try content(copy).edges == Array(edges[..<3_200]))
    }

    @Test func whatIsNoCaptureIsRefused() throws {
        let text = try folder.write("$date today $end\n", to: "a.vcd")
        #expect(throws: CaptureError.notACapture(path: text, looksLike: .valueChangeDump)) {
            try CaptureVerification(of: text)
        }
        #expect(throws: CaptureError.noSuchFile(path: folder.file("b"))) {
            try CaptureVerification(of: folder.file("b"))
        }
        #expect(try CaptureRescue(of: text).summary.chunkCount == 0)
    }

    @Test func nothingWholeMeansNothingSaved() throws {
        var random = SeededRandom(seed: 4)
        let bytes = (0..<100_000).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
        let path = try folder.write(bytes, to: "junk.syn")
        let summary = try CaptureRescue(of: path).summary
        #expect(summary.chunkCount == 0 && summary.edgeCount == 0 && summary.gaps.isEmpty)
    }

    @Test(arguments: UInt64(0)..<24)
    func whateverIsDamagedNoWrongEdgeIsTakenForGood(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let path = try write("a.syn")
        try overwrite(path) { bytes in
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0 ... .max, using: &random)
            }
            let first = Int.random(in: 0..<bytes.count / Self.pageSize, using: &random)
            let second = Int.random(in: 0..<bytes.count / Self.pageSize, using: &random)
            for place in 0..<Self.pageSize {
                bytes.swapAt(first * Self.pageSize + place, second * Self.pageSize + place)
            }
        }
        _ = try CaptureVerification(of: path)
        guard try CaptureRescue(of: path).summary.chunkCount > 0 else { return }
        let (copy, _) = try rescue(path)
        var rest = edges[...]
        for edge in try content(copy).edges {
            let place = try #require(rest.firstIndex(of: edge), "an edge that never was")
            rest = rest[(place + 1)...]
        }
    }
}

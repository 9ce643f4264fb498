import CaptureStore
import Foundation
import Signals
import Testing

@Suite struct CaptureErrorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A small capture of several chunks, as bytes.
    private func capture(_ name: String = "a.syn") throws -> String {
        var generator = EdgeGenerator(seed: 1)
        let path = folder.file(name)
        let writer = try CaptureWriter(
            creating: path, metadata: CaptureMetadata(), limits: ChunkLimits(edgesMax: 2000))
        var batch = EdgeBatch()
        batch.edges = generator.link(10_000)
        try writer.append(batch)
        try writer.finish(at: generator.time)
        return path
    }

    private func edit(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        change(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private func sql(_ path: String, _ statement: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, statement]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "sqlite3 is needed for this test")
    }

    /// Reads all there is; the error that stops it.
    private func failure(_ path: String) -> CaptureError? {
        do throws(CaptureError) {
            let capture = try Capture(opening: path)
            var source = try capture.edges()
            var batch = EdgeBatch()
            while try source.read(into: &batch) {}
            _ = try capture.records()
            return nil
        } catch {
            return error
        }
    }

    @Test func aMissingFileIsCalledMissing() {
        let path = folder.file("none.syn")
        #expect(failure(path) == .noSuchFile(path: path))
    }

    @Test func aDirectoryIsCalledADirectory() {
        #expect(failure(folder.path) == .isDirectory(path: folder.path))
        #expect(throws: CaptureError.isDirectory(path: folder.path)) {
            try CaptureWriter(creating: folder.path, metadata: CaptureMetadata())
        }
    }

    @Test func anEmptyFileIsCalledEmpty() throws {
        let path = try folder.write("", to: "a.syn")
        #expect(failure(path) == .emptyFile(path: path))
    }

    @Test(arguments: [
        ("$date today $end", FileKind.valueChangeDump), ("hello", .text), ("PK\u{3}\u{4}", .zip),
        ("\u{1}\u{2}", .unknown),
    ])
    func anotherKindOfFileIsNamed(text: String, kind: FileKind) throws {
        let path = try folder.write(text, to: "a.syn")
        let error = try #require(failure(path))
        #expect(error == .notACapture(path: path, looksLike: kind))
        #expect(error.description.contains(kind.rawValue))
    }

    @Test func anArchiveIsNamed() throws {
        let path = try folder.write([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], to: "a.vcd.xz")
        #expect(failure(path)?.description.contains("xz -dk") == true)
    }

    @Test func anotherApplicationsDatabaseIsNamed() throws {
        let path = folder.file("a.db")
        try sql(path, "CREATE TABLE t (a)")
        #expect(failure(path) == .notACapture(path: path, looksLike: .database))
    }

    @Test func anotherVersionIsRefusedByName() throws {
        let path = try capture()
        try edit(path) { $0[63] = 2 }
        let error = try #require(failure(path))
        #expect(
            error
                == .unsupportedVersion(path: path, of: .fileFormat, found: 2, supported: 1))
        #expect(error.description.contains("use a newer synscope"))
    }

    @Test func anotherPayloadCodingIsRefusedByName() throws {
        let path = try capture()
        let opened = try Capture(opening: path)
        var payload: [UInt8] = []
        let header = try #require(try opened.chunk(0, into: &payload))
        payload[0] = 9
        let hex = payload.map { String(format: "%02x", $0) }.joined()
        try sql(
            path,
            "UPDATE edge_chunk SET payload = x'\(hex)', crc32 = \(header.checksum(of: payload)) "
                + "WHERE seq = 0")
        #expect(
            failure(path)
                == .unsupportedVersion(
                    path: path, of: .payloadCoding, found: 9, supported: Int(EdgeCodec.version)))
    }

    @Test func aTruncatedFileIsRefusedAtEveryLength() throws {
        let path = try capture()
        let bytes = try folder.bytes("a.syn")
        for length in stride(from: 1, to: bytes.count, by: 617) {
            let cut = try folder.write(Array(bytes.prefix(length)), to: "cut.syn")
            let error = try #require(failure(cut))
            if length >= 512 {
                #expect(
                    error
                        == .truncatedFile(
                            path: cut, bytesExpected: Int64(bytes.count),
                            bytesActual: Int64(length)))
            }
        }
        #expect(failure(path) == nil)
    }

    @Test func aFlippedBitInAPayloadIsFound() throws {
        let path = try capture()
        try sql(
            path,
            "UPDATE edge_chunk SET payload = CAST(substr(payload, 1, 99) || x'2a' || "
                + "substr(payload, 101) AS BLOB) WHERE seq = 3")
        guard case .damagedChunk(_, 3, .checksum) = failure(path) else {
            Issue.record("not found: \(String(describing: failure(path)))")
            return
        }
    }

    @Test func swappedChunksAreFound() throws {
        let path = try capture()
        try sql(
            path,
            "UPDATE edge_chunk SET seq = 100 WHERE seq = 1; "
                + "UPDATE edge_chunk SET seq = 1 WHERE seq = 2; "
                + "UPDATE edge_chunk SET seq = 2 WHERE seq = 100")
        guard case .damagedChunk(_, 1, .checksum) = failure(path) else {
            Issue.record("not found: \(String(describing: failure(path)))")
            return
        }
    }

    @Test(arguments: [
        "DROP TABLE edge_chunk", "DROP TABLE meta", "DROP TABLE record", "DROP TABLE gap",
        "DROP TABLE channel", "DELETE FROM edge_chunk WHERE seq = 2",
        "UPDATE edge_chunk SET edge_count = 0 WHERE seq = 4",
        "UPDATE edge_chunk SET edge_count = 99999999999 WHERE seq = 4",
        "UPDATE edge_chunk SET edges_before = -1 WHERE seq = 4",
        "UPDATE edge_chunk SET end_ns = 9223372036854775807 WHERE seq = 4",
        "UPDATE edge_chunk SET first_levels = 0 WHERE seq = 1",
        "UPDATE edge_chunk SET crc32 = -1 WHERE seq = 1",
        "UPDATE edge_chunk SET payload = x'' WHERE seq = 1",
        "UPDATE channel SET idx = 77 WHERE idx = 4", "UPDATE channel SET seen = 'guessed'",
        "UPDATE edge_chunk SET bytes_before = 9223372036854775807 WHERE seq = 4",
        "UPDATE edge_chunk SET bytes_before = 1152921504606846976 WHERE seq = 4",
        "INSERT INTO meta VALUES ('resolution_ns', '-1')",
        "INSERT INTO meta VALUES ('resolution_ns', '9223372036854775807')",
        "UPDATE meta SET value = 'never' WHERE key = 'end_ns'",
        "INSERT INTO gap VALUES (0, 0, 5, 4, 'sequence', NULL, 0)",
        "INSERT INTO gap VALUES (0, 0, 4, 5, 'no reason', NULL, 0)",
        "INSERT INTO gap VALUES (0, 0, 4, 5, 'sequence', 32, 0)",
        "INSERT INTO gap VALUES (9223372036854775807, 0, 4, 5, 'sequence', NULL, 0)",
        "INSERT INTO gap VALUES (-1, 0, 4, 5, 'sequence', NULL, 0)",
        "INSERT INTO gap VALUES (0, 10001, 4, 5, 'sequence', NULL, 0)",
        "INSERT INTO gap VALUES (0, 1999, 4, 5, 'sequence', NULL, 0)",
        "INSERT INTO gap VALUES (0, 9999, 4, 5, 'sequence', NULL, 0)",
        "INSERT INTO gap VALUES (0, 4000, 4, 5, 'sequence', NULL, 0), "
            + "(1, 2000, 4, 5, 'sequence', NULL, 0)",
        "INSERT INTO record VALUES (0, 0, -1, 1, x'')",
        "INSERT INTO record VALUES (0, 0, 0, 256, x'')",
        "DROP TABLE meta; CREATE TABLE meta (key, value); INSERT INTO meta VALUES (1, x'00')",
        "DROP TABLE record; CREATE TABLE record (id, time_ns, edges_before, kind, payload); "
            + "INSERT INTO record VALUES ('a', 'b', 1.5, NULL, 7)",
        "DROP TABLE gap; CREATE VIEW gap AS SELECT 'x' AS id, NULL AS edges_before, 1 AS "
            + "start_ns, 2 AS end_ns, 3 AS reason, 4 AS channel, 5 AS levels",
    ])
    func aHostileDatabaseIsAnError(statement: String) throws {
        let path = try capture()
        try sql(path, statement)
        let error = try #require(failure(path), "read without an error")
        #expect(error.description.hasPrefix(path))
    }

    /// A view can say the same as the table, or go on for ever: it is not even asked.
    @Test(
        arguments: ["meta", "channel", "edge_chunk", "gap", "record"],
        [
            "SELECT * FROM original",
            "WITH RECURSIVE r(x) AS (VALUES(1) UNION ALL SELECT x FROM r) "
                + "SELECT original.* FROM r, original",
        ])
    func aViewIsNoTable(table: String, query: String) throws {
        let path = try capture()
        try sql(
            path,
            "ALTER TABLE \(table) RENAME TO original; CREATE VIEW \(table) AS \(query)")
        #expect(throws: CaptureError.self) { try Capture(opening: path) }
        let error = try #require(failure(path))
        #expect(error.description.contains("\(table) is missing or no table"))
    }

    @Test func aGapInsideAChunkIsFoundFromAnyBeginning() throws {
        let path = try capture()
        try sql(path, "INSERT INTO gap VALUES (0, 4100, 4, 5, 'sequence', NULL, 0)")
        let capture = try Capture(opening: path)
        var payload: [UInt8] = []
        let header = try #require(try capture.chunk(2, into: &payload))
        var source = try capture.edges(from: header.start, to: header.start + Nanoseconds(1))
        let error = #expect(throws: CaptureError.self) { try Content(of: &source) }
        #expect(
            error
                == .damagedRow(
                    path: path, table: "gap", row: 0,
                    problem: "4100 edges before it, which is inside a chunk"))
    }

    @Test func aPayloadThatIsFarTooLongIsNotRead() throws {
        let path = try capture()
        try sql(
            path, "UPDATE edge_chunk SET payload = zeroblob(200000000) WHERE seq = 4")
        let error = try #require(failure(path))
        #expect(error.description.contains("is too long for 2000 edges"))
    }

    @Test(arguments: UInt64(0)..<30)
    func randomDamageIsAnErrorOrHarmless(seed: UInt64) throws {
        let path = try capture()
        var random = SeededRandom(seed: seed)
        var generator = EdgeGenerator(seed: 1)
        let edges = generator.link(10_000)
        try edit(path) { bytes in
            for _ in 0..<20 {
                // Half of the damage where SQLite keeps its own structures.
                let end = random.chance(1, of: 2) ? 8192 : bytes.count
                bytes[Int.random(in: 100..<end, using: &random)] = .random(
                    in: 0 ... .max, using: &random)
            }
        }
        if failure(path) == nil {
            var source = try Capture(opening: path).edges()
            #expect(try Content(of: &source).edges == edges)
        }
    }

    @Test func aFolderThatIsNotThereIsAnError() {
        let path = folder.file("none/a.syn")
        let error = #expect(throws: CaptureError.self) {
            try CaptureWriter(creating: path, metadata: CaptureMetadata())
        }
        #expect(error?.description.contains("No such file or directory") == true)
        #expect(throws: CaptureError.self) { try VCDWriter(path: folder.file("none/a.vcd")) }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
    func aFolderWithoutPermissionIsAnError() throws {
        chmod(folder.path, 0o500)
        defer { chmod(folder.path, 0o700) }
        let path = folder.file("a.syn")
        guard
            case .cannotWrite(path, _, EACCES) = #expect(
                throws: CaptureError.self,
                performing: {
                    try CaptureWriter(creating: path, metadata: CaptureMetadata())
                })
        else {
            Issue.record("another error")
            return
        }
    }

    @Test func errorsAreSentences() {
        let errors: [CaptureError] = [
            .cannotRead(path: "a", doing: "opening", errno: EACCES),
            .diskFull(path: "a", doing: "writing"), .busy(path: "a", doing: "opening"),
            .damagedDatabase(path: "a", doing: "reading", sqliteCode: 11, message: "malformed"),
            .damagedChunk(path: "a", sequence: 3, fault: .checksum(expected: 1, actual: 255)),
            .inputOutput(path: "a", doing: "reading", errno: EIO),
            .database(path: "a", doing: "reading", sqliteCode: 1, message: "what"),
            .outOfMemory(doing: "packing edges"),
            .invalidEdge(
                number: 7,
                problem: .levelsChanged(
                    expected: LevelSet(bits: 0b10000), actual: LevelSet(bits: 0b100001))),
            .invalidEdge(number: 8, problem: .sameLevel(.sckin, .high, at: .zero)),
        ]
        #expect(
            errors.map(\.description) == [
                "a: opening: Permission denied; check its permissions",
                "a: writing: no space is left; free some, or write to another disk",
                "a: opening: another program holds the file; wait for it or stop it",
                "a is damaged: reading: malformed (SQLite 11); copy it again, or save what is whole "
                    + "with `synscope doctor FILE -o RESCUED.syn`",
                "a is damaged: chunk 3: its CRC-32 is 0x000000ff, 0x00000001 was stored; copy it "
                    + "again, or save what is whole with `synscope doctor FILE -o RESCUED.syn`",
                "a: reading: Input/output error; check the disk",
                "a: reading: what (SQLite 1)",
                "packing edges: no memory is left; end other programs, or raise the limit that this "
                    + "one has",
                "edge 7 cannot be stored: `reset` became 1, `sckin` became 0, channel 5 became 1 since "
                    + "the edge before without an edge of its own; an edge was lost, which must be "
                    + "said by a gap",
                "edge 8 cannot be stored: `sckin` is already 1 at 0 ns; an edge was lost, which must "
                    + "be said by a gap",
            ])
    }
}

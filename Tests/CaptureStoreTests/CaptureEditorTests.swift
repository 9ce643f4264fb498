import Signals
import Testing

@testable import CaptureStore

/// What is said about the edges of a finished capture changes all at once, and the edges stay.
@Suite struct CaptureEditorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func record(
        _ edgesBefore: Int64, _ time: Int64, _ kind: JournalKind = .applicationLog,
        _ payload: String = "{}"
    ) -> JournalRecord {
        JournalRecord(
            time: Timestamp(nanoseconds: time), edgesBefore: edgesBefore, kind: kind,
            payload: Array(payload.utf8))
    }

    @discardableResult
    private func capture(
        _ name: String = "a.syn", records: [JournalRecord] = [], isFinished: Bool = true
    ) throws -> String {
        let path = folder.file(name)
        var metadata = CaptureMetadata()
        metadata.extra = [.init(key: "own", value: "1")]
        let writer = try CaptureWriter(
            creating: path, metadata: metadata, mode: isFinished ? .whole : .live)
        var batch = EdgeBatch()
        for index in 0..<10 {
            batch.edges.append(
                Edge(
                    time: Timestamp(nanoseconds: Int64(index) * 100), channel: .sckout,
                    level: index % 2 == 0 ? .high : .low))
        }
        try writer.append(batch)
        for record in records { try writer.append(record: record) }
        if isFinished {
            try writer.finish(at: Timestamp(nanoseconds: 1_000))
        } else {
            try writer.flush()
        }
        return path
    }

    private func edit(_ path: String, _ change: (CaptureEditor) throws -> Void) throws {
        let editor = try CaptureEditor(editing: path)
        try change(editor)
        try editor.commit()
    }

    private func all(_ source: RecordSource) throws -> [JournalRecord] {
        var source = source
        var records: [JournalRecord] = []
        while let record = try source.next() { records.append(record) }
        return records
    }

    @Test func recordsOfAKindAreReplacedAndOthersKeepTheirOrder() throws {
        // Two notes at one place whose times run back: their order is their order.
        let notes = [
            record(0, 0, .note, "first"), record(4, 350, .note, "late"),
            record(4, 310, .note, "early"),
            record(9, 900, .note, "last"),
        ]
        let path = try capture(records: notes)
        let log = [record(0, -5), record(4, 320), record(4, 360), record(10, 950)]
        try edit(path) { try $0.replaceRecords(of: .applicationLog, by: log) }
        let capture = try Capture(opening: path)
        #expect(try all(capture.recordSource(of: .applicationLog)) == log)
        #expect(try all(capture.recordSource(of: .note)) == notes)
        #expect(
            try capture.records().map(\.time.nanoseconds)
                == [-5, 0, 320, 350, 310, 360, 900, 950])
        #expect(try CaptureVerification(of: path).isSound)
        try edit(path) { try $0.replaceRecords(of: .applicationLog, by: []) }
        #expect(try Capture(opening: path).records() == notes)
    }

    @Test func manyRecordsAreReadPageByPage() throws {
        let many = (0..<1_000).map { record(Int64($0 / 100), Int64($0), .note) }
        let path = try capture(records: many)
        #expect(try all(Capture(opening: path).recordSource()) == many)
        #expect(try all(RecordSource(many)) == many)
    }

    @Test func keysAreChangedAddedAndRemoved() throws {
        let path = try capture()
        try edit(path) {
            try $0.set("application_log_source", to: "x")
            try $0.set("own", to: "2")
        }
        var extra = try Capture(opening: path).metadata.extra
        #expect(
            extra == [
                .init(key: "own", value: "2"), .init(key: "application_log_source", value: "x"),
            ])
        try edit(path) { try $0.set("own", to: nil) }
        extra = try Capture(opening: path).metadata.extra
        #expect(extra.map(\.key) == ["application_log_source"])
        let editor = try CaptureEditor(editing: path)
        #expect(throws: CaptureError.self) { try editor.set("edges", to: "7") }
        #expect(throws: CaptureError.self) { try editor.set("secrets", to: "none") }
    }

    @Test func recordsThatNobodyCanHaveMadeAreRefused() throws {
        let editor = try CaptureEditor(editing: try capture())
        #expect(throws: CaptureError.self) {
            try editor.replaceRecords(of: .applicationLog, by: [record(3, 0), record(2, 0)])
        }
        #expect(throws: CaptureError.self) {
            try editor.replaceRecords(of: .applicationLog, by: [record(3, 0, .note)])
        }
        #expect(throws: CaptureError.self) {
            try editor.replaceRecords(of: .applicationLog, by: [record(3, .max)])
        }
    }

    private func annotation(_ type: String, _ start: Int64) -> CaptureAnnotation {
        CaptureAnnotation(
            start: Timestamp(nanoseconds: start), end: nil, row: .link, type: type, session: 1,
            body: "{}")
    }

    @Test func annotationsAreReplacedAndReadableCapturesStayReadable() throws {
        let path = try capture()
        #expect(try Capture(opening: path).countAnnotations() == nil)
        for count in [3, 2] {
            try edit(path) { editor in
                editor.replaceAnnotations()
                for index in 0..<count { try editor.add(annotation("reset", Int64(index))) }
            }
            #expect(try Capture(opening: path).countAnnotations() == Int64(count))
            #expect(try CaptureVerification(of: path).isSound)
        }
    }

    @Test func anEditorThatIsDroppedChangesNothing() throws {
        let path = try capture(records: [record(1, 1)])
        let before = try folder.bytes("a.syn")
        do {
            let editor = try CaptureEditor(editing: path)
            try editor.replaceRecords(of: .applicationLog, by: [])
            editor.replaceAnnotations()
            try editor.add(annotation("gap", 0))
        }
        #expect(try folder.bytes("a.syn") == before)
        #expect(try folder.names == ["a.syn"])
    }

    @Test func theSameChangeGivesTheSameBytes() throws {
        for name in ["a.syn", "b.syn"] {
            try edit(try capture(name, records: [record(2, 150, .note)])) { editor in
                try editor.replaceRecords(of: .applicationLog, by: [record(1, 50), record(3, 250)])
                try editor.set("k", to: "v")
                editor.replaceAnnotations()
                try editor.add(annotation("sync", 4))
            }
        }
        #expect(try folder.bytes("a.syn") == folder.bytes("b.syn"))
    }

    @Test func aCopyIsChangedAndItsOriginalIsNot() throws {
        let path = try capture()
        let before = try folder.bytes("a.syn")
        let original = try Capture(opening: path)
        for name in ["b.syn", "c.syn"] {
            try CaptureCopy.make(of: original, at: folder.file(name), replacing: false) {
                try $0.replaceRecords(of: .applicationLog, by: [record(1, 50)])
            }
        }
        #expect(try folder.bytes("a.syn") == before)
        #expect(try folder.bytes("b.syn") == folder.bytes("c.syn"))
        #expect(try CaptureVerification(of: folder.file("b.syn")).isSound)
        #expect(try Capture(opening: folder.file("b.syn")).records().count == 1)
        #expect(throws: CaptureError.self) {
            try CaptureCopy.make(of: original, at: folder.file("b.syn"), replacing: false) { _ in }
        }
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            try CaptureCopy.make(of: original, at: folder.file("d.syn"), replacing: false) { _ in
                throw Refused()
            }
        }
        #expect(try folder.names == ["a.syn", "b.syn", "c.syn"])
    }

    @Test func aCaptureThatIsNotCompleteIsNotChanged() throws {
        let path = try capture("live.syn", isFinished: false)
        #expect(throws: CaptureError.self) { try CaptureEditor(editing: path) }
    }
}

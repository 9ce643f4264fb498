// What is said about the edges of a finished capture, written anew; the edges themselves stay.

internal import GRDB
internal import Glibc
public import Signals

/// Replaces records of a kind, metadata and annotations of a capture that is complete, all of it or
/// nothing.
///
///     let editor = try CaptureEditor(editing: path)
///     try editor.replaceRecords(of: .applicationLog, by: records)
///     try editor.commit()
///
/// An editor that is dropped before ``commit()``, or that fails, leaves the capture as it was. Nobody
/// may read the capture with a source of ours meanwhile: whatever is to be written from its edges is
/// read before, or put aside with ``add(_:)``.
public final class CaptureEditor {
    /// The path that errors name.
    public let path: String
    private let database: CaptureDatabase
    private var isOpen = true
    private var annotationCount: Int64 = 0

    /// Opens a capture to be changed in its place.
    ///
    /// - Throws: when it is not complete: its recorder, if it still runs, counts on nobody else's rows.
    public convenience init(editing path: String) throws(CaptureError) {
        let capture = try Capture(opening: path)
        try Self.check(capture)
        try self.init(path: path, file: path)
    }

    /// Opens a capture whose file has another name than what errors shall say.
    init(path: String, file: String) throws(CaptureError) {
        self.path = path
        database = try CaptureDatabase(path: path, file: file, writable: true)
        try database.change("preparing to change it") { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: CaptureSchema.createSpool)
        }
    }

    deinit { if isOpen { try? database.close() } }

    static func check(_ capture: Capture) throws(CaptureError) {
        guard capture.isFinished else {
            throw .invalidInput(
                "\(capture.path) is still being recorded, or its recorder died; wait for its end, or "
                    + "make a complete capture of it with `synscope doctor \(capture.path) -o FILE.syn`"
            )
        }
    }

    // MARK: What shall be written

    private var records: (kind: JournalKind, records: [JournalRecord])?
    private var metadata: [(key: String, value: String?)] = []
    private var replacesAnnotations = false

    /// All records of a kind shall be these, in their order.
    public func replaceRecords(
        of kind: JournalKind, by records: [JournalRecord]
    ) throws(CaptureError) {
        var before: Int64 = 0
        for (index, record) in records.enumerated() {
            guard record.kind == kind, record.edgesBefore >= before, record.time >= .earliest,
                record.time <= .latest
            else {
                throw .invalidInput("record \(index) is of another kind, or out of order or range")
            }
            before = record.edgesBefore
        }
        self.records = (kind, records)
    }

    /// A key of the metadata shall have a value, or none.
    public func set(_ key: String, to value: String?) throws(CaptureError) {
        guard !(CaptureMetadata.propertyKeys + CaptureMetadata.StoreKey.all).contains(key) else {
            throw .invalidInput("metadata key `\(key)` belongs to the capture itself")
        }
        metadata.append((key, value))
    }

    /// The annotations shall be those that are added from now on, even if none is.
    public func replaceAnnotations() { replacesAnnotations = true }

    /// Adds an annotation, behind those before. It is kept in a temporary file until the end.
    public func add(_ annotation: CaptureAnnotation) throws(CaptureError) {
        try database.change("putting an annotation aside") { db in
            try db.cachedStatement(sql: CaptureSchema.insertSpool).execute(arguments: [
                annotationCount, annotation.start.nanoseconds, annotation.end?.nanoseconds,
                annotation.row.rawValue, annotation.type, annotation.session, annotation.body,
            ])
        }
        annotationCount += 1
    }

    /// Writes all of it, and closes the file.
    public func commit() throws(CaptureError) {
        let (records, metadata, annotates) = (records, metadata, replacesAnnotations)
        try database.change("writing what is said about the edges") { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            do {
                if let records { try Self.write(records.records, of: records.kind, to: db) }
                if !metadata.isEmpty { try Self.write(metadata, to: db) }
                if annotates { try db.execute(sql: CaptureSchema.replaceAnnotations) }
                try db.execute(sql: "COMMIT")
            } catch {
                try? db.execute(sql: "ROLLBACK")
                throw error
            }
        }
        isOpen = false
        try database.close()
    }

    // MARK: Rows

    /// Merges the records with those of other kinds, which keep their order.
    private static func write(
        _ records: [JournalRecord], of kind: JournalKind, to db: Database
    ) throws {
        try db.execute(sql: CaptureSchema.setRecordsAside, arguments: [Int64(kind.rawValue)])
        try db.execute(sql: CaptureSchema.deleteRecords)
        let insert = try db.cachedStatement(sql: CaptureSchema.insertRecord)
        var id: Int64 = 0
        var rest = records[...]
        func put(_ record: JournalRecord) throws {
            try insert.execute(arguments: [
                id, record.time.nanoseconds, record.edgesBefore, Int64(record.kind.rawValue),
                record.payload.data,
            ])
            id += 1
        }
        let others = try Row.fetchCursor(db, sql: CaptureSchema.selectRecordsAside)
        while let other = try others.next() {
            let place = (other.integer(2) ?? 0, other.integer(1) ?? 0)
            while let record = rest.first, (record.edgesBefore, record.time.nanoseconds) < place {
                try put(record)
                rest.removeFirst()
            }
            try db.execute(
                sql: CaptureSchema.copyRecordAside, arguments: [id, other.integer(0)])
            id += 1
        }
        for record in rest { try put(record) }
        try db.execute(sql: CaptureSchema.dropRecordsAside)
    }

    /// Changes keys in their place; new ones come behind all that the capture says about itself and
    /// before what its completion says.
    private static func write(
        _ changes: [(key: String, value: String?)], to db: Database
    ) throws {
        var entries: [(key: String, value: String)] = []
        let rows = try Row.fetchCursor(db, sql: CaptureSchema.selectMeta)
        while let row = try rows.next() {
            entries.append((row.text(0) ?? "", row.text(1) ?? ""))
        }
        for change in changes {
            let place = entries.firstIndex { $0.key == change.key }
            switch (place, change.value) {
            case (let place?, let value?): entries[place].value = value
            case (let place?, nil): entries.remove(at: place)
            case (nil, let value?):
                let end =
                    entries.firstIndex { CaptureMetadata.StoreKey.all.contains($0.key) }
                    ?? entries.count
                entries.insert((change.key, value), at: end)
            case (nil, nil): break
            }
        }
        try db.execute(sql: CaptureSchema.deleteMeta)
        let insert = try db.cachedStatement(sql: CaptureSchema.insertMeta)
        for entry in entries { try insert.execute(arguments: [entry.key, entry.value]) }
    }
}

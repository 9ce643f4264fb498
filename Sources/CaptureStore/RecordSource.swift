// The records of a capture one after the other, a page of them in memory at a time.

internal import Foundation
internal import GRDB
public import Signals

/// Records in their order, for whoever reads them beside the edges.
///
/// A record belongs before the next edge as soon as ``CaptureEdgeSource/edgesBefore`` has reached
/// its own `edgesBefore`.
public struct RecordSource: Sendable {
    private var page: ArraySlice<JournalRecord>
    private let database: CaptureDatabase?
    private let kind: JournalKind?
    private var lastID = Int64.min
    private var lastPlace: Int64 = 0
    private var isAtEnd = false

    /// Records per page.
    static var pageLength: Int { 256 }
    /// A longer payload is refused: none of ours gets near it.
    public static var payloadBytesMax: Int { 16 << 20 }

    /// Records that are in memory already, in their order.
    public init(_ records: [JournalRecord]) {
        page = records[...]
        database = nil
        kind = nil
    }

    init(database: CaptureDatabase, kind: JournalKind?) {
        page = []
        self.database = database
        self.kind = kind
    }

    /// The next record; nil behind the last one.
    public mutating func next() throws(CaptureError) -> JournalRecord? {
        try fillPage()
        return page.popFirst()
    }

    /// Replaces `records` by those that come before one of the first `edgeCount` edges of the capture
    /// and were not read yet; by all that are left for `Int64.max`.
    public mutating func read(
        before edgeCount: Int64, into records: inout [JournalRecord]
    ) throws(CaptureError) {
        records.removeAll(keepingCapacity: true)
        while true {
            try fillPage()
            guard let first = page.first, first.edgesBefore < edgeCount else { return }
            records.append(first)
            page.removeFirst()
        }
    }

    private mutating func fillPage() throws(CaptureError) {
        guard page.isEmpty, !isAtEnd, let database else { return }
        page = try readPage(of: database)[...]
        isAtEnd = page.isEmpty
    }

    private mutating func readPage(
        of database: CaptureDatabase
    ) throws(CaptureError) -> [JournalRecord] {
        let path = database.path
        let (kind, before) = (kind, (id: lastID, place: lastPlace))
        let (records, last) = try database.access("reading records") { db in
            let statement = try db.cachedStatement(sql: CaptureSchema.selectRecordPage)
            let rows = try Row.fetchCursor(
                statement,
                arguments: [before.id, kind.map { Int64($0.rawValue) }, Self.pageLength])
            var records: [JournalRecord] = []
            var last = before
            while let row = try rows.next() {
                let id = row.integer(0)
                guard let id, let record = try Self.record(row), record.edgesBefore >= last.place
                else {
                    throw CaptureError.damagedRow(
                        path: path, table: "record", row: id ?? -1,
                        problem: "a value is out of range or order")
                }
                records.append(record)
                last = (id, record.edgesBefore)
            }
            return (records, last)
        }
        (lastID, lastPlace) = (last.id, last.place)
        return records
    }

    /// The columns of `CaptureSchema.selectRecordPage`; nil when one is out of range.
    private static func record(_ row: Row) throws -> JournalRecord? {
        guard let time = row.timestamp(1), let before = row.integer(2), before >= 0,
            before < StoredLimits.edgesMax,
            let kind = row.integer(3).flatMap(UInt8.init(exactly:)),
            let length = row.integer(4), length >= 0, length <= payloadBytesMax
        else { return nil }
        let payload = try row.withUnsafeData(atIndex: 5) { [UInt8]($0 ?? .init()) }
        return JournalRecord(
            time: time, edgesBefore: before, kind: JournalKind(rawValue: kind), payload: payload)
    }
}

extension Capture {
    /// All records, or those of one kind, in the order of the edges before them, in bounded memory.
    public func recordSource(of kind: JournalKind? = nil) -> RecordSource {
        RecordSource(database: database, kind: kind)
    }
}

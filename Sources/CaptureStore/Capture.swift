// A capture file as its reader sees it. Opening reads a handful of rows and never a payload, so it
// takes the same time whatever the size.

internal import Foundation
internal import GRDB
public import Signals

/// A capture file opened for reading; also while it is still being recorded.
public struct Capture: Sendable {
    /// The path by which it was opened.
    public let path: String
    /// What the capture says about itself.
    public private(set) var metadata = CaptureMetadata()
    /// The channels in the order of their places.
    public private(set) var channels: [CaptureChannel] = []
    /// The number of edges.
    public private(set) var edgeCount: Int64 = 0
    /// The number of chunks of edges.
    public private(set) var chunkCount: Int64 = 0
    /// The size of all payloads together, in bytes.
    public private(set) var payloadBytes: Int64 = 0
    /// The time of the first edge, or the earliest moment known when there is none.
    public private(set) var start = Timestamp.zero
    /// The start of the observation: time 0 unless the capture says otherwise, and never after its
    /// first edge.
    public var observationStart: Timestamp { min(metadata.observationStart ?? .zero, start) }
    /// The end of the observation, which can be after the last edge.
    public private(set) var end = Timestamp.zero
    /// The levels before the first edge.
    public private(set) var initialLevels = LevelSet.rest
    /// Where edges are known to be missing, in the order of the edges.
    public private(set) var gaps: [Gap] = []
    /// Whether its writer completed it.
    ///
    /// False while it is being recorded and after a crash.
    public private(set) var isFinished = false

    let database: CaptureDatabase
    /// How many edges its writer says that it completed it with.
    private var writtenEdgeCount: Int64?
    /// The numbers of edges before the gaps, in their order.
    private(set) var gapPlaces: [Int64] = []
    /// The levels behind the last gap at each of those places.
    private(set) var gapLevels: [Int64: LevelSet] = [:]

    /// Opens a capture.
    public init(opening path: String) throws(CaptureError) {
        self.path = path
        try CaptureHeader.check(path: path)
        database = try CaptureDatabase(path: path, writable: false)
        try refresh()
    }

    /// Reads again what can have changed since opening: a capture grows while it is recorded.
    public mutating func refresh() throws(CaptureError) {
        let path = path
        self = try database.access("reading what the capture says about itself") { db in
            var next = self
            // One transaction, so that all of it belongs to one moment of a recording.
            try db.inSavepoint {
                try Self.checkTables(db, path: path)
                try next.readMetadata(db, path: path)
                try next.readChannels(db, path: path)
                try next.readChunks(db, path: path)
                try next.checkEdgeCount()
                try next.readGaps(db, path: path)
                return .commit
            }
            return next
        }
    }

    /// The edges from the first to the last.
    public func edges() throws(CaptureError) -> CaptureEdgeSource {
        try CaptureEdgeSource(database: database, channels: channels, follows: !isFinished)
    }

    /// The edges whose time is at or after `from` and before `to` (nil: all up to the end).
    ///
    /// The first batch begins with the levels at `from`; what a decoder must know of earlier
    /// edges is its own business, so it asks for an earlier `from`.
    public func edges(
        from: Timestamp, to: Timestamp? = nil
    ) throws(CaptureError) -> CaptureEdgeSource {
        try CaptureEdgeSource(
            database: database, channels: channels, follows: !isFinished, from: from, to: to)
    }

    /// The records that are no edges, in the order of the edges before them, up to `limit`.
    ///
    /// - Parameter edgesBefore: only records with at least so many edges before them.
    public func records(
        edgesBefore: Int64 = 0, limit: Int = .max
    ) throws(CaptureError) -> [JournalRecord] {
        try database.access("reading records") { db in
            let statement = try db.cachedStatement(sql: CaptureSchema.selectRecords)
            // Asked for all, a record that no writer can have written must show.
            let lowest = edgesBefore > 0 ? edgesBefore : .min
            let rows = try Row.fetchCursor(statement, arguments: [lowest, Int64(limit)])
            var records: [JournalRecord] = []
            while let row = try rows.next() {
                let id = row.integer(0) ?? -1
                guard let time = row.timestamp(1), let before = row.integer(2), before >= 0,
                    before < StoredLimits.edgesMax,
                    let kind = row.integer(3).flatMap(UInt8.init(exactly:))
                else {
                    throw CaptureError.damagedRow(
                        path: path, table: "record", row: id, problem: "a value is out of range")
                }
                let payload = try row.withUnsafeData(atIndex: 4) { [UInt8]($0 ?? .init()) }
                records.append(
                    JournalRecord(
                        time: time, edgesBefore: before, kind: JournalKind(rawValue: kind),
                        payload: payload))
            }
            return records
        }
    }

    /// The stored header and payload of one chunk, for tools that look at the coding itself.
    public func chunk(
        _ sequence: Int64, into payload: inout [UInt8]
    ) throws(CaptureError) -> ChunkHeader? {
        try database.readChunk(sequence, into: &payload)
    }

    /// What SQLite's own check of its pages and indices finds wrong, at most twenty of it.
    func integrityProblems() throws(CaptureError) -> [String] {
        try database.access("checking its structure") { db in
            try String?.fetchAll(db, sql: CaptureSchema.integrityCheck).compactMap { $0 }
                .filter { $0 != "ok" }
        }
    }

    /// The number of chunks that are there, which is ``chunkCount`` unless some are missing.
    func countChunks() throws(CaptureError) -> Int64 {
        try database.access("counting its chunks") { db in
            try Row.fetchOne(db, sql: CaptureSchema.countChunks)?.integer(0) ?? 0
        }
    }

    /// How many annotations the capture has; nil when it was never annotated.
    public func countAnnotations() throws(CaptureError) -> Int64? {
        try database.access("counting its annotations") { db in
            let names = try String?.fetchSet(db, sql: CaptureSchema.selectTables)
            guard names.contains(CaptureSchema.annotationTable) else { return nil }
            return try Row.fetchOne(db, sql: CaptureSchema.countAnnotations)?.integer(0)
        }
    }

    /// Throws when a record is out of range or order; keeps none in memory.
    func checkRecords() throws(CaptureError) {
        try database.access("checking records") { db in
            let rows = try Row.fetchCursor(db, sql: CaptureSchema.selectRecordHeaders)
            var before: Int64 = 0
            while let row = try rows.next() {
                guard row.timestamp(1) != nil, let place = row.integer(2), place >= before,
                    place <= edgeCount, row.integer(3).flatMap(UInt8.init(exactly:)) != nil
                else {
                    throw CaptureError.damagedRow(
                        path: path, table: "record", row: row.integer(0) ?? -1,
                        problem: "it is out of range or order")
                }
                before = place
            }
        }
    }

    // MARK: - Reading the tables

    private static func checkTables(_ db: Database, path: String) throws {
        let names = try String?.fetchSet(db, sql: CaptureSchema.selectTables)
        for table in CaptureSchema.tables where !names.contains(table) {
            throw CaptureError.damagedDatabase(
                path: path, doing: "looking at its tables",
                sqliteCode: Int(ResultCode.SQLITE_CORRUPT.rawValue),
                message: "\(table) is missing or no table")
        }
    }

    private mutating func readMetadata(_ db: Database, path: String) throws {
        var entries: [CaptureMetadata.Entry] = []
        var storedEnd: Timestamp?
        isFinished = false
        writtenEdgeCount = nil
        let rows = try Row.fetchCursor(db, sql: CaptureSchema.selectMeta)
        while let row = try rows.next() {
            guard let key = row.text(0), let value = row.text(1) else {
                throw CaptureError.damagedRow(
                    path: path, table: "meta", row: Int64(entries.count), problem: "no text")
            }
            switch key {
            case CaptureMetadata.StoreKey.end:
                guard let number = Int64(value), let time = Timestamp(stored: number) else {
                    throw CaptureError.damagedRow(
                        path: path, table: "meta", row: Int64(entries.count),
                        problem: "\(key) is `\(value)`")
                }
                storedEnd = time
            case CaptureMetadata.StoreKey.edgeCount:
                guard let number = Int64(value), number >= 0 else {
                    throw CaptureError.damagedRow(
                        path: path, table: "meta", row: Int64(entries.count),
                        problem: "\(key) is `\(value)`")
                }
                writtenEdgeCount = number
            case CaptureMetadata.StoreKey.finished:
                guard value == "1" else {
                    throw CaptureError.damagedRow(
                        path: path, table: "meta", row: Int64(entries.count),
                        problem: "\(key) is `\(value)`")
                }
                isFinished = true
            case "resolution_ns":
                if let step = Int64(value),
                    step < 0 || step > CaptureMetadata.resolutionMax.count
                {
                    throw CaptureError.damagedRow(
                        path: path, table: "meta", row: Int64(entries.count),
                        problem: "\(key) is `\(value)`")
                }
                entries.append(CaptureMetadata.Entry(key: key, value: value))
            default: entries.append(CaptureMetadata.Entry(key: key, value: value))
            }
        }
        if isFinished, storedEnd == nil || writtenEdgeCount == nil {
            throw CaptureError.damagedRow(
                path: path, table: "meta", row: Int64(entries.count),
                problem: "the capture is finished, and its end or number of edges is missing")
        }
        metadata = CaptureMetadata(entries: entries)
        end = storedEnd ?? .zero
    }

    private mutating func readChannels(_ db: Database, path: String) throws {
        channels = []
        let rows = try Row.fetchCursor(db, sql: CaptureSchema.selectChannels)
        while let row = try rows.next() {
            guard let index = row.integer(0), let channel = Channel(index: Int(clamping: index)),
                let name = row.text(1), let level = row.integer(2), level == 0 || level == 1,
                let seen = row.text(3).flatMap(CaptureChannel.Seen.init(rawValue:))
            else {
                throw CaptureError.damagedRow(
                    path: path, table: "channel", row: row.integer(0) ?? -1,
                    problem: "a value is out of range")
            }
            channels.append(
                CaptureChannel(
                    channel: channel, name: name, initialLevel: level == 1 ? .high : .low,
                    seen: seen))
        }
        initialLevels = channels.initialLevels
    }

    private mutating func readChunks(_ db: Database, path: String) throws {
        let rows = try Row.fetchCursor(db, sql: CaptureSchema.selectLastChunk)
        guard let row = try rows.next() else {
            (chunkCount, edgeCount, payloadBytes) = (0, 0, 0)
            start = min(.zero, end)
            return
        }
        let last = try row.chunkHeader(path: path)
        guard let length = row.integer(CaptureSchema.chunkHeaderColumnCount), length >= 0,
            length < StoredLimits.bytesMax
        else {
            throw CaptureError.damagedRow(
                path: path, table: "edge_chunk", row: last.header.sequence, problem: "no payload")
        }
        chunkCount = last.header.sequence + 1
        edgeCount = last.header.edgesBefore + Int64(last.header.edgeCount)
        payloadBytes = last.header.bytesBefore + length
        end = isFinished ? max(end, last.header.end) : last.header.end
        let firstRows = try Row.fetchCursor(db, sql: CaptureSchema.selectFirstChunk)
        if let row = try firstRows.next() { start = try row.chunkHeader(path: path).header.start }
    }

    /// A damaged list of chunks can look like a shorter one that is whole.
    private func checkEdgeCount() throws(CaptureError) {
        guard isFinished, let writtenEdgeCount, writtenEdgeCount != edgeCount else { return }
        throw .damagedRow(
            path: path, table: "edge_chunk", row: chunkCount,
            problem: "\(edgeCount) edges are there, \(writtenEdgeCount) were written")
    }

    private mutating func readGaps(_ db: Database, path: String) throws {
        gaps = []
        gapPlaces = []
        gapLevels = [:]
        let rows = try Row.fetchCursor(db, sql: CaptureSchema.selectGaps)
        var position: Int64 = 0
        while let row = try rows.next() {
            let stored = try row.storedGap(path: path)
            guard stored.edgesBefore >= position, stored.edgesBefore <= edgeCount else {
                throw CaptureError.damagedRow(
                    path: path, table: "gap", row: stored.id,
                    problem: stored.edgesBefore > edgeCount
                        ? "\(stored.edgesBefore) edges before it, of \(edgeCount)"
                        : "it is not in the order of the edges")
            }
            position = stored.edgesBefore
            gaps.append(stored.gap)
            gapPlaces.append(stored.edgesBefore)
            gapLevels[stored.edgesBefore] = stored.levels
        }
        if !isFinished, let last = gaps.last { end = max(end, last.end) }
    }
}

// Rows as the types they stand for. A damaged or hostile file can hold anything in any column:
// every value is checked here, and none of GRDB's trapping conversions is used.

internal import Foundation
internal import GRDB
internal import Signals

/// Bounds of stored counts: no file gets near them, and no sum of a few of them overflows.
enum StoredLimits {
    /// Edges before a place in a capture stay below this.
    static let edgesMax: Int64 = 1 << 60
    /// Bytes of payloads before a place in a capture stay below this.
    static let bytesMax: Int64 = 1 << 60
}

/// A gap as it is stored.
struct StoredGap {
    var id: Int64
    var edgesBefore: Int64
    var gap: Gap
    /// The levels when the gap was over.
    var levels: LevelSet

    /// A gap from the columns of its row; nil when one is out of range.
    init?(_ integer: (Int) -> Int64?, _ text: (Int) -> String?) {
        let name = text(4)
        guard let id = integer(0), id >= 0, id < .max,
            let edgesBefore = integer(1), edgesBefore >= 0,
            edgesBefore < StoredLimits.edgesMax,
            let start = integer(2).flatMap({ Timestamp(stored: $0) }),
            let end = integer(3).flatMap({ Timestamp(stored: $0) }), start <= end,
            let reason = GapReason.allCases.first(where: { $0.name.description == name }),
            let levels = integer(6).flatMap({ LevelSet(stored: $0) })
        else { return nil }
        let index = integer(5)
        let channel = index.flatMap { Channel(index: Int(clamping: $0)) }
        guard (index == nil) == (channel == nil) else { return nil }
        self.id = id
        self.edgesBefore = edgesBefore
        gap = Gap(start: start, end: end, reason: reason, channel: channel)
        self.levels = levels
    }
}

/// A chunk's header as it is stored, with the checksum beside it.
struct StoredHeader {
    var header: ChunkHeader
    var checksum: UInt32

    /// A header from the columns `CaptureSchema.chunkHeaderColumns`; nil when one is out of range.
    init?(_ integer: (Int) -> Int64?) {
        guard let sequence = integer(0), sequence >= 0, sequence < 1 << 40,
            let start = integer(1).flatMap({ Timestamp(stored: $0) }),
            let end = integer(2).flatMap({ Timestamp(stored: $0) }), start <= end,
            let count = integer(3), count >= 1, count <= EdgeCodec.edgesMax,
            let edgesBefore = integer(4), edgesBefore >= 0,
            edgesBefore < StoredLimits.edgesMax,
            let bytesBefore = integer(5), bytesBefore >= 0, bytesBefore < StoredLimits.bytesMax,
            let levels = integer(6).flatMap({ LevelSet(stored: $0) }),
            let checksum = integer(7).flatMap({ UInt32(exactly: $0) })
        else { return nil }
        header = ChunkHeader(
            sequence: sequence, start: start, end: end, edgeCount: Int(count),
            edgesBefore: edgesBefore, bytesBefore: bytesBefore, firstLevels: levels)
        self.checksum = checksum
    }
}

extension Timestamp {
    /// A stored time, or nil when it is out of range.
    init?(stored nanoseconds: Int64) {
        self.init(nanoseconds: nanoseconds)
        guard self >= .earliest, self <= .latest else { return nil }
    }
}

extension LevelSet {
    /// Stored levels, or nil when they are out of range.
    init?(stored bits: Int64) {
        guard let bits = UInt32(exactly: bits) else { return nil }
        self.init(bits: bits)
    }
}

extension Row {
    /// A column as an integer, or nil when it holds something else.
    func integer(_ column: Int) -> Int64? {
        Int64.fromDatabaseValue(self[column] as DatabaseValue)
    }

    /// A column as text, or nil when it holds something else.
    func text(_ column: Int) -> String? {
        String.fromDatabaseValue(self[column] as DatabaseValue)
    }

    /// A column as a time, or nil when it holds something else.
    func timestamp(_ column: Int) -> Timestamp? {
        integer(column).flatMap { Timestamp(stored: $0) }
    }

    /// The columns `CaptureSchema.chunkHeaderColumns`.
    func chunkHeader(path: String) throws(CaptureError) -> StoredHeader {
        guard let stored = StoredHeader(integer) else {
            throw .damagedRow(
                path: path, table: "edge_chunk", row: integer(0) ?? -1,
                problem: "a value is out of range")
        }
        return stored
    }

    /// The columns of `CaptureSchema.selectGaps`.
    func storedGap(path: String) throws(CaptureError) -> StoredGap {
        guard let stored = StoredGap(integer, text) else {
            throw .damagedRow(
                path: path, table: "gap", row: integer(0) ?? -1,
                problem: "a value is out of range")
        }
        return stored
    }
}

extension CaptureDatabase {
    /// Reads a chunk, if there is one with this number, and verifies its checksum.
    func readChunk(
        _ sequence: Int64, into payload: inout [UInt8]
    ) throws(CaptureError) -> ChunkHeader? {
        try access("reading chunk \(sequence)") { db in
            let statement = try db.cachedStatement(sql: CaptureSchema.selectChunk)
            let rows = try Row.fetchCursor(statement, arguments: [sequence])
            guard let row = try rows.next() else { return nil }
            let stored = try row.chunkHeader(path: path)
            guard stored.header.sequence == sequence else {
                throw CaptureError.damagedRow(
                    path: path, table: "edge_chunk", row: sequence, problem: "it is missing")
            }
            let column = CaptureSchema.chunkHeaderColumnCount
            let length = row.integer(column) ?? 0
            guard length <= CaptureSchema.payloadBytesMax(edges: stored.header.edgeCount) else {
                throw CaptureError.damagedRow(
                    path: path, table: "edge_chunk", row: sequence,
                    problem: "its payload of \(length) bytes is too long for "
                        + "\(stored.header.edgeCount) edges")
            }
            payload.removeAll(keepingCapacity: true)
            try row.withUnsafeData(atIndex: column + 1) { data in
                data?.withUnsafeBytes { payload.append(contentsOf: $0) }
            }
            let checksum = stored.header.checksum(of: payload)
            guard checksum == stored.checksum else {
                throw CaptureError.damagedChunk(
                    path: path, sequence: sequence,
                    fault: .checksum(expected: stored.checksum, actual: checksum))
            }
            return stored.header
        }
    }

    /// The present number of edges in a chunk; 0 if there is no such chunk.
    func edgeCount(ofChunk sequence: Int64) throws(CaptureError) -> Int64 {
        try access("looking at chunk \(sequence)") { db in
            let statement = try db.cachedStatement(sql: CaptureSchema.selectChunkHeader)
            guard let row = try Row.fetchOne(statement, arguments: [sequence]) else { return 0 }
            return Int64(try row.chunkHeader(path: path).header.edgeCount)
        }
    }
}

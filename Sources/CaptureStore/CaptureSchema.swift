// The tables of a capture file: their SQL, and nothing but. Specified in CaptureFormat.md.

/// The identity and the tables of a capture file.
enum CaptureSchema {
    /// "SYNC", in SQLite's `application_id`.
    static let applicationID: UInt32 = 0x5359_4E43

    /// The version of the tables, in SQLite's `user_version`.
    static let version: Int32 = 1

    /// SQLite's size of a page, which decides how much of a last page stays unused.
    static let pageSize = 4096

    /// Settings that must precede the first table.
    static let prelude = """
        PRAGMA page_size = \(pageSize);
        PRAGMA auto_vacuum = NONE;
        PRAGMA encoding = 'UTF-8';
        """

    /// Everything that a new file contains.
    ///
    /// The payload is the last column of its table: SQLite
    /// reads a row's overflow pages only as far as the last column that is asked for.
    static let creation = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);

        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;

        CREATE TABLE channel (
            idx INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            initial_level INTEGER NOT NULL,
            seen TEXT NOT NULL
        ) STRICT;

        CREATE TABLE edge_chunk (
            seq INTEGER NOT NULL PRIMARY KEY,
            start_ns INTEGER NOT NULL,
            end_ns INTEGER NOT NULL,
            edge_count INTEGER NOT NULL,
            edges_before INTEGER NOT NULL,
            bytes_before INTEGER NOT NULL,
            first_levels INTEGER NOT NULL,
            crc32 INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE INDEX edge_chunk_end ON edge_chunk (end_ns);

        CREATE TABLE gap (
            id INTEGER NOT NULL PRIMARY KEY,
            edges_before INTEGER NOT NULL,
            start_ns INTEGER NOT NULL,
            end_ns INTEGER NOT NULL,
            reason TEXT NOT NULL,
            channel INTEGER,
            levels INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE record (
            id INTEGER NOT NULL PRIMARY KEY,
            time_ns INTEGER NOT NULL,
            edges_before INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        """

    static let insertMeta = "INSERT INTO meta (key, value) VALUES (?, ?)"
    static let deleteMeta = "DELETE FROM meta"
    static let insertChannel = """
        INSERT INTO channel (idx, name, kind, initial_level, seen) VALUES (?, ?, ?, ?, ?)
        """
    static let insertChunk = """
        INSERT OR REPLACE INTO edge_chunk (
            seq, start_ns, end_ns, edge_count, edges_before, bytes_before, first_levels, crc32,
            payload
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let insertGap = """
        INSERT INTO gap (id, edges_before, start_ns, end_ns, reason, channel, levels)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    static let insertRecord = """
        INSERT INTO record (id, time_ns, edges_before, kind, payload) VALUES (?, ?, ?, ?, ?)
        """

    static let chunkHeaderColumns = """
        seq, start_ns, end_ns, edge_count, edges_before, bytes_before, first_levels, crc32
        """
    static let chunkHeaderColumnCount = 8
    static let tables = ["meta", "channel", "edge_chunk", "gap", "record"]
    /// What is a table and neither a view nor a table of a module, which could do anything.
    static let selectTables =
        "SELECT lower(name) FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    static let countChunks = "SELECT count(*) FROM edge_chunk"
    static let selectRecordHeaders =
        "SELECT id, time_ns, edges_before, kind FROM record ORDER BY id"
    static let integrityCheck = "PRAGMA integrity_check(20)"
    static let selectMeta = "SELECT key, value FROM meta ORDER BY rowid"
    static let selectChannels =
        "SELECT idx, name, initial_level, seen FROM channel ORDER BY idx"
    static let selectRecords = """
        SELECT id, time_ns, edges_before, kind, payload FROM record
        WHERE edges_before >= ? ORDER BY id LIMIT ?
        """
    /// Records behind an id, of a kind (null: of any); a payload that is too long stays on disk.
    static let selectRecordPage = """
        SELECT id, time_ns, edges_before, kind, length(payload), CASE
            WHEN length(payload) <= \(RecordSource.payloadBytesMax) THEN payload END
        FROM record WHERE id > ?1 AND (?2 IS NULL OR kind = ?2)
        ORDER BY id LIMIT ?3
        """
    static let selectFirstChunk =
        "SELECT \(chunkHeaderColumns) FROM edge_chunk ORDER BY seq LIMIT 1"
    static let selectLastChunk = """
        SELECT \(chunkHeaderColumns), length(payload) FROM edge_chunk ORDER BY seq DESC LIMIT 1
        """
    /// The chunk, or when it is missing the one after it; a payload that is too long stays on disk.
    static let selectChunk = """
        SELECT \(chunkHeaderColumns), length(payload), CASE
            WHEN length(payload) <= \(payloadBytesFixed) + \(payloadBytesPerEdge)
                * min(edge_count, \(EdgeCodec.edgesMax))
            THEN payload END
        FROM edge_chunk WHERE seq >= ? ORDER BY seq LIMIT 1
        """
    /// More than the parts of a payload that do not grow with its edges.
    static let payloadBytesFixed = 128
    /// More than an edge can take: three bytes and a bit, an escape, an exception with its channel.
    static let payloadBytesPerEdge = 25

    /// More bytes than any payload of so many edges has.
    static func payloadBytesMax(edges: Int) -> Int64 {
        Int64(payloadBytesFixed + payloadBytesPerEdge * edges)
    }
    static let selectChunkHeader =
        "SELECT \(chunkHeaderColumns) FROM edge_chunk WHERE seq = ?"
    static let selectChunkEndingFrom =
        "SELECT seq FROM edge_chunk WHERE end_ns >= ? ORDER BY end_ns, seq LIMIT 1"
    static let selectGaps =
        "SELECT id, edges_before, start_ns, end_ns, reason, channel, levels FROM gap ORDER BY id"
    static let selectGapsFrom = """
        SELECT id, edges_before, start_ns, end_ns, reason, channel, levels FROM gap
        WHERE id >= ? ORDER BY id LIMIT 256
        """
    static let selectGapAtOrAfter = """
        SELECT coalesce(
            (SELECT min(id) FROM gap
                WHERE edges_before > ?1 OR (edges_before = ?1 AND end_ns >= ?2)),
            (SELECT max(id) + 1 FROM gap),
            0)
        """
}

// Edges, gaps and records into a capture file.

internal import GRDB
internal import LiveEdges
public import Signals

/// Writes a capture file.
///
/// A writer that is dropped, or that fails, without ``finish(at:)`` leaves nothing behind in
/// `.whole` mode, and in `.live` mode a readable capture of everything up to the last commit.
public final class CaptureWriter {
    /// How the file comes to be.
    public enum Mode: Hashable, Sendable {
        /// Written beside its place under a name of its own, `.NAME.PROCESS.partial`, and moved
        /// there when finished. The same input gives the same bytes.
        case whole
        /// Written in its place with a write-ahead log, committed at least twice a second as long
        /// as something is appended (else call ``commitIfDue()``), readable by others all the time.
        case live
    }

    /// The path of the finished capture.
    public var path: String { file.path }
    /// What the capture says about itself; can be changed until ``finish(at:)``.
    public var metadata: CaptureMetadata
    /// The number of edges appended so far.
    public var edgeCount: Int64 { chunks.edgeCount }
    /// The levels after the edges appended so far.
    public var levels: LevelSet { chunks.levels }

    let file: WritableCapture
    var chunks: ChunkBuilder
    private var gapCount: Int64 = 0
    private var recordCount: Int64 = 0
    private(set) var recordEdgesBefore: Int64 = 0
    /// The latest moment of which the capture knows.
    var latestTime: Timestamp?
    private var chunksInTransaction = 0
    let clock: () -> UInt64
    private(set) var lastCommit: UInt64
    /// What the last commit made safe.
    var committed = Committed()

    /// Chunks per transaction in `.whole` mode: bounds SQLite's memory.
    private static var chunksPerTransaction: Int { 16 }
    /// The longest time between commits in `.live` mode: half a second less a margin.
    static var commitIntervalNanoseconds: UInt64 { 400_000_000 }

    /// Creates a capture file.
    ///
    /// - Parameters:
    ///   - path: where the capture shall be.
    ///   - channels: its channels; edges of others are refused.
    ///   - limits: when a chunk closes; nil for what suits the mode.
    ///   - replacing: whether a file that exists there may be replaced.
    ///   - clock: nanoseconds of a clock that never goes back, for the intervals between commits in
    ///     `.live` mode; nil for the system's.
    public init(
        creating path: String, metadata: CaptureMetadata,
        channels: [CaptureChannel] = CaptureChannel.wires(), mode: Mode = .whole,
        limits: ChunkLimits? = nil, replacing: Bool = false, clock: (() -> UInt64)? = nil
    ) throws(CaptureError) {
        try CaptureTables.check(channels)
        try metadata.check()
        self.metadata = metadata
        self.clock = clock ?? MonotonicClock.nanoseconds
        lastCommit = self.clock()
        chunks = try ChunkBuilder(
            channels: channels, limits: limits ?? (mode == .whole ? ChunkLimits() : .live))
        file = try WritableCapture(
            creating: path, metadata: metadata, channels: channels, mode: mode,
            replacing: replacing)
    }

    /// Appends the batch's gap, then its edges.
    ///
    /// After an `invalidEdge` error the edges before that one are stored, and the writer is still
    /// usable. After any other error it is not.
    ///
    /// - Parameter commits: whether a commit that is due is made at once. Where records of these edges
    ///   follow it is not: what a killed process leaves would hold edges without them.
    public func append(_ batch: EdgeBatch, commits: Bool = true) throws(CaptureError) {
        try file.checkOpen()
        if let gap = batch.gap {
            try appendGap(gap, levels: batch.levels)
        } else if !batch.edges.isEmpty, batch.levels != levels {
            throw .invalidEdge(
                number: edgeCount,
                problem: .levelsChanged(expected: levels, actual: batch.levels))
        }
        try appendEdges(batch.edges)
        if commits, file.mode == .live { try commitIfDue() }
    }

    /// Appends a record.
    ///
    /// Records come in the order of their `edgesBefore`.
    public func append(record: JournalRecord) throws(CaptureError) {
        try file.checkOpen()
        guard record.edgesBefore >= recordEdgesBefore, record.time >= .earliest,
            record.time <= .latest
        else {
            throw .invalidInput(
                "record \(recordCount) (kind \(record.kind.rawValue), \(record.edgesBefore) edges "
                    + "before it, \(record.time.nanoseconds) ns) is out of order or range")
        }
        try file.change("writing a record") { db in
            try db.cachedStatement(sql: CaptureSchema.insertRecord).execute(arguments: [
                recordCount, record.time.nanoseconds, record.edgesBefore,
                Int64(record.kind.rawValue), record.payload.data,
            ])
        }
        recordCount += 1
        recordEdgesBefore = record.edgesBefore
        advance(to: record.time)
    }

    /// Stores everything appended so far, and in `.live` mode makes it visible to readers.
    public func flush() throws(CaptureError) {
        try file.checkOpen()
        if let chunk = chunks.pack() { try write(chunk) }
        try commit()
    }

    /// Completes the capture, whose observation ended at `end`.
    ///
    /// An `end` before the last edge, gap or record is taken as the time of that.
    public func finish(at end: Timestamp) throws(CaptureError) {
        try complete(at: end)
        try file.moveToItsPlace()
    }

    /// Completes the capture as ``finish(at:)`` does, in `.whole` mode only, after `check` has read
    /// it: what `check` throws is thrown, and then no file is left, under no name.
    public func finish(at end: Timestamp, checking check: (Capture) throws -> Void) throws {
        precondition(file.mode == .whole, "a live capture has its name already")
        try complete(at: end)
        try file.check(check)
        try file.moveToItsPlace()
    }

    /// Completes the capture as ``finish(at:)`` does, in `.whole` mode only, after `change` has added
    /// to it what only the complete capture shows: what `change` throws is thrown, and then no file
    /// is left, under no name.
    public func finish(
        at end: Timestamp,
        changing change: (Capture, () throws(CaptureError) -> CaptureEditor)
            throws -> Void
    ) throws {
        precondition(file.mode == .whole, "a live capture has its name already")
        try complete(at: end)
        try file.edit(change)
        try file.moveToItsPlace()
    }

    /// Writes what is still to be written, and closes the database.
    private func complete(at end: Timestamp) throws(CaptureError) {
        try file.checkOpen()
        try metadata.check()
        guard end >= .earliest, end <= .latest else {
            throw .invalidInput("the capture's end, \(end.nanoseconds) ns, is out of range")
        }
        guard recordEdgesBefore <= edgeCount else {
            throw .invalidInput(
                "the last record has \(recordEdgesBefore) edges before it, the capture has "
                    + "\(edgeCount)")
        }
        try closeChunk()
        advance(to: end)
        let last = latestTime ?? end
        try file.change("writing what the capture says about itself") { db in
            try CaptureTables.write(metadata, to: db)
            let statement = try db.cachedStatement(sql: CaptureSchema.insertMeta)
            try statement.execute(arguments: [
                CaptureMetadata.StoreKey.end, String(last.nanoseconds),
            ])
            try statement.execute(arguments: [
                CaptureMetadata.StoreKey.edgeCount, String(edgeCount),
            ])
            try statement.execute(arguments: [CaptureMetadata.StoreKey.finished, "1"])
        }
        try commit()
        try file.close()
    }

    // MARK: - Rows

    private func appendEdges(_ edges: [Edge]) throws(CaptureError) {
        let problem = try chunks.append(edges) { chunk throws(CaptureError) in
            try writeClosed(chunk)
        }
        if edgeCount > 0 { advance(to: chunks.lastTime) }
        if let problem { throw .invalidEdge(number: edgeCount, problem: problem) }
    }

    private func closeChunk() throws(CaptureError) {
        try chunks.close { chunk throws(CaptureError) in try writeClosed(chunk) }
    }

    /// Called while ``chunks`` changes, which it must not look at.
    private func writeClosed(_ chunk: PackedChunk) throws(CaptureError) {
        try write(chunk)
        chunksInTransaction += 1
        guard file.mode == .whole, chunksInTransaction >= Self.chunksPerTransaction else { return }
        chunksInTransaction = 0
        try file.commit()
    }

    /// Writes a chunk, in the place of what a commit before wrote of it.
    private func write(_ chunk: PackedChunk) throws(CaptureError) {
        let header = chunk.header
        try file.change("writing a chunk of edges") { db in
            try db.cachedStatement(sql: CaptureSchema.insertChunk).execute(arguments: [
                header.sequence, header.start.nanoseconds, header.end.nanoseconds,
                Int64(header.edgeCount), header.edgesBefore, header.bytesBefore,
                Int64(header.firstLevels.bits), Int64(chunk.checksum), chunk.payload.data,
            ])
        }
    }

    private func appendGap(_ gap: Gap, levels: LevelSet) throws(CaptureError) {
        guard gap.start <= gap.end, gap.start >= .earliest, gap.end <= .latest else {
            throw .invalidInput(
                "a gap from \(gap.start.nanoseconds) to \(gap.end.nanoseconds) ns cannot be stored")
        }
        try closeChunk()
        try file.change("writing a gap") { db in
            try db.cachedStatement(sql: CaptureSchema.insertGap).execute(arguments: [
                gapCount, edgeCount, gap.start.nanoseconds, gap.end.nanoseconds,
                gap.reason.name.description, gap.channel.map { Int64($0.index) },
                Int64(levels.bits),
            ])
        }
        gapCount += 1
        chunks.resume(at: levels)
        advance(to: gap.end)
    }

    private func advance(to time: Timestamp) {
        latestTime = latestTime.map { max($0, time) } ?? time
    }

    private func commit() throws(CaptureError) {
        lastCommit = clock()
        chunksInTransaction = 0
        try file.commit()
        if !chunks.hasNews {
            committed = Committed(
                edgeCount: edgeCount, time: edgeCount > 0 ? chunks.lastTime : nil,
                byteCount: file.byteCount)
        }
        try file.checkPlace()
    }
}

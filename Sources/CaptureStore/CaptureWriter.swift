// Edges, gaps and records into a capture file. What enters is checked here, once: a file never
// holds edges that do not toggle or whose time runs back.

internal import GRDB
internal import Glibc
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
        /// as something is appended (else call ``flush()``), readable by others all the time.
        case live
    }

    /// The path of the finished capture.
    public let path: String
    /// What the capture says about itself; can be changed until ``finish(at:)``.
    public var metadata: CaptureMetadata
    /// The number of edges appended so far.
    public private(set) var edgeCount: Int64 = 0
    /// The levels after the edges appended so far.
    public private(set) var levels: LevelSet

    private let mode: Mode
    private let replacing: Bool
    private let limits: ChunkLimits
    private let declared: LevelSet
    private let database: CaptureDatabase
    private let databasePath: String
    private var state = State.open
    private var packer: EdgeCodec.Packer
    private var payload: [UInt8] = []
    private var pending: [Edge] = []
    private var pendingLevels: LevelSet
    /// How many of the pending edges are in the file already.
    private var written = 0
    private var chunkCount: Int64 = 0
    private var payloadBytes: Int64 = 0
    private var gapCount: Int64 = 0
    private var recordCount: Int64 = 0
    private var recordEdgesBefore: Int64 = 0
    private var lastTime = Timestamp.earliest
    private var latestTime: Timestamp?
    private var isInTransaction = false
    private var chunksInTransaction = 0
    private var lastCommit = MonotonicClock.nanoseconds()

    private enum State {
        case open
        case failed(CaptureError)
        case finished
    }

    /// Chunks per transaction in `.whole` mode: bounds SQLite's memory.
    private static var chunksPerTransaction: Int { 16 }
    /// The longest time between commits in `.live` mode: half a second less a margin.
    private static var commitIntervalNanoseconds: UInt64 { 400_000_000 }

    /// Creates a capture file.
    ///
    /// - Parameters:
    ///   - path: where the capture shall be.
    ///   - channels: its channels; edges of others are refused.
    ///   - limits: when a chunk closes; nil for what suits the mode.
    ///   - replacing: whether a file that exists there may be replaced.
    public init(
        creating path: String, metadata: CaptureMetadata,
        channels: [CaptureChannel] = CaptureChannel.wires(), mode: Mode = .whole,
        limits: ChunkLimits? = nil, replacing: Bool = false
    ) throws(CaptureError) {
        try CaptureTables.check(channels)
        try metadata.check()
        packer = try EdgeCodec.Packer()
        self.path = path
        self.metadata = metadata
        self.mode = mode
        self.replacing = replacing
        self.limits = limits ?? (mode == .whole ? ChunkLimits() : .live)
        declared = channels.reduce(into: LevelSet(bits: 0)) { $0[$1.channel] = .high }
        levels = channels.initialLevels
        pendingLevels = channels.initialLevels
        let file = try OutputPlace.findDatabase(path, replacing: replacing)
        switch mode {
        case .whole:
            let partial = try OutputPlace.createPartial(for: file, path: path)
            Glibc.close(partial.descriptor)
            databasePath = partial.path
        case .live:
            if replacing { OutputPlace.removeDatabase(file) }
            try OutputPlace.create(file, for: path)
            databasePath = file
        }
        do throws(CaptureError) {
            database = try CaptureDatabase(path: path, file: databasePath, writable: true)
            try CaptureTables.create(
                in: database, channels: channels, metadata: metadata, mode: mode)
        } catch {
            OutputPlace.removeDatabase(databasePath)
            throw error
        }
    }

    deinit {
        if case .open = state { abandon() }
    }

    /// Appends the batch's gap, then its edges.
    ///
    /// After an `invalidEdge` error the edges before that one are stored, and the writer is still
    /// usable. After any other error it is not.
    public func append(_ batch: EdgeBatch) throws(CaptureError) {
        try checkOpen()
        if let gap = batch.gap {
            try appendGap(gap, levels: batch.levels)
        } else if !batch.edges.isEmpty, batch.levels != levels {
            throw .invalidEdge(
                number: edgeCount,
                problem: .levelsChanged(expected: levels, actual: batch.levels))
        }
        try appendEdges(batch.edges)
        if mode == .live,
            MonotonicClock.nanoseconds() &- lastCommit >= Self.commitIntervalNanoseconds
        {
            try flush()
        }
    }

    /// Appends a record.
    ///
    /// Records come in the order of their `edgesBefore`.
    public func append(record: JournalRecord) throws(CaptureError) {
        try checkOpen()
        guard record.edgesBefore >= recordEdgesBefore, record.time >= .earliest,
            record.time <= .latest
        else {
            throw .invalidInput(
                "record \(recordCount) (kind \(record.kind.rawValue), \(record.edgesBefore) edges "
                    + "before it, \(record.time.nanoseconds) ns) is out of order or range")
        }
        try change("writing a record") { db in
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
        try checkOpen()
        try writeChunk()
        try commit()
    }

    /// Completes the capture, whose observation ended at `end`.
    ///
    /// An `end` before the last edge, gap or record is taken as the time of that.
    public func finish(at end: Timestamp) throws(CaptureError) {
        try close(at: end)
        try moveToItsPlace()
    }

    /// Completes the capture as ``finish(at:)`` does, in `.whole` mode only, after `check` has read
    /// it: what `check` throws is thrown, and then no file is left, under no name.
    public func finish(at end: Timestamp, checking check: (Capture) throws -> Void) throws {
        precondition(mode == .whole, "a live capture has its name already")
        try close(at: end)
        do {
            try check(try Capture(opening: databasePath))
        } catch {
            OutputPlace.removeDatabase(databasePath)
            state = .finished
            throw error
        }
        try moveToItsPlace()
    }

    /// Writes what is still to be written, and closes the database.
    private func close(at end: Timestamp) throws(CaptureError) {
        try checkOpen()
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
        try change("writing what the capture says about itself") { db in
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
        try closeDatabase()
    }

    // MARK: - Edges

    private func appendEdges(_ edges: [Edge]) throws(CaptureError) {
        var invalid: CaptureError.EdgeProblem?
        var levels = self.levels
        var lastTime = self.lastTime
        let declared = self.declared.bits
        let timeMax = limits.timeMax?.count ?? .max
        var first = 0
        while first < edges.count, invalid == nil {
            // A run of edges that go into the present chunk.
            let room = limits.edgesMax - pending.count
            let stop = edges.count - first > room ? first + room : edges.count
            let chunkStart = pending.first?.time ?? edges[first].time
            var index = first
            edges.withUnsafeBufferPointer { edges in
                while index < stop {
                    let edge = edges[index]
                    let level = levels[edge.channel]
                    guard edge.time >= lastTime, edge.time <= .latest, level != edge.level,
                        declared >> UInt32(edge.channel.index & 31) & 1 == 1
                    else {
                        invalid = problem(edge, after: lastTime, level: level)
                        return
                    }
                    guard edge.time.nanoseconds &- chunkStart.nanoseconds <= timeMax else { return }
                    levels.toggle(edge.channel)
                    lastTime = edge.time
                    index += 1
                }
            }
            pending.append(contentsOf: edges[first..<index])
            edgeCount += Int64(index - first)
            self.levels = levels
            self.lastTime = lastTime
            first = index
            if pending.count == limits.edgesMax || (first < edges.count && invalid == nil) {
                try closeChunk()
            }
        }
        if !pending.isEmpty || edgeCount > 0 { advance(to: lastTime) }
        if let invalid { throw .invalidEdge(number: edgeCount, problem: invalid) }
    }

    private func problem(
        _ edge: Edge, after last: Timestamp, level: Level
    ) -> CaptureError.EdgeProblem {
        if edge.time < .earliest || edge.time > .latest { return .timeOutOfRange(edge.time) }
        if edge.time < last { return .timeGoesBack(from: last, to: edge.time) }
        if declared[edge.channel] == .low { return .undeclaredChannel(edge.channel) }
        return .sameLevel(edge.channel, level, at: edge.time)
    }

    private func closeChunk() throws(CaptureError) {
        guard !pending.isEmpty else { return }
        try writeChunk()
        chunkCount += 1
        payloadBytes += Int64(payload.count)
        pendingLevels = levels
        pending.removeAll(keepingCapacity: true)
        written = 0
        chunksInTransaction += 1
        if mode == .whole, chunksInTransaction >= Self.chunksPerTransaction { try commit() }
    }

    /// Writes the present chunk, in the place of what a commit before wrote of it.
    private func writeChunk() throws(CaptureError) {
        guard let first = pending.first, let last = pending.last, pending.count > written else {
            return
        }
        packer.pack(pending, into: &payload)
        let header = ChunkHeader(
            sequence: chunkCount, start: first.time, end: last.time, edgeCount: pending.count,
            edgesBefore: edgeCount - Int64(pending.count), bytesBefore: payloadBytes,
            firstLevels: pendingLevels)
        let checksum = header.checksum(of: payload)
        try change("writing a chunk of edges") { db in
            try db.cachedStatement(sql: CaptureSchema.insertChunk).execute(arguments: [
                header.sequence, header.start.nanoseconds, header.end.nanoseconds,
                Int64(header.edgeCount), header.edgesBefore, header.bytesBefore,
                Int64(header.firstLevels.bits), Int64(checksum), payload.data,
            ])
        }
        written = pending.count
    }

    private func appendGap(_ gap: Gap, levels: LevelSet) throws(CaptureError) {
        guard gap.start <= gap.end, gap.start >= .earliest, gap.end <= .latest else {
            throw .invalidInput(
                "a gap from \(gap.start.nanoseconds) to \(gap.end.nanoseconds) ns cannot be stored")
        }
        try closeChunk()
        try change("writing a gap") { db in
            try db.cachedStatement(sql: CaptureSchema.insertGap).execute(arguments: [
                gapCount, edgeCount, gap.start.nanoseconds, gap.end.nanoseconds,
                gap.reason.name.description, gap.channel.map { Int64($0.index) },
                Int64(levels.bits),
            ])
        }
        gapCount += 1
        self.levels = levels
        pendingLevels = levels
        advance(to: gap.end)
    }

    private func advance(to time: Timestamp) {
        latestTime = latestTime.map { max($0, time) } ?? time
    }

    // MARK: - The file

    /// Runs a change inside the present transaction, beginning one if there is none.
    private func change(
        _ doing: String, _ body: (Database) throws -> Void
    ) throws(CaptureError) {
        let begins = !isInTransaction
        do throws(CaptureError) {
            try database.change(doing) { db in
                if begins { try db.execute(sql: "BEGIN IMMEDIATE") }
                try body(db)
            }
            isInTransaction = true
        } catch {
            fail(error)
            throw error
        }
    }

    private func commit() throws(CaptureError) {
        lastCommit = MonotonicClock.nanoseconds()
        chunksInTransaction = 0
        guard isInTransaction else { return }
        do throws(CaptureError) {
            try database.change("committing") { db in try db.execute(sql: "COMMIT") }
            isInTransaction = false
        } catch {
            fail(error)
            throw error
        }
    }

    private func closeDatabase() throws(CaptureError) {
        do throws(CaptureError) {
            if mode == .live {
                do throws(CaptureError) {
                    try database.change("closing the log") { db in
                        try db.execute(sql: "PRAGMA journal_mode = DELETE")
                    }
                } catch .busy {
                    // Somebody reads the capture: the log stays, empty, until it is next written.
                }
            }
            try database.close()
        } catch {
            fail(error)
            throw error
        }
    }

    private func moveToItsPlace() throws(CaptureError) {
        do throws(CaptureError) {
            if mode == .whole {
                try OutputPlace.move(databasePath, to: path, replacing: replacing)
            }
            state = .finished
        } catch {
            fail(error)
            throw error
        }
    }

    private func checkOpen() throws(CaptureError) {
        switch state {
        case .open: return
        case .failed(let error): throw error
        case .finished: preconditionFailure("a finished capture takes nothing more")
        }
    }

    private func fail(_ error: CaptureError) {
        abandon()
        state = .failed(error)
    }

    private func abandon() {
        // In live mode what is not yet committed would be lost with a killed process, too.
        if mode == .live {
            try? database.change("rolling back") { db in try? db.execute(sql: "ROLLBACK") }
        }
        try? database.close()
        if mode == .whole { OutputPlace.removeDatabase(databasePath) }
    }
}

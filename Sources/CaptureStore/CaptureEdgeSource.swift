// A capture's edges, run by run. One chunk at a time is in memory; its edges are handed out in
// runs that stay in the processor's cache.

internal import GRDB
public import Signals

/// The edges of a capture file, or of a stretch of it.
///
/// After the last edge of a capture that is being recorded `read` returns false; called again
/// later it goes on with what has been recorded since.
public struct CaptureEdgeSource: EdgeSource {
    /// The number of edges in the capture before the next batch.
    ///
    /// A record with `edgesBefore` up to this number belongs before the next edge.
    public private(set) var edgesBefore: Int64 = 0

    private let database: CaptureDatabase
    /// One bit for each channel that the capture declares.
    private let declared: UInt32
    private let from: Timestamp
    private let to: Timestamp?
    private var unpacker: EdgeCodec.Unpacker
    /// Whether the last chunk can grow, because the capture is being recorded.
    private let follows: Bool
    /// The number of edges before the chunk that was read last, and how many it had.
    private var lastChunk: (edgesBefore: Int64, count: Int64)?
    /// The chunk being handed out; nil between chunks.
    private var chunk: ChunkHeader?
    private var nextSequence: Int64 = 0
    private var gaps: ArraySlice<StoredGap> = []
    private var nextGapID: Int64 = 0
    /// The levels after the last edge read; nil when only the next chunk knows.
    private var levels: LevelSet?
    private var lastTime = Timestamp.earliest
    private var state = State.reading

    private enum State {
        case reading
        case finished
        case failed(CaptureError)
    }

    /// Edges per batch: 64 KiB of them, measured to be the fastest.
    static var runLength: Int { 4096 }

    /// All edges.
    init(
        database: CaptureDatabase, channels: [CaptureChannel], follows: Bool
    ) throws(CaptureError) {
        unpacker = try EdgeCodec.Unpacker()
        self.database = database
        declared = Self.mask(of: channels)
        self.follows = follows
        from = .earliest
        to = nil
    }

    /// Edges of a stretch of time.
    init(
        database: CaptureDatabase, channels: [CaptureChannel], follows: Bool, from: Timestamp,
        to: Timestamp?
    ) throws(CaptureError) {
        unpacker = try EdgeCodec.Unpacker()
        self.database = database
        declared = Self.mask(of: channels)
        self.follows = follows
        self.from = from
        self.to = to
        try seek()
    }

    private mutating func seek() throws(CaptureError) {
        self = try database.access("looking for a moment") { db in
            var source = self
            try db.inSavepoint {
                try source.seek(in: db)
                return .commit
            }
            return source
        }
    }

    /// Goes to the chunk that contains the stretch's beginning, or behind the last one.
    private mutating func seek(in db: Database) throws {
        let found = try Row.fetchOne(
            db, sql: CaptureSchema.selectChunkEndingFrom, arguments: [from.nanoseconds])
        let sql = found == nil ? CaptureSchema.selectLastChunk : CaptureSchema.selectChunkHeader
        let arguments: StatementArguments = found.map { [$0.integer(0)] } ?? []
        if let row = try Row.fetchOne(db, sql: sql, arguments: arguments) {
            let header = try row.chunkHeader(path: database.path).header
            nextSequence = header.sequence
            edgesBefore = header.edgesBefore
            if found == nil {
                nextSequence += 1
                edgesBefore += Int64(header.edgeCount)
                lastChunk = (header.edgesBefore, Int64(header.edgeCount))
            }
        }
        let gap = try Row.fetchOne(
            db, sql: CaptureSchema.selectGapAtOrAfter, arguments: [edgesBefore, from.nanoseconds])
        nextGapID = gap?.integer(0) ?? 0
    }

    /// Replaces the content of `batch` by the next run of edges; false at the end.
    public mutating func read(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        switch state {
        case .finished: return false
        case .failed(let error): throw error
        case .reading: break
        }
        do throws(CaptureError) {
            return try next(into: &batch)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private mutating func next(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        batch.gap = nil
        while true {
            if chunk == nil {
                if try reopenGrownChunk() { continue }
                // The chunk before the gaps: what is recorded meanwhile cannot come between.
                chunk = try database.readChunk(nextSequence, into: &unpacker.payload)
                if let chunk { try check(chunk) }
                let position = chunk?.edgesBefore ?? edgesBefore
                while let gap = try nextGap(at: position) {
                    if let to, gap.gap.start >= to { return finish() }
                    levels = gap.levels
                    batch.gap = gap.gap
                    if let following = try peekGap(), following.edgesBefore <= position {
                        // One gap per batch: the chunk is read again after the last of them.
                        batch.levels = gap.levels
                        batch.edges.removeAll(keepingCapacity: true)
                        chunk = nil
                        return true
                    }
                }
                if let chunk, let following = try peekGap(),
                    following.edgesBefore < chunk.edgesBefore + Int64(chunk.edgeCount)
                {
                    throw insideChunk(following)
                }
                guard let chunk else {
                    batch.edges.removeAll(keepingCapacity: true)
                    if let levels { batch.levels = levels }
                    return batch.gap != nil
                }
                try open(chunk)
            }
            guard let chunk else { return false }
            batch.levels = unpacker.levels
            let count = try decode(chunk, into: &batch.edges)
            lastTime = batch.edges.last?.time ?? lastTime
            levels = unpacker.levels
            edgesBefore += Int64(count)
            if unpacker.position == chunk.edgeCount {
                lastChunk = (chunk.edgesBefore, Int64(chunk.edgeCount))
                self.chunk = nil
                nextSequence += 1
            }
            if let to, let last = batch.edges.last, last.time >= to { cut(&batch, before: to) }
            if let first = batch.edges.first, first.time < from { drop(&batch) }
            if !batch.edges.isEmpty || batch.gap != nil { return true }
            if case .finished = state { return false }
        }
    }

    private mutating func finish() -> Bool {
        state = .finished
        return false
    }

    /// Removes edges before the stretch and lets them act on the levels.
    private func drop(_ batch: inout EdgeBatch) {
        let kept = batch.edges.firstIndex { $0.time >= from } ?? batch.edges.endIndex
        for edge in batch.edges[..<kept] { batch.levels[edge.channel] = edge.level }
        batch.edges.removeFirst(kept)
    }

    /// Removes edges behind the stretch, and ends it.
    private mutating func cut(_ batch: inout EdgeBatch, before to: Timestamp) {
        let kept = batch.edges.firstIndex { $0.time >= to } ?? batch.edges.endIndex
        edgesBefore -= Int64(batch.edges.count - kept)
        batch.edges.removeLast(batch.edges.count - kept)
        state = .finished
    }

    // MARK: - Chunks and gaps

    private func check(_ chunk: ChunkHeader) throws(CaptureError) {
        guard chunk.edgesBefore == edgesBefore, chunk.start >= lastTime else {
            throw .damagedRow(
                path: database.path, table: "edge_chunk", row: chunk.sequence,
                problem: "it does not follow the chunk before")
        }
    }

    /// Goes back to the last chunk, behind the edges handed out, if it has more of them by now.
    private mutating func reopenGrownChunk() throws(CaptureError) -> Bool {
        guard follows, let lastChunk else { return false }
        let count = try database.edgeCount(ofChunk: nextSequence - 1)
        guard count > lastChunk.count else { return false }
        guard let grown = try database.readChunk(nextSequence - 1, into: &unpacker.payload),
            grown.edgesBefore == lastChunk.edgesBefore, grown.edgeCount > lastChunk.count
        else {
            throw .damagedRow(
                path: database.path, table: "edge_chunk", row: nextSequence - 1,
                problem: "it changed while it was read")
        }
        do throws(PayloadFault) {
            try unpacker.open(grown)
            var handedOut: [Edge] = []
            while unpacker.position < lastChunk.count {
                let rest = Int(lastChunk.count) - unpacker.position
                _ = try unpacker.next(min(rest, Self.runLength), into: &handedOut)
            }
        } catch {
            throw fault(error, in: grown)
        }
        chunk = grown
        nextSequence -= 1
        return true
    }

    private mutating func open(_ chunk: ChunkHeader) throws(CaptureError) {
        guard levels == nil || levels == chunk.firstLevels else {
            throw .damagedRow(
                path: database.path, table: "edge_chunk", row: chunk.sequence,
                problem: "its levels do not follow those of the chunk before")
        }
        do throws(PayloadFault) {
            try unpacker.open(chunk)
        } catch {
            throw fault(error, in: chunk)
        }
    }

    private mutating func decode(
        _ chunk: ChunkHeader, into edges: inout [Edge]
    ) throws(CaptureError) -> Int {
        let count: Int
        do throws(PayloadFault) {
            count = try unpacker.next(Self.runLength, into: &edges)
        } catch {
            throw fault(error, in: chunk)
        }
        var seen: UInt32 = 0
        for edge in edges { seen |= 1 << UInt32(edge.channel.index) }
        guard seen & ~declared == 0 else {
            throw .damagedRow(
                path: database.path, table: "edge_chunk", row: chunk.sequence,
                problem: "it has edges of channel "
                    + "\((seen & ~declared).trailingZeroBitCount), which table channel lacks")
        }
        return count
    }

    private static func mask(of channels: [CaptureChannel]) -> UInt32 {
        channels.reduce(0) { $0 | 1 << UInt32($1.channel.index) }
    }

    private func fault(_ fault: PayloadFault, in chunk: ChunkHeader) -> CaptureError {
        if case .unsupportedCoding(let version) = fault {
            return .unsupportedVersion(
                path: database.path, of: .payloadCoding, found: Int(version),
                supported: Int(EdgeCodec.version))
        }
        return .damagedChunk(path: database.path, sequence: chunk.sequence, fault: fault)
    }

    private mutating func peekGap() throws(CaptureError) -> StoredGap? {
        if gaps.isEmpty {
            let path = database.path
            let id = nextGapID
            gaps = try database.access("reading gaps") { db in
                let statement = try db.cachedStatement(sql: CaptureSchema.selectGapsFrom)
                let rows = try Row.fetchCursor(statement, arguments: [id])
                var gaps: ArraySlice<StoredGap> = []
                while let row = try rows.next() { gaps.append(try row.storedGap(path: path)) }
                return gaps
            }
            // Ids are below the largest number there is.
            if let last = gaps.last { nextGapID = last.id + 1 }
        }
        return gaps.first
    }

    private mutating func nextGap(at position: Int64) throws(CaptureError) -> StoredGap? {
        guard let gap = try peekGap(), gap.edgesBefore <= position else { return nil }
        guard gap.edgesBefore == position else { throw insideChunk(gap) }
        gaps.removeFirst()
        return gap
    }

    private func insideChunk(_ gap: StoredGap) -> CaptureError {
        .damagedRow(
            path: database.path, table: "gap", row: gap.id,
            problem: "\(gap.edgesBefore) edges before it, which is inside a chunk")
    }
}

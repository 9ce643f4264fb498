// Edges to chunks: what may follow what, and when a chunk is full. What enters a capture is checked
// here, once: a file never holds edges that do not toggle or whose time runs back.

internal import Signals

/// A chunk as it is stored.
struct PackedChunk {
    var header: ChunkHeader
    var checksum: UInt32
    var payload: [UInt8]
}

/// Gathers the edges of a capture into chunks.
struct ChunkBuilder {
    /// The number of edges appended so far.
    private(set) var edgeCount: Int64 = 0
    /// The levels after the edges appended so far.
    private(set) var levels: LevelSet
    /// The time of the last edge, or the earliest there is.
    private(set) var lastTime = Timestamp.earliest

    private let limits: ChunkLimits
    private let declared: LevelSet
    private var packer: EdgeCodec.Packer
    private var payload: [UInt8] = []
    private var pending: [Edge] = []
    /// The levels before the pending edges.
    private var pendingLevels: LevelSet
    /// How many of the pending edges have been packed already.
    private var packedCount = 0
    private var chunkCount: Int64 = 0
    /// The time of the last edge of the chunks before.
    private var chunkEnd = Timestamp.earliest
    private var payloadBytes: Int64 = 0

    init(channels: [CaptureChannel], limits: ChunkLimits) throws(CaptureError) {
        packer = try EdgeCodec.Packer()
        self.limits = limits
        declared = channels.reduce(into: LevelSet(bits: 0)) { $0[$1.channel] = .high }
        levels = channels.initialLevels
        pendingLevels = channels.initialLevels
    }

    /// Whether edges were appended since the last ``pack()``.
    var hasNews: Bool { pending.count > packedCount }

    /// Appends edges, up to the first that cannot follow those before it; gives that one's problem.
    ///
    /// - Parameter store: takes every chunk that becomes full.
    mutating func append(
        _ edges: [Edge], store: (PackedChunk) throws(CaptureError) -> Void
    ) throws(CaptureError) -> CaptureError.EdgeProblem? {
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
                try close(store: store)
            }
        }
        return invalid
    }

    /// Ends the present chunk, if it has edges.
    mutating func close(
        store: (PackedChunk) throws(CaptureError) -> Void
    ) throws(CaptureError) {
        guard !pending.isEmpty else { return }
        // What was stored of it may be all of it.
        if let chunk = pack() { try store(chunk) }
        chunkCount += 1
        payloadBytes += Int64(payload.count)
        chunkEnd = lastTime
        pendingLevels = levels
        pending.removeAll(keepingCapacity: true)
        packedCount = 0
    }

    /// The present chunk, which can still grow; nil when it is what was packed last.
    mutating func pack() -> PackedChunk? {
        guard let first = pending.first, let last = pending.last, hasNews else { return nil }
        packer.pack(pending, into: &payload)
        let header = ChunkHeader(
            sequence: chunkCount, start: first.time, end: last.time, edgeCount: pending.count,
            edgesBefore: edgeCount - Int64(pending.count), bytesBefore: payloadBytes,
            firstLevels: pendingLevels)
        packedCount = pending.count
        return PackedChunk(
            header: header, checksum: header.checksum(of: payload), payload: payload)
    }

    /// Takes back the edges at and after `time`, as far as none of them was ever packed.
    ///
    /// - Parameter kept: so many edges of the whole capture stay in any case.
    mutating func withdraw(since time: Timestamp, keeping kept: Int64) -> EdgeBatch {
        let edgesBefore = edgeCount - Int64(pending.count)
        var first = max(packedCount, Int(clamping: kept - edgesBefore))
        while first < pending.count, pending[first].time < time { first += 1 }
        var batch = EdgeBatch(levels: levels)
        guard first < pending.count else { return batch }
        batch.edges.append(contentsOf: pending[first...])
        for edge in batch.edges.reversed() { levels[edge.channel] = edge.level.toggled }
        pending.removeSubrange(first...)
        edgeCount -= Int64(batch.edges.count)
        lastTime = pending.last?.time ?? chunkEnd
        batch.levels = levels
        return batch
    }

    /// Levels that hold from here on, whatever they were: edges are missing here.
    ///
    /// Precondition: the present chunk is closed.
    mutating func resume(at levels: LevelSet) {
        precondition(pending.isEmpty, "a gap lies between chunks")
        self.levels = levels
        pendingLevels = levels
    }

    private func problem(
        _ edge: Edge, after last: Timestamp, level: Level
    ) -> CaptureError.EdgeProblem {
        if edge.time < .earliest || edge.time > .latest { return .timeOutOfRange(edge.time) }
        if edge.time < last { return .timeGoesBack(from: last, to: edge.time) }
        if declared[edge.channel] == .low { return .undeclaredChannel(edge.channel) }
        return .sameLevel(edge.channel, level, at: edge.time)
    }
}

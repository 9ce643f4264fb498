// Everything that a capture file claims, checked: SQLite's structure, every checksum, every edge,
// and how the chunks follow each other.

internal import LiveEdges
internal import Dispatch
internal import GRDB
internal import Signals

/// What a complete check of a capture file has found.
public struct CaptureVerification: Sendable {
    /// What is wrong, in the order of the file; at most ``findingsMax`` of it.
    public private(set) var findings: [CaptureError] = []
    /// How many things are wrong.
    public private(set) var findingCount = 0
    /// The number of chunks that the file has.
    public private(set) var chunkCount: Int64 = 0
    /// How many of them are whole: checksum, coding and every edge.
    public private(set) var wholeChunkCount: Int64 = 0
    /// The number of edges in whole chunks.
    public private(set) var edgeCount: Int64 = 0
    /// Whether the writer completed the file: a capture without that is whole as far as it goes.
    public private(set) var isFinished = false
    /// Whether nothing is wrong.
    public var isSound: Bool { findingCount == 0 }

    /// The most findings that are kept.
    public static var findingsMax: Int { 100 }

    /// Checks a file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - threads: how many chunks to decode at the same time.
    ///   - isEndRequested: asked now and then; when true, what is not checked yet is left.
    /// - Throws: when the file cannot be read, or is no capture and was none.
    public init(
        of path: String, threads: Int = 2, isEndRequested: @Sendable () -> Bool = { false }
    ) throws(CaptureError) {
        let capture: Capture
        do throws(CaptureError) {
            capture = try Capture(opening: path)
        } catch {
            guard error.canBeDamage else { throw error }
            add(error)
            return
        }
        isFinished = capture.isFinished
        chunkCount = capture.chunkCount
        try checkStructure(capture)
        do throws(CaptureError) {
            try checkCount(capture)
            let chunks = try Self.check(
                chunksOf: capture, threads: max(1, threads), isEndRequested: isEndRequested)
            checkOrder(of: chunks, in: capture)
            try capture.checkRecords()
        } catch {
            guard error.canBeDamage else { throw error }
            add(error)
        }
    }

    /// Chunks are numbered without a hole; a single wrong number can be beyond all memory.
    private mutating func checkCount(_ capture: Capture) throws(CaptureError) {
        let found = try capture.countChunks()
        guard found != capture.chunkCount else { return }
        chunkCount = found
        throw .damagedRow(
            path: capture.path, table: "edge_chunk", row: capture.chunkCount - 1,
            problem: "\(found) chunks are there, and this is the last one's number")
    }

    /// Adds what somebody who reads the capture has run into.
    public mutating func add(_ finding: CaptureError) {
        findingCount += 1
        if findings.count < Self.findingsMax { findings.append(finding) }
    }

    /// SQLite's own check of pages and indices.
    private mutating func checkStructure(_ capture: Capture) throws(CaptureError) {
        do throws(CaptureError) {
            for message in try capture.integrityProblems() {
                add(
                    .damagedDatabase(
                        path: capture.path, doing: "checking its structure",
                        sqliteCode: Int(ResultCode.SQLITE_CORRUPT.rawValue), message: message))
            }
        } catch {
            guard error.canBeDamage else { throw error }
            add(error)
        }
    }

    /// A chunk on its own.
    private struct CheckedChunk {
        var outcome: Result<ChunkHeader, CaptureError>
        var payloadLength = 0
        var lastLevels = LevelSet.rest
    }

    /// Decodes all chunks, some at the same time; nil for those that were left.
    private static func check(
        chunksOf capture: Capture, threads: Int, isEndRequested: @Sendable () -> Bool
    ) throws(CaptureError) -> [CheckedChunk?] {
        let count = Int(capture.chunkCount)
        let checked = Monitor([CheckedChunk?](repeating: nil, count: count))
        let failure = Monitor<CaptureError?>(nil)
        let slices = max(1, min(threads, count))
        DispatchQueue.concurrentPerform(iterations: slices) { slice in
            var unpacker: EdgeCodec.Unpacker
            do throws(CaptureError) {
                unpacker = try EdgeCodec.Unpacker()
            } catch {
                failure.change { failure in
                    failure = error
                    return false
                }
                return
            }
            // A connection of its own for each: SQLite's connections take turns.
            let own = slices == 1 ? capture : (try? Capture(opening: capture.path)) ?? capture
            for sequence in stride(from: slice, to: count, by: slices) {
                if isEndRequested() { return }
                let chunk = check(Int64(sequence), of: own, &unpacker)
                checked.change { checked in
                    checked[sequence] = chunk
                    return false
                }
            }
        }
        if let error = failure.read({ copy $0 }) { throw error }
        return checked.read { copy $0 }
    }

    private static func check(
        _ sequence: Int64, of capture: Capture, _ unpacker: inout EdgeCodec.Unpacker
    ) -> CheckedChunk {
        let declared: UInt32 = capture.channels.reduce(0) { $0 | 1 << UInt32($1.channel.index) }
        do throws(CaptureError) {
            guard let header = try capture.chunk(sequence, into: &unpacker.payload) else {
                throw .damagedRow(
                    path: capture.path, table: "edge_chunk", row: sequence, problem: "it is missing"
                )
            }
            var seen: UInt32 = 0
            do throws(PayloadFault) {
                try unpacker.open(header)
                var edges: [Edge] = []
                while try unpacker.next(CaptureEdgeSource.runLength, into: &edges) > 0 {
                    for edge in edges { seen |= 1 << UInt32(edge.channel.index) }
                }
            } catch {
                throw .damagedChunk(path: capture.path, sequence: sequence, fault: error)
            }
            guard seen & ~declared == 0 else {
                throw .damagedRow(
                    path: capture.path, table: "edge_chunk", row: sequence,
                    problem: "it has edges of channel "
                        + "\((seen & ~declared).trailingZeroBitCount), which table channel lacks")
            }
            return CheckedChunk(
                outcome: .success(header), payloadLength: unpacker.payload.count,
                lastLevels: unpacker.levels)
        } catch {
            return CheckedChunk(outcome: .failure(error))
        }
    }

    /// How the chunks follow each other, and the gaps between them.
    private mutating func checkOrder(of chunks: [CheckedChunk?], in capture: Capture) {
        let gaps = capture.gapLevels
        var places: Set<Int64> = [0]
        var before = End(levels: capture.initialLevels)
        var isComplete = true
        for chunk in chunks {
            guard let chunk else { return }
            switch chunk.outcome {
            case .failure(let error):
                add(error)
                before = End(isKnown: false)
                isComplete = false
            case .success(let header):
                wholeChunkCount += 1
                edgeCount += Int64(header.edgeCount)
                if !before.isFollowed(by: header, behindGap: gaps[header.edgesBefore]) {
                    add(
                        .damagedRow(
                            path: capture.path, table: "edge_chunk", row: header.sequence,
                            problem: "it does not follow the chunk before"))
                }
                before = End(of: header, chunk)
                places.insert(header.edgesBefore)
                places.insert(before.edges)
            }
        }
        guard isComplete else { return }
        for place in Set(gaps.keys).subtracting(places).sorted() {
            add(
                .damagedRow(
                    path: capture.path, table: "gap", row: -1,
                    problem: "\(place) edges before it, which is inside a chunk"))
        }
    }

    /// What a chunk leaves to the next one.
    private struct End {
        var isKnown = true
        var edges: Int64 = 0
        var bytes: Int64 = 0
        var time = Timestamp.earliest
        var levels = LevelSet.rest

        init(levels: LevelSet) { self.levels = levels }

        init(isKnown: Bool) { self.isKnown = isKnown }

        init(of header: ChunkHeader, _ chunk: CheckedChunk) {
            edges = header.edgesBefore + Int64(header.edgeCount)
            bytes = header.bytesBefore + Int64(chunk.payloadLength)
            time = header.end
            levels = chunk.lastLevels
        }

        /// - Parameter behindGap: the levels behind the gap between the two, if there is one.
        func isFollowed(by header: ChunkHeader, behindGap: LevelSet?) -> Bool {
            if let behindGap, behindGap != header.firstLevels { return false }
            if !isKnown { return true }
            guard header.edgesBefore == edges, header.bytesBefore == bytes, header.start >= time
            else { return false }
            return behindGap != nil || header.firstLevels == levels
        }
    }
}

extension CaptureError {
    /// Whether a damaged capture can be the reason, so that it is worth looking for what is whole.
    var canBeDamage: Bool {
        switch self {
        case .damagedDatabase, .damagedRow, .damagedChunk, .truncatedFile, .unsupportedVersion,
            .notACapture(_, .database), .notACapture(_, .unknown), .database, .inputOutput:
            true
        default: false
        }
    }
}

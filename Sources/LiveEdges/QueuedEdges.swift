public import Signals

/// What comes out of a queue of edges, for one reader.
public struct QueuedEdges<Failure: Error>: EdgeSource {
    /// The latest moment of which all is known.
    public private(set) var end: Timestamp
    private let queue: EdgeQueue<Failure>
    private var item = EdgeQueue<Failure>.Item()
    /// Whether ``item`` was popped and not handed out.
    private var hasItem = false
    /// The levels behind all that was handed out.
    private var levels: LevelSet
    private var isAtEnd = false

    /// ``read(into:)`` waits so long for something.
    private static var patienceNanoseconds: UInt64 { 100_000_000 }

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - levels: before the first edge.
    ///   - start: the moment from which on all is known.
    public init(_ queue: EdgeQueue<Failure>, levels: LevelSet = .rest, start: Timestamp = .zero) {
        self.queue = queue
        self.levels = levels
        end = start
    }

    /// Looks for something to read for at most a tenth of a second; false when there was nothing yet.
    ///
    /// Throws what ended the queue, if it ended by a failure.
    public mutating func peek() throws(Failure) -> Bool {
        if hasItem || isAtEnd { return true }
        switch queue.pop(&item, patienceNanoseconds: Self.patienceNanoseconds) {
        case .item:
            hasItem = true
            return true
        case .quiet(let time):
            end = max(end, time)
            return false
        case .ended(let failure):
            isAtEnd = true
            end = max(end, queue.latest)
            if let failure { throw failure }
            return true
        }
    }

    /// The levels before the first edge, once they are known.
    public mutating func begin(at levels: LevelSet) { self.levels = levels }

    /// Replaces the content of `batch` by the next run of edges, or by nothing if there is none
    /// within a tenth of a second; false at the end.
    public mutating func read(into batch: inout EdgeBatch) throws(Failure) -> Bool {
        batch.gap = nil
        batch.levels = levels
        batch.edges.removeAll(keepingCapacity: true)
        guard !isAtEnd else { return false }
        guard try peek() else { return true }
        guard hasItem else { return false }
        hasItem = false
        swap(&item.batch, &batch)
        end = max(end, item.end)
        levels = item.levelsAfter
        return true
    }
}

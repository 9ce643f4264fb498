#if Sigrok
internal import Signals

/// The edges of a session that runs, for one reader.
struct SampleStream {
    /// The levels by the first sample.
    let initialLevels: LevelSet
    /// The latest moment of which all is known.
    private(set) var end = Timestamp.zero
    private let owner: Owner
    private var item = EdgeQueue.Item()
    /// Whether ``item`` was popped and not handed out.
    private var hasItem = false
    /// The levels behind all that was handed out.
    private var levels: LevelSet
    private var isAtEnd = false

    /// Stops the session when the last copy of the stream has gone.
    final class Owner: Sendable {
        let session: SigrokSession
        init(_ session: SigrokSession) { self.session = session }
        deinit { session.stop() }
    }

    /// ``read(into:)`` waits so long for something.
    private static let patienceNanoseconds: UInt64 = 100_000_000

    /// Waits for the first sample.
    ///
    /// - Parameters:
    ///   - patience: how long a device may be silent before that.
    ///   - silence: what to throw then.
    ///   - isEndRequested: asked ten times a second meanwhile.
    init(
        _ session: SigrokSession, patience: Duration, silence: SigrokError,
        isEndRequested: () -> Bool
    ) throws(SigrokError) {
        owner = Owner(session)
        let feed = session.feed
        let deadline = ContinuousClock.now + patience
        var first = EdgeQueue.Item()
        waiting: while true {
            switch feed.queue.pop(&first, patienceNanoseconds: Self.patienceNanoseconds) {
            case .item:
                hasItem = true
                break waiting
            case .ended(let failure):
                if let failure { throw failure }
                guard feed.hasBegun else { throw silence }
                break waiting
            case .quiet:
                if feed.hasBegun { break waiting }
                if isEndRequested() { throw .interrupted }
                if ContinuousClock.now >= deadline { throw silence }
            }
        }
        item = first
        initialLevels = feed.initialLevels
        levels = feed.initialLevels
    }

    /// Edges for which there was no room.
    var lostEdges: Int64 { owner.session.feed.lostEdges }

    /// Replaces the content of `batch` by the next run of edges, or by nothing if there is none
    /// within a tenth of a second; false at the end.
    mutating func read(into batch: inout EdgeBatch) throws(SigrokError) -> Bool {
        batch.gap = nil
        batch.levels = levels
        batch.edges.removeAll(keepingCapacity: true)
        guard !isAtEnd else { return false }
        if !hasItem {
            let queue = owner.session.feed.queue
            switch queue.pop(&item, patienceNanoseconds: Self.patienceNanoseconds) {
            case .item: break
            case .quiet(let time):
                end = max(end, time)
                return true
            case .ended(let failure):
                isAtEnd = true
                end = max(end, queue.latest)
                if let failure { throw failure }
                return false
            }
        }
        hasItem = false
        swap(&item.batch, &batch)
        end = max(end, item.end)
        levels = item.levelsAfter
        return true
    }
}
#endif

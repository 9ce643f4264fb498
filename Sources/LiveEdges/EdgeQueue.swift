// From the thread on which an instrument delivers to the thread that wants edges.

public import Signals

/// A bounded queue of batches, whose arrays go round: no edge is allocated.
///
/// One thread fills it, another one empties it.
public final class EdgeQueue<Failure: Error>: Sendable {
    /// A run of edges, and how far what lies behind it has been looked at.
    public struct Item: Sendable {
        /// The edges; a gap before them.
        public var batch = EdgeBatch()
        /// The moment up to which all is known.
        public var end = Timestamp.zero
        /// The levels behind the last edge.
        public var levelsAfter = LevelSet.rest

        /// Nothing yet.
        public init() {}
    }

    /// What there is for whoever reads.
    enum Outcome {
        case item
        /// Nothing new within the time but this moment, at most, up to which nothing happened.
        case quiet(until: Timestamp)
        case ended(Failure?)
    }

    private struct State: Sendable {
        var items = [Item](repeating: Item(), count: EdgeQueueLimits.itemsMax)
        var first = 0
        var count = 0
        var edgeCount = 0
        var spare: [Item] = []
        var end = Timestamp.zero
        var isClosed = false
        var isCancelled = false
        var failure: Failure?

        var hasRoom: Bool { count < items.count && edgeCount < EdgeQueueLimits.edgesMax }

        func index(_ place: Int) -> Int { (first + place + items.count) % items.count }
    }

    private let state = Monitor(State())

    /// An empty queue.
    public init() {}

    // MARK: Whoever fills it

    /// Takes the content of `item` and leaves an empty one; false if there is no room, or nobody
    /// wants it any more.
    ///
    /// - Parameter waiting: wait for room.
    public func push(_ item: inout Item, waiting: Bool) -> Bool {
        var isTaken = false
        state.wait { state in
            guard !state.isCancelled else { return true }
            guard state.hasRoom else { return !waiting }
            Self.append(&item, to: &state)
            isTaken = true
            return true
        }
        return isTaken
    }

    private static func append(_ item: inout Item, to state: inout State) {
        state.end = item.end
        state.edgeCount += item.batch.edges.count
        let last = state.index(state.count - 1)
        if state.count > 0, item.batch.gap == nil,
            state.items[last].batch.edges.count + item.batch.edges.count
                <= EdgeQueueLimits.runLength
        {
            state.items[last].batch.edges.append(contentsOf: item.batch.edges)
            state.items[last].end = item.end
            state.items[last].levelsAfter = item.levelsAfter
        } else {
            swap(&state.items[state.index(state.count)], &item)
            item = state.spare.popLast() ?? Item()
            state.count += 1
        }
        item.batch.gap = nil
        item.batch.edges.removeAll(keepingCapacity: true)
    }

    /// Says that nothing happened up to a moment behind all that was pushed. Nobody is woken for it.
    public func reach(_ time: Timestamp) {
        state.change { state in
            state.end = time
            return false
        }
    }

    /// Says that nothing more comes; the first word counts.
    public func close(_ failure: Failure? = nil) {
        state.change { state in
            if !state.isClosed {
                state.isClosed = true
                state.failure = failure
            }
            return true
        }
    }

    /// Whether nobody wants anything more.
    public var isCancelled: Bool { state.read { $0.isCancelled } }

    // MARK: Whoever empties it

    /// Exchanges `item` for the oldest one, or says what there is else.
    func pop(_ item: inout Item, patienceNanoseconds: UInt64) -> Outcome {
        var outcome = Outcome.item
        state.wait(atMost: patienceNanoseconds) { state in
            guard state.count > 0 else {
                outcome = state.isClosed ? .ended(state.failure) : .quiet(until: state.end)
                return state.isClosed
            }
            if state.spare.count < EdgeQueueLimits.spareMax {
                item.batch.edges.removeAll(keepingCapacity: true)
                item.batch.gap = nil
                state.spare.append(item)
            }
            item = Item()
            swap(&item, &state.items[state.first])
            state.first = state.index(1)
            state.count -= 1
            state.edgeCount -= item.batch.edges.count
            outcome = .item
            return true
        }
        return outcome
    }

    /// The end that was said by the last word, for when the queue is empty and closed.
    var latest: Timestamp { state.read { $0.end } }

    /// Wants nothing more: whoever waits for room stops waiting.
    public func cancel() {
        state.change { state in
            state.isCancelled = true
            return true
        }
    }
}

/// The sizes of a queue of edges.
public enum EdgeQueueLimits {
    /// The edges of a batch, as a rule.
    public static let runLength = 4096
    /// The most edges that wait: 16 MB of them.
    public static let edgesMax = 1 << 20
    static let itemsMax = 2 * edgesMax / runLength
    static let spareMax = 64
}

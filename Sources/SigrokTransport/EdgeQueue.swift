// From the thread on which libsigrok runs to the thread that wants edges.

#if Sigrok
internal import Glibc
internal import Signals

/// A bounded queue of batches, whose arrays go round: no edge is allocated.
final class EdgeQueue: @unchecked Sendable {
    /// A run of edges, and how far the samples behind it have been looked at.
    struct Item {
        var batch = EdgeBatch()
        var end = Timestamp.zero
        /// The levels behind the last edge.
        var levelsAfter = LevelSet.rest
    }

    /// What there is for whoever reads.
    enum Outcome {
        case item
        /// Nothing new within the time but this moment, at most, up to which nothing happened.
        case quiet(until: Timestamp)
        case ended(SigrokError?)
    }

    /// The edges of a batch, as a rule.
    static let runLength = 4096
    /// The most edges that wait: 16 MB of them.
    private static let edgesMax = 1 << 20
    private static let itemsMax = 2 * edgesMax / runLength
    private static let spareMax = 64

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var items = [Item](repeating: Item(), count: itemsMax)
    private var first = 0
    private var count = 0
    private var edgeCount = 0
    private var spare: [Item] = []
    private var end = Timestamp.zero
    private var isClosed = false
    private var isCancelled = false
    private var failure: SigrokError?

    init() {
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        // Waits end by the clock that no one can set.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    // MARK: Whoever fills it

    /// Takes the content of `item` and leaves an empty one; false if there is no room, or nobody
    /// wants it any more.
    ///
    /// - Parameter waiting: wait for room.
    func push(_ item: inout Item, waiting: Bool) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting, !isCancelled, !hasRoom { pthread_cond_wait(condition, mutex) }
        guard !isCancelled, hasRoom else { return false }
        end = item.end
        edgeCount += item.batch.edges.count
        let last = index(count - 1)
        if count > 0, item.batch.gap == nil,
            items[last].batch.edges.count + item.batch.edges.count <= Self.runLength
        {
            items[last].batch.edges.append(contentsOf: item.batch.edges)
            items[last].end = item.end
            items[last].levelsAfter = item.levelsAfter
        } else {
            swap(&items[index(count)], &item)
            item = spare.popLast() ?? Item()
            count += 1
        }
        item.batch.gap = nil
        item.batch.edges.removeAll(keepingCapacity: true)
        pthread_cond_broadcast(condition)
        return true
    }

    /// Says that nothing happened up to a moment behind all that was pushed.
    func reach(_ time: Timestamp) {
        pthread_mutex_lock(mutex)
        end = time
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Says that nothing more comes; the first word counts.
    func close(_ failure: SigrokError? = nil) {
        pthread_mutex_lock(mutex)
        if !isClosed {
            isClosed = true
            self.failure = failure
        }
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    // MARK: Whoever empties it

    /// Exchanges `item` for the oldest one, or says what there is else.
    func pop(_ item: inout Item, patienceNanoseconds: UInt64) -> Outcome {
        var limit = timespec()
        clock_gettime(CLOCK_MONOTONIC, &limit)
        let nanoseconds = UInt64(limit.tv_nsec) + patienceNanoseconds
        limit.tv_sec += Int(nanoseconds / 1_000_000_000)
        limit.tv_nsec = Int(nanoseconds % 1_000_000_000)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while count == 0 {
            if isClosed { return .ended(failure) }
            if pthread_cond_timedwait(condition, mutex, &limit) == ETIMEDOUT, count == 0 {
                return isClosed ? .ended(failure) : .quiet(until: end)
            }
        }
        if spare.count < Self.spareMax {
            item.batch.edges.removeAll(keepingCapacity: true)
            item.batch.gap = nil
            spare.append(item)
        }
        item = Item()
        swap(&item, &items[first])
        first = index(1)
        count -= 1
        edgeCount -= item.batch.edges.count
        pthread_cond_broadcast(condition)
        return .item
    }

    /// The end that was said by the last word, for when the queue is empty and closed.
    var latest: Timestamp {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return end
    }

    /// Wants nothing more: whoever waits for room stops waiting.
    func cancel() {
        pthread_mutex_lock(mutex)
        isCancelled = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    private var hasRoom: Bool { count < items.count && edgeCount < Self.edgesMax }

    private func index(_ place: Int) -> Int { (first + place + items.count) % items.count }
}
#endif

#if GPIO
internal import CGPIO
internal import Glibc
internal import LiveEdges
internal import Signals

/// Takes from the kernel what it has, on a thread of its own.
///
/// What it works on belongs to its thread once that is started; the queue and the counts are shared.
final class LineReader: @unchecked Sendable {
    /// What could not be told as an edge.
    struct Counts: Sendable {
        var lost: Int64 = 0
        var late: Int64 = 0
        var overflow: Int64 = 0
    }

    let queue = EdgeQueue<GPIOError>()
    private let shared = Monitor(Counts())
    private let handle: TapHandle
    private var order: LineEventOrder
    private var buffer = [cgpio_event](repeating: cgpio_event(), count: Int(CGPIO_EVENTS_MAX))
    private var item = EdgeQueue<GPIOError>.Item()
    private var lastLevelCheck: UInt64
    /// The last moment before a loss for want of room; nil when there is none.
    private var overflowStart: Timestamp?
    private var overflow: Int64 = 0
    private var known = Timestamp.zero

    /// So much later than an edge its event can be queued: no batch has edges younger than this.
    static let lateness: UInt64 = 5_000_000
    /// How often the lines are read to compare them with their edges.
    private static let levelCheckInterval: UInt64 = 50_000_000
    /// How long it sleeps when nothing happens, in milliseconds: so long the end of a tap takes.
    private static let sleepMilliseconds: Int32 = 100
    /// Reads in a row: lines can move faster than anybody reads.
    private static let readsMax = 64

    init(_ start: LineStart) {
        handle = start.handle
        order = start.order
        lastLevelCheck = start.time
    }

    /// What could not be told so far.
    var counts: Counts { shared.read { $0 } }

    /// Starts the thread, which ends when the queue is cancelled or the chip is gone.
    func start(path: String) throws(GPIOError) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(self)
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<LineReader>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        guard number == 0 else {
            work.release()
            throw .system(path: path, doing: "starting the reader's thread", errno: number)
        }
        pthread_detach(thread)
    }

    private func run() {
        do throws(GPIOError) {
            while !queue.isCancelled {
                try wait()
                try drain()
                handOver()
            }
        } catch {
            order.finish()
            handOver()
            queue.close(error)
        }
    }

    /// Waits for events, or for the time at which those that are held back may go.
    private func wait() throws(GPIOError) {
        let milliseconds =
            order.isHolding ? Int32(Self.lateness / 1_000_000) : Self.sleepMilliseconds
        guard try handle.wait(milliseconds: milliseconds) else { return }
        // One buffer for all lines is read in lots; one of 16 events for each must be read at once.
        if !cgpio_kernel_buffer_is_per_line() { usleep(UInt32(Self.lateness / 1_000)) }
    }

    /// Reads all events that there are, and the levels now and then.
    private func drain() throws(GPIOError) {
        let start = MonotonicClock.nanoseconds()
        var isEmpty = false
        var reads = 0
        while !isEmpty, reads < Self.readsMax {
            let count = try handle.read(into: &buffer)
            order.take(buffer[0..<count])
            isEmpty = count == 0
            reads += 1
        }
        guard isEmpty else {
            // The kernel has more: what is known is known up to the last that it gave.
            return order.releaseAllButLast(Self.lateness)
        }
        if order.needsLevels || start >= lastLevelCheck + Self.levelCheckInterval {
            lastLevelCheck = start
            let levels = try handle.levels()
            if try !handle.wait(milliseconds: 0) { order.take(levels: levels, at: start) }
        }
        order.release(until: start - Self.lateness)
    }

    /// Puts everything that is certain into the queue. Lines cannot wait: what finds no room is lost.
    private func handOver() {
        while order.next(into: &item.batch, edgesMax: EdgeQueueLimits.runLength) {
            let count = Int64(item.batch.edges.count)
            item.end = item.batch.edges.last?.time ?? item.batch.gap?.end ?? known
            item.levelsAfter = order.levelSet
            if let start = overflowStart {
                let resumed = item.batch.edges.first?.time ?? item.end
                item.batch.gap = Gap(start: start, end: max(start, resumed), reason: .overflow)
            }
            let end = item.end
            if queue.push(&item, waiting: false) {
                overflowStart = nil
                known = end
            } else {
                overflowStart = overflowStart ?? known
                overflow += count
            }
        }
        if overflowStart == nil {
            known = max(known, order.end)
            queue.reach(known)
        }
        shared.change { counts in
            counts = Counts(lost: order.lostCount, late: order.lateCount, overflow: overflow)
            return false
        }
    }
}
#endif

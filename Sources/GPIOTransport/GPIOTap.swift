#if GPIO
internal import CGPIO
internal import Glibc
public import Signals

/// A passive tap: the edges of some GPIO lines, with the kernel's time stamps.
///
/// All lines are inputs of one request. Time 0 is the moment at which the tap begins, a moment in
/// which all lines' levels are known. ``read(into:)`` waits at most a tenth of a second, and then
/// gives an empty batch.
///
/// Losses become gaps, as far as they show: by the kernel's sequence numbers (libgpiod 2.x), by two
/// neighbouring edges of a line in the same direction, by a line that is read at another level
/// than its edges say. A line that moves and moves back while nobody sees it leaves no trace here;
/// what the link's own rules say of that is the decoder's business.
public struct GPIOTap: EdgeSource {
    /// What is tapped.
    public let plan: GPIOTapPlan
    /// The monotonic clock at time 0, in nanoseconds.
    public let clockStart: UInt64
    /// The levels at time 0; wires without a line are at rest.
    public let initialLevels: LevelSet
    private let handle: TapHandle
    private var order: LineEventOrder
    private var buffer = [cgpio_event](
        repeating: cgpio_event(), count: Int(CGPIO_EVENTS_MAX))
    private var failure: GPIOError?
    private var lastLevelCheck: UInt64

    /// So much later than an edge its event can be queued: no batch has edges younger than this.
    private static let lateness: UInt64 = 5_000_000
    /// How often the lines are read to compare them with their edges.
    private static let levelCheckInterval: UInt64 = 50_000_000
    /// How long ``read(into:)`` waits for something.
    private static let patience: UInt64 = 100_000_000
    /// Edges of a batch.
    private static let edgesMax = 4096
    /// How often a quiet moment is looked for at the beginning.
    private static let attemptsMax = 1000

    /// Requests the lines, and waits for a moment in which their levels are certain.
    public init(_ plan: GPIOTapPlan, consumer: String = "synscope") throws(GPIOError) {
        self.plan = plan
        handle = try TapHandle(plan, consumer: consumer)
        let channels = plan.wires.map(\.channel)
        for _ in 0..<Self.attemptsMax {
            guard let moment = try Self.quietMoment(handle, into: &buffer) else { continue }
            clockStart = moment.time
            lastLevelCheck = moment.time
            order = LineEventOrder(
                channels: channels, levels: moment.levels, start: moment.time)
            initialLevels = order.levelSet
            order.take(buffer[0..<moment.laterEvents])
            return
        }
        throw .system(
            path: plan.chip.path, doing: "looking for a moment without an edge", errno: EBUSY)
    }

    /// The latest moment of which all is known.
    public var end: Timestamp { order.end }
    /// Events that the kernel's numbers say are missing.
    public var lostEvents: Int64 { order.lostCount }
    /// Edges that came so late that their place among others is not certain.
    public var lateEvents: Int64 { order.lateCount }

    /// Replaces the content of `batch` by the next run of edges.
    ///
    /// Never returns false: lines have no end. Throws ``GPIOError/chipGone(path:)`` when the chip
    /// is removed, after all edges before that.
    public mutating func read(into batch: inout EdgeBatch) throws(GPIOError) -> Bool {
        let deadline = Self.now() + Self.patience
        while !order.next(into: &batch, edgesMax: Self.edgesMax) {
            if let failure { throw failure }
            let now = Self.now()
            if now >= deadline { return true }
            do throws(GPIOError) {
                try wait(until: deadline, now: now)
                try drain()
            } catch {
                failure = error
                order.finish()
            }
        }
        return true
    }

    /// Waits for events, or for the time at which those that are held back may go.
    private func wait(until deadline: UInt64, now: UInt64) throws(GPIOError) {
        let moment = order.isHolding ? min(deadline, now + Self.lateness) : deadline
        let milliseconds = Int32(clamping: (moment - now + 999_999) / 1_000_000)
        guard try handle.wait(milliseconds: milliseconds) else { return }
        // One buffer for all lines is read in lots; one of 16 events for each must be read at once.
        if !cgpio_kernel_buffer_is_per_line() { usleep(UInt32(Self.lateness / 1_000)) }
    }

    /// Reads all events that there are, and the levels now and then.
    private mutating func drain() throws(GPIOError) {
        let start = Self.now()
        var isEmpty = false
        // Bounded: lines can move faster than anybody reads.
        for _ in 0..<64 {
            let count = try handle.read(into: &buffer)
            order.take(buffer[0..<count])
            isEmpty = count == 0
            if isEmpty { break }
        }
        if isEmpty, order.needsLevels || start >= lastLevelCheck + Self.levelCheckInterval {
            lastLevelCheck = start
            let levels = try handle.levels()
            if try !handle.wait(milliseconds: 0) { order.take(levels: levels, at: start) }
        }
        if isEmpty { order.release(until: start - Self.lateness) }
    }

    /// A moment in which nothing moved while the levels were read; nil if there was none.
    private static func quietMoment(
        _ handle: TapHandle, into buffer: inout [cgpio_event]
    ) throws(GPIOError) -> (time: UInt64, levels: UInt32, laterEvents: Int)? {
        while try handle.read(into: &buffer) > 0 {}
        let before = now()
        let levels = try handle.levels()
        let after = now()
        usleep(UInt32(lateness / 1_000))
        let count = try handle.read(into: &buffer)
        let isQuiet = buffer[0..<count].allSatisfy { $0.time_ns < before || $0.time_ns > after }
        guard isQuiet, count < buffer.count else { return nil }
        // What happened before is in the levels.
        let later = buffer[0..<count].filter { $0.time_ns > after }
        buffer.replaceSubrange(0..<later.count, with: later)
        return (after, levels, later.count)
    }

    private static func now() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
#endif

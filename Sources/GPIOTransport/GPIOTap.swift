#if GPIO
internal import CGPIO
internal import Glibc
internal import LiveEdges
public import Signals

/// A passive tap: the edges of some GPIO lines, with the kernel's time stamps.
///
/// All lines are inputs. Time 0 is the moment at which the tap begins, a moment in which all lines'
/// levels are known. A thread of its own takes what the kernel has, so that it hardly ever waits for
/// whoever reads: 1,024 events, or 16 of each line, is all that the kernel keeps.
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
    private let owner: Owner
    private var edges: QueuedEdges<GPIOError>

    /// Ends the thread when the last copy of the tap has gone.
    private final class Owner: Sendable {
        let reader: LineReader
        init(_ reader: LineReader) { self.reader = reader }
        deinit { reader.queue.cancel() }
    }

    /// Requests the lines, and waits for a moment in which their levels are certain.
    public init(_ plan: GPIOTapPlan, consumer: String = "synscope") throws(GPIOError) {
        self.plan = plan
        let start = try LineStart(plan, consumer: consumer)
        clockStart = start.time
        initialLevels = start.order.levelSet
        let reader = LineReader(start)
        owner = Owner(reader)
        edges = QueuedEdges(reader.queue, levels: initialLevels)
        try reader.start(path: plan.chip.path)
    }

    /// The latest moment of which all is known.
    public var end: Timestamp { edges.end }
    /// Events that the kernel's numbers say are missing.
    public var lostEvents: Int64 { owner.reader.counts.lost }
    /// Edges that came so late that their place among others is not certain.
    public var lateEvents: Int64 { owner.reader.counts.late }
    /// Edges for which there was no room; each stretch of them is a gap.
    public var overflowEdges: Int64 { owner.reader.counts.overflow }

    /// Replaces the content of `batch` by the next run of edges, or by nothing if there is none within
    /// a tenth of a second.
    ///
    /// Never returns false: lines have no end. Throws ``GPIOError/chipGone(path:)`` when the chip
    /// is removed, after all edges before that.
    public mutating func read(into batch: inout EdgeBatch) throws(GPIOError) -> Bool {
        try edges.read(into: &batch)
    }
}
#endif

internal import LiveEdges
public import Signals

/// A passive tap: the edges of wires in shared memory, as somebody sees them who looks at them all the
/// time.
///
/// It drives nothing and claims nothing, so any number of taps can be there. Time 0 is the first look.
/// An edge is stamped when it is seen, some tens of nanoseconds after it happened, if the tap has a
/// processor of its own while the link moves; where it was interrupted and edges are missing there is a
/// gap of reason ``GapReason/unwatched``. If neither end counts its toggles, it is there where edges can
/// be missing.
public struct PinFileTap: EdgeSource {
    /// The file.
    public let path: String
    /// The monotonic clock at time 0, in nanoseconds.
    public let clockStart: UInt64
    /// The levels at time 0.
    public let initialLevels: LevelSet
    private let owner: Owner
    private var edges: QueuedEdges<PinFileError>

    /// Ends the threads when the last copy of the tap has gone.
    private final class Owner: Sendable {
        let watcher: PinWatcher
        init(_ watcher: PinWatcher) { self.watcher = watcher }
        deinit { watcher.stop() }
    }

    /// Begins to watch the wires of a file.
    public init(opening path: String) throws(PinFileError) {
        try self.init(PinPage(opening: path, for: .reading))
    }

    /// Begins to watch wires.
    public init(_ page: PinPage) throws(PinFileError) {
        let watcher = PinWatcher(page)
        path = page.path ?? ""
        clockStart = watcher.start
        initialLevels = watcher.initialLevels
        owner = Owner(watcher)
        edges = QueuedEdges(watcher.queue, levels: initialLevels)
        try watcher.begin()
    }

    /// The latest moment of which all is known.
    public var end: Timestamp { edges.end }
    /// How often the tap was interrupted and edges are missing, or can be; each time is a gap.
    public var interruptions: Int64 { owner.watcher.counts.interruptions }
    /// Edges for which there was no room; each stretch of them is a gap.
    public var overflowEdges: Int64 { owner.watcher.counts.overflow }

    /// Replaces the content of `batch` by the next run of edges, or by nothing if there is none within
    /// a tenth of a second.
    ///
    /// Never returns false: wires have no end.
    public mutating func read(into batch: inout EdgeBatch) throws(PinFileError) -> Bool {
        try edges.read(into: &batch)
    }
}

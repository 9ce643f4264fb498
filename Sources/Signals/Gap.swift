/// A stretch of a capture in which edges are known to be missing.
///
/// The missing edges lie after `start` and before `end`. A gap says only what is known: edges can
/// also be missing where nothing shows it.
public struct Gap: Hashable, Sendable {
    /// The last moment before the missing edges at which all was known.
    public var start: Timestamp
    /// The first moment after the missing edges at which levels are known again.
    public var end: Timestamp
    /// How it is known that edges are missing.
    public var reason: GapReason
    /// The one channel that misses edges, or nil when any may.
    public var channel: Channel?

    /// A gap between two moments.
    public init(start: Timestamp, end: Timestamp, reason: GapReason, channel: Channel? = nil) {
        self.start = start
        self.end = end
        self.reason = reason
        self.channel = channel
    }
}

/// How it is known that edges are missing. Raw values are stored in captures: never renumber.
public enum GapReason: UInt8, Hashable, Sendable, CaseIterable {
    /// Two neighbouring edges of one channel go the same way.
    case sameDirection = 1
    /// The kernel's event numbers are not contiguous.
    case sequence = 2
    /// A bounded buffer was full, and what did not fit was counted.
    case overflow = 3
    /// A stored chunk is damaged.
    case damaged = 4
    /// The two clocks do not alternate.
    case clockOrder = 5
    /// A data edge lies outside its window, or two lie in one.
    case dataWindow = 6
    /// Characters make no sense at their present alignment, and do at another.
    case framing = 7
    /// A channel's level was not logic 0 or 1 (`x` or `z` in a value change dump).
    case unknownLevel = 8
    /// A line that was read has another level than its edges say.
    case levelRead = 9
    /// Nobody looked at the wires for so long that edges can have come and gone.
    case unwatched = 10

    /// The reason's name in files and reports.
    public var name: StaticString {
        switch self {
        case .sameDirection: "same-direction"
        case .sequence: "sequence"
        case .overflow: "overflow"
        case .damaged: "damaged"
        case .clockOrder: "clock-order"
        case .dataWindow: "data-window"
        case .framing: "framing"
        case .unknownLevel: "unknown-level"
        case .levelRead: "level-read"
        case .unwatched: "unwatched"
        }
    }
}

import Signals

/// Edges that broke the handshake, until it is clear what they were.
///
/// A link that stops, is reset or is pulled down breaks the handshake lawfully, and only what
/// follows can tell: a reset within a few edges, or silence. Everything else means that edges are
/// missing. Until then the edges are kept as they come, without a meaning.
struct Disorder {
    /// So many edges in good order end a disorder.
    static let orderlyEdgesMin = 8
    /// A lawful stop and the new start sequence are at most this many edges, the bridge's last
    /// words and the reset circuit's pull-downs included.
    static let lawfulEdgesMax = 12

    /// A toggle of a clock since the last edge out of order.
    struct Toggle {
        var end: LinkEnd
        var bit: UInt8
        var time: Timestamp
    }

    /// The last moment at which all was in order.
    var start: Timestamp
    /// The last edge that was out of order.
    var end: Timestamp
    /// How it is known; nil when nothing is wrong: the link is merely not known yet.
    var reason: GapReason?
    /// The channel of a gap that was found before, by the instrument or the file.
    var channel: Channel?
    /// A lawful stop is no explanation: the source itself says that edges are missing.
    var isCertain = false
    /// It was the bridge's turn when order ended.
    var waitedForBridge = false
    /// The first edge out of order.
    var firstEdge: Edge?
    /// The end all of whose edges fell, if nothing else happened.
    var fallingEnd: LinkEnd?
    /// Edges since then.
    var edgeCount = 0
    /// Edges in good order since the last one that was not.
    var orderlyEdges = 0
    /// The toggles among them.
    var toggles: [Toggle] = []

    /// How the link got here is of no consequence if a reset follows now.
    var isLawfulBeforeReset: Bool { !isCertain && edgeCount <= Self.lawfulEdgesMax }

    /// The gap that this disorder is, or nil when it is none.
    var gap: Gap? {
        reason.map { Gap(start: start, end: end, reason: $0, channel: channel) }
    }
}

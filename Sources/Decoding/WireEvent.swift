public import Signals

/// What the wires alone show, before any frame is given a meaning.
enum WireEvent: Hashable, Sendable {
    /// Characters crossed the wire.
    case frame(Frame)
    /// The host pulled `reset` low: a new session begins.
    case resetPulled(ResetPull)
    /// The host released `reset`.
    case resetReleased(at: Timestamp, session: Int)
    /// The pattern of one end is complete on the wire.
    case synchronised(from: LinkEnd, at: Timestamp, session: Int)
    /// The host and the bridge exchange bits, and the pattern does not come: the bridge was not
    /// reset, or the pattern was missed.
    case notSynchronised(at: Timestamp, session: Int)
    /// One end left the handshake: it let its outputs fall.
    case stopped(LinkEnd, at: Timestamp, session: Int)
    /// The capture begins on a link that was already running.
    case joined(at: Timestamp)
    /// The alignment of characters was found in a link that was already running.
    case aligned(at: Timestamp, session: Int)
    /// Edges are missing.
    case gap(Gap)
    /// Bits were exchanged.
    case traffic(TrafficInterval)
}

/// The host pulling `reset` low, with what the wires showed just before.
public struct ResetPull: Hashable, Sendable {
    /// When `reset` went low; if that was not seen, when it was released.
    public var time: Timestamp
    /// `reset` was seen going low.
    public var isSeen: Bool
    /// The session that begins.
    public var session: Int
    /// The first edge by which the host left the session before; the edges of its new first bit
    /// come between this and ``time``.
    public var hostStopped: Timestamp
    /// The last toggle of the bridge's clock before the host stopped; nil when there was none.
    public var lastBridgeToggle: Timestamp?
    /// It was the bridge's turn to toggle when the host stopped.
    public var waitedForBridge: Bool
}

/// How many bits each end sent in a stretch of time.
public struct TrafficInterval: Hashable, Sendable {
    /// Begin of the stretch.
    public var start: Timestamp
    /// End of the stretch.
    public var end: Timestamp
    /// Bits that the host sent.
    public var hostBits: Int64
    /// Bits that the bridge sent.
    public var bridgeBits: Int64
}

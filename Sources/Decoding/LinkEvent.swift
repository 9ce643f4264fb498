public import LinkProtocol
public import Signals

/// What happened on a link, in the order in which it became known.
public enum LinkEvent: Equatable, Sendable {
    /// A frame crossed the wire, with its meaning.
    case message(DecodedMessage)
    /// The host reset the bridge.
    case reset(Reset)
    /// One end's pattern is complete on the wire.
    case synchronised(Synchronisation)
    /// The bridge reported RUNNING: the session's start-up is over.
    case running(Running)
    /// The host's watchdog found the bridge silent.
    case watchdog(Watchdog)
    /// The two ends exchange bits, and the pattern does not come: the bridge was not reset, or the
    /// pattern was missed.
    case notSynchronised(at: Timestamp, session: Int)
    /// One end left the handshake.
    case stopped(Stop)
    /// The capture begins on a link that was already running: its first bits have no known place.
    case joined(at: Timestamp)
    /// The alignment of characters was found in a link that was already running.
    case aligned(at: Timestamp, session: Int)
    /// Edges are missing.
    case gap(Gap, session: Int)
    /// Bits were exchanged.
    case traffic(TrafficInterval)

    /// A reset of the bridge, and the begin of a session.
    public struct Reset: Hashable, Sendable {
        /// When `reset` went low; if that was not seen, when it was released.
        public var start: Timestamp
        /// `reset` was seen going low.
        public var startIsSeen: Bool
        /// The first edge by which the host left the session before. The edges of its new first
        /// bit come between this and ``start``.
        public var hostLeft: Timestamp
        /// When `reset` was released; nil when the capture does not show it.
        public var end: Timestamp?
        /// The session that begins.
        public var session: Int
        /// Why, as far as the wires tell.
        public var cause: ResetCause
    }

    /// One end's pattern, complete on the wire.
    public struct Synchronisation: Hashable, Sendable {
        /// The clock edge of the pattern's last bit.
        public var time: Timestamp
        /// The end that sent the pattern.
        public var from: LinkEnd
        /// The session.
        public var session: Int
        /// Both patterns are complete now: frames can flow.
        public var completesSession: Bool
    }

    /// The report of the bridge that it is ready.
    public struct Running: Hashable, Sendable {
        /// The end of the frame that says so.
        public var time: Timestamp
        /// The session.
        public var session: Int
        /// When the bridge was last known to serve, if it did in an earlier session of the capture.
        public var lastService: Timestamp?
    }

    /// A silence of the bridge that the host answered by a reset.
    public struct Watchdog: Hashable, Sendable {
        /// The bridge's last toggle.
        public var start: Timestamp
        /// When the host left the session.
        public var end: Timestamp
        /// The session that ended.
        public var session: Int

        /// How long the bridge was silent before the host acted.
        public var silence: Nanoseconds { end - start }
    }

    /// An end that left the handshake.
    public struct Stop: Hashable, Sendable {
        /// The first edge by which it left.
        public var time: Timestamp
        /// The end that left.
        public var end: LinkEnd
        /// The session that ended.
        public var session: Int
    }
}

/// Why a session began.
public enum ResetCause: Hashable, Sendable {
    /// Nothing was on the wires before: the host was started.
    case start
    /// The bridge stood still while it was its turn.
    case watchdog
    /// The bridge reported something from which only a reset helps.
    case fatalStatus(Status)
    /// The bridge did not synchronise in the session before.
    case noSynchronisation
    /// The link was well: the host was restarted, or its application asked for it.
    case hostRestart

    /// The cause's name in files and reports.
    public var name: String {
        switch self {
        case .start: "start"
        case .watchdog: "watchdog"
        case .fatalStatus: "fatal-status"
        case .noSynchronisation: "no-synchronisation"
        case .hostRestart: "host-restart"
        }
    }
}

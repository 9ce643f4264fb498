public import Decoding
public import LinkProtocol
public import Signals

/// One session of a capture: how it began, how far it got, and how it ended.
///
/// A moment is nil when it did not happen or the capture does not show it.
public struct SessionSummary: Equatable, Sendable {
    /// A status and the end of the first frame that reported it.
    public struct FirstStatus: Hashable, Sendable {
        /// The status.
        public var status: Status
        /// The end of its first frame in the session.
        public var time: Timestamp
    }

    /// The session's number; 0 before the first reset of the capture.
    public var number: Int
    /// Why it began; nil for session 0.
    public var cause: ResetCause?
    /// The silence of the bridge that made the host begin it.
    public var silence: LinkEvent.Watchdog?
    /// The host pulled `reset` low.
    public var resetPulled: Timestamp?
    /// The host released `reset`.
    public var resetReleased: Timestamp?
    /// Both patterns were complete.
    public var synchronised: Timestamp?
    /// The end of the first `init` frame.
    public var initialised: Timestamp?
    /// The end of the frame that reported RUNNING.
    public var running: Timestamp?
    /// When the bridge was last known to serve in an earlier session, once it runs again.
    public var lastService: Timestamp?
    /// The reset that ended it; nil for the last of the capture.
    public var ended: Timestamp?
    /// The first report of every status but PUBOK, in order.
    public var firstStatuses: [FirstStatus] = []
    /// Subscriptions that the host sent.
    public var subscriptions: Int64 = 0
    /// Those among them that it had sent in an earlier session, too.
    public var subscriptionsRenewed: Int64 = 0
    /// The end of the last frame that renewed one.
    public var lastRenewal: Timestamp?
    /// Frames, in both directions.
    public var frames: Int64 = 0
    /// Gaps.
    public var gaps: Int64 = 0

    /// A session of which nothing is known yet.
    public init(number: Int) { self.number = number }

    /// How long `reset` was held low.
    public var resetLow: Nanoseconds? { Self.span(resetPulled, resetReleased) }
    /// From the release of `reset` until both patterns were complete.
    var releaseToSynchronised: Nanoseconds? { Self.span(resetReleased, synchronised) }
    /// From there until `init` had been sent.
    var synchronisedToInitialised: Nanoseconds? { Self.span(synchronised, initialised) }
    /// From the release of `reset` until RUNNING.
    var releaseToRunning: Nanoseconds? { Self.span(resetReleased, running) }
    /// From the reset, which is when the host acted, until both patterns were complete.
    var resetToSynchronised: Nanoseconds? { Self.span(resetPulled, synchronised) }
    /// From the reset until RUNNING.
    var resetToRunning: Nanoseconds? { Self.span(resetPulled, running) }
    /// From the last service of an earlier session until RUNNING.
    public var withoutService: Nanoseconds? { Self.span(lastService, running) }

    /// From the end of `init` to the first report of a status that belongs to the start-up.
    ///
    /// Those are the statuses up to RUNNING, and the first WIFI_UP that follows.
    func initialisedTo(_ status: Status) -> Nanoseconds? {
        guard let initialised,
            let first = firstStatuses.first(where: { $0.status == status }),
            first.time >= initialised
        else { return nil }
        if let running, first.time > running {
            let wasDown = firstStatuses.contains {
                $0.status == .wifiDown && $0.time < first.time
            }
            guard status == .wifiUp, !wasDown else { return nil }
        }
        return first.time - initialised
    }

    private static func span(_ from: Timestamp?, _ to: Timestamp?) -> Nanoseconds? {
        guard let from, let to, to >= from else { return nil }
        return to - from
    }
}

public import LinkProtocol
import Signals

/// How long the phases of the start-up took, over all sessions.
public struct StartUpFacts: Equatable, Sendable {
    /// From `init` to a status.
    public struct StatusDelay: Equatable, Sendable {
        /// The status.
        public var status: Status
        /// From the end of `init` to the end of the first frame that reports it.
        public var delay: Distribution
    }

    /// `reset` held low.
    public var resetLow = Distribution()
    /// From the release of `reset` until both patterns were complete.
    public var synchronised = Distribution()
    /// From there until `init` had been sent.
    public var initialised = Distribution()
    /// From the end of `init` to each status of the start-up that occurred.
    public var statuses: [StatusDelay] = []
    /// From the release of `reset` until RUNNING.
    public var running = Distribution()
    /// From the last service of an earlier session until RUNNING, whatever the cause.
    public var withoutService = Distribution()
    /// Sessions that never reported RUNNING, those that the end of the capture cut off included.
    public var sessionsWithoutRunning: Int64 = 0
    /// Subscriptions that the host renewed after a reset.
    public var subscriptionsRenewed: Int64 = 0
}

/// How often the bridge fell silent, and what it cost.
public struct WatchdogFacts: Equatable, Sendable {
    /// How often the host found the bridge silent and reset it.
    public var count: Int64 = 0
    /// How long the bridge was silent before the host acted: from the bridge's last toggle.
    public var silence = Distribution()
    /// How long `reset` was then held low.
    public var resetLow = Distribution()
    /// From the reset until both patterns were complete.
    public var toSynchronised = Distribution()
    /// From the reset until RUNNING.
    public var toRunning = Distribution()
    /// From the bridge's last toggle until RUNNING.
    public var withoutService = Distribution()
}

/// Resets by their cause.
public struct ResetCount: Hashable, Sendable {
    /// The cause's name, as ``ResetCause/name`` has it.
    public var cause: String
    /// How many.
    public var count: Int64

    /// The names of all causes, in the order of reports.
    public static let causes = [
        "start", "watchdog", "fatal-status", "no-synchronisation", "host-restart",
    ]
}

/// Times without a network, as the bridge reported them.
public struct OutageFacts: Equatable, Sendable {
    /// From the end of WIFI_DOWN to the end of WIFI_UP, while running.
    public var length = Distribution()
    /// The capture ended in an outage: 1, else 0.
    public var unfinished: Int64 = 0
}

/// Everything that is measured in one capture.
///
/// Every figure's begin and end is defined in Documentation/Measurements.md.
public struct LinkReport: Equatable, Sendable {
    /// The capture as a whole.
    public var capture: CaptureFacts
    /// What was sent, and how fast.
    public var traffic: Traffic
    /// Publications.
    public var publish: PublishFacts
    /// Requests for the time.
    public var time: RequestFacts
    /// Requests for the free memory.
    public var memory: RequestFacts
    /// From the bridge's toggle to the host's.
    public var hostTurnRound: TurnRounds
    /// From the host's toggle to the bridge's.
    public var bridgeTurnRound: TurnRounds
    /// The sessions, oldest first.
    public var sessions: BoundedList<SessionSummary>
    /// Resets by their cause, one element for every cause.
    public var resets: [ResetCount]
    /// How long the start-ups took.
    public var startUp: StartUpFacts
    /// What the watchdog did.
    public var watchdog: WatchdogFacts
    /// Times without a network.
    public var outages: OutageFacts
    /// Publications as the application's log has them; nil when there is no log.
    public var publications: PublicationFacts?

    /// What nobody can learn from the wires, however good the capture is.
    public static let notOnTheWire = [
        "when the application called publish and when the call returned: a queue and a polling "
            + "loop lie between the application and the wire, on both sides",
        "publications that never reached the wire, even if their caller saw publish return",
        "when, or whether, a publication arrived at the broker or at a subscriber: PUBOK is the "
            + "bridge's word",
        "why the bridge stood still: a crash, a busy processor and a blocking call look alike",
        "why the host restarted a link that was well",
        "how long a message from the broker waited in the bridge before its frame began",
    ]
}

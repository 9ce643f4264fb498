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
    /// Publications as an application's log or a journal has them; nil when there is neither.
    public var publications: PublicationFacts?
    /// What of a machine's journal there is; nil when there is none.
    public var journal: JournalFacts?
    /// Times without service; nil without a journal.
    public var interruptions: InterruptionFacts?
    /// From a message's packet of the broker to the first bit of its frame; nil without a journal of
    /// the bridge.
    public var delivery: Distribution?
}

import Signals

/// What a generated link does all day. The defaults are shaped after the captures of the reference.
public struct TrafficPlan: Hashable, Sendable {
    /// The same seed gives the same edges.
    public var seed: UInt64
    /// How many edges to make.
    public var edgeCount: Int64
    /// From the other end's toggle to an end's next edge.
    public var turnRound = JitteredDelay(mean: .microseconds(438), deviation: .microseconds(90))
    /// From a data edge to the clock edge that announces it.
    public var dataLead = JitteredDelay(mean: .microseconds(4), deviation: Nanoseconds(500))
    /// The share of the time in which an end sends a frame.
    public var frameShare = 0.27
    /// The longest text that is published.
    public var payloadLengthMax = 60
    /// Every so many publications the broker has a message for the host.
    public var messageInterval = 4

    /// A plan with the reference's habits.
    public init(seed: UInt64, edgeCount: Int64) {
        self.seed = seed
        self.edgeCount = edgeCount
    }
}

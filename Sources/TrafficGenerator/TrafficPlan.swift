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

    /// The text of one publication, to be found again.
    public var mark: Mark?

    /// The text of one publication.
    public struct Mark: Hashable, Sendable {
        /// The first publication after so many edges has it.
        public var edgesBefore: Int64
        /// The text.
        public var text: [UInt8]

        /// A text for the first publication after so many edges.
        public init(edgesBefore: Int64, text: [UInt8]) {
            self.edgesBefore = edgesBefore
            self.text = text
        }
    }

    /// A plan with the reference's habits.
    public init(seed: UInt64, edgeCount: Int64) {
        self.seed = seed
        self.edgeCount = edgeCount
    }
}

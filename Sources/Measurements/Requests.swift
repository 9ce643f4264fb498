public import LinkProtocol

/// What the link was doing when a request was sent.
///
/// Latencies of different phases have different causes and are never put into one row.
public enum SendingPhase: UInt8, Hashable, Sendable, CaseIterable {
    /// The bridge had reported RUNNING. A capture that begins in a running link counts as this.
    case whileRunning
    /// The bridge had reported WIFI_DOWN, and WIFI_UP not yet again.
    case duringOutage
    /// The bridge had not yet reported RUNNING in this session.
    case beforeRunning

    /// The phase's name in files.
    public var name: String {
        switch self {
        case .whileRunning: "whileRunning"
        case .duringOutage: "duringOutage"
        case .beforeRunning: "beforeRunning"
        }
    }

    /// The phase in words.
    public var explanation: String {
        switch self {
        case .whileRunning: "sent while RUNNING"
        case .duringOutage: "sent while the network was down"
        case .beforeRunning: "sent before RUNNING"
        }
    }
}

/// What became of requests.
public struct RequestOutcomes: Hashable, Sendable {
    /// Whole requests on the wire.
    public var sent: Int64 = 0
    /// Requests with an answer and a latency.
    public var answered: Int64 = 0
    /// Requests whose session ended first.
    public var unanswered: Int64 = 0
    /// Requests that were still waiting when the capture ended.
    public var open: Int64 = 0
    /// Requests that a gap followed before their answer: no latency is taken from them, because
    /// nobody knows whether the answer is theirs.
    public var doubtful: Int64 = 0
    /// Answers to requests that the capture does not hold.
    public var answersWithoutRequest: Int64 = 0

    /// Neither a request nor an answer was seen.
    public var isEmpty: Bool { sent == 0 && answersWithoutRequest == 0 }
}

/// Requests of one kind: what became of them, and how long the answers took.
public struct RequestFacts: Equatable, Sendable {
    /// What became of them.
    public var outcomes = RequestOutcomes()
    /// From the end of the request's frame to the end of the answer's.
    public var latency = Distribution()
}

/// Publications: what became of them, and how long each kind took.
public struct PublishFacts: Equatable, Sendable {
    /// Publications of one quality of service, sent in one phase.
    public struct Row: Equatable, Sendable {
        /// The quality of service.
        public var qos: QualityOfService
        /// When they were sent.
        public var phase: SendingPhase
        /// From the end of the publication's frame to the end of PUBOK's.
        public var latency = Distribution()
    }

    /// What became of all publications.
    public var outcomes = RequestOutcomes()
    /// One row for every phase and quality of service, empty ones included.
    public var rows: [Row] = []

    /// The latencies of one row.
    public func latency(qos: QualityOfService, phase: SendingPhase) -> Distribution {
        rows.first { $0.qos == qos && $0.phase == phase }?.latency ?? Distribution()
    }
}

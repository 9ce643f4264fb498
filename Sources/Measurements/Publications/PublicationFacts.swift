import LinkProtocol
public import Signals

/// Where an application's log comes from, and how its clock was joined with the capture's.
public struct ApplicationLogFacts: Equatable, Sendable {
    /// The log's name.
    public var source: String?
    /// Time of the capture = time of the log - offset.
    public var offset: Nanoseconds?
    /// The offset was found by statuses, the fastest of which counts as told at once.
    public var isOffsetFound = false
    /// The entries.
    public var entryCount: Int64 = 0

    /// What is known before the log is read.
    public init(source: String? = nil, offset: Nanoseconds? = nil, isOffsetFound: Bool = false) {
        self.source = source
        self.offset = offset
        self.isOffsetFound = isOffsetFound
    }
}

/// Publications as the application saw them, or the machines of both ends.
public struct PublicationFacts: Equatable, Sendable {
    /// Who tells of calls and returns.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// The application's log.
        case log
        /// The journal of the host's machine.
        case host
        /// Nobody: there is only the journal of the bridge's machine.
        case bridge
    }

    /// Publications whose way has the same causes.
    public enum Group: Hashable, Sendable, CaseIterable {
        /// All of them.
        case all
        /// Of qos 0, served at once.
        case atMostOnce
        /// Of qos 1, served at once.
        case atLeastOnce
        /// Held back: the bridge did not serve at some moment from the call to PUBOK.
        case heldBack

        /// What stands before a hop's name in metrics.
        var metricPrefix: String {
            switch self {
            case .all: ""
            case .atMostOnce: "qos0."
            case .atLeastOnce: "qos1."
            case .heldBack: "heldBack."
            }
        }

        /// The name in files.
        public var name: String {
            switch self {
            case .all: "all"
            case .atMostOnce: "qos0"
            case .atLeastOnce: "qos1"
            case .heldBack: "heldBack"
            }
        }

        func holds(_ trace: PublicationTrace) -> Bool {
            switch self {
            case .all: true
            case .atMostOnce: !trace.isHeldBack && trace.content.qos == .atMostOnce
            case .atLeastOnce: !trace.isHeldBack && trace.content.qos == .atLeastOnce
            case .heldBack: trace.isHeldBack
            }
        }
    }

    /// One hop of one group.
    public struct Row: Equatable, Sendable {
        /// The group.
        public var group: Group
        /// The hop.
        public var hop: PublicationHop
        /// How long it took.
        public var latency: Distribution
    }

    /// The most publications of each list that are kept.
    public static let listedMax = 64

    /// Who tells of calls and returns.
    public var source = Source.log
    /// The log.
    public var log = ApplicationLogFacts()
    /// Calls for a publication.
    public var called: Int64 = 0
    /// Those that returned.
    public var returned: Int64 = 0
    /// Those of which a frame crossed the wire.
    public var crossed: Int64 = 0
    /// Those to which PUBOK came.
    public var acknowledged: Int64 = 0
    /// Those of which no frame crossed the wire although they returned.
    public var lost = BoundedList<PublicationTrace>(limit: listedMax)
    /// Those of which no frame crossed the wire, and that did not return before the capture's end.
    public var waiting = BoundedList<PublicationTrace>(limit: listedMax)
    /// Those whose frame may be among missing edges.
    public var doubtful: Int64 = 0
    /// Those that crossed the wire more than once.
    public var repeated = BoundedList<PublicationTrace>(limit: listedMax)
    /// Those whose call was refused.
    public var refused: Int64 = 0
    /// Those whose call returned as not confirmed: a crash came before PUBOK.
    public var unconfirmed: Int64 = 0
    /// Those that a bridge sent to the broker.
    public var sent: Int64 = 0
    /// Those that a bridge, or one bridge after another, sent to the broker more than once.
    public var sentAgain = BoundedList<PublicationTrace>(limit: listedMax)
    /// Those that arrived at the broker.
    public var arrived: Int64 = 0
    /// Those that arrived more than once.
    public var arrivedAgain = BoundedList<PublicationTrace>(limit: listedMax)
    /// Those whose call returned as done, and that never arrived; empty where no arrival is told.
    public var notArrived = BoundedList<PublicationTrace>(limit: listedMax)
    /// Publications on the wire without a call.
    public var withoutCall: Int64 = 0
    /// Hops that came out negative: the clocks contradict each other.
    public var contradictions: Int64 = 0
    /// Every group and hop, empty ones included.
    public var rows: [Row] = []

    /// Masks, or otherwise changes, the contents of all publications that are listed.
    public mutating func updateContents(_ change: (PublicationContent) -> PublicationContent) {
        lost.updateKept { $0.content = change($0.content) }
        waiting.updateKept { $0.content = change($0.content) }
        repeated.updateKept { $0.content = change($0.content) }
        sentAgain.updateKept { $0.content = change($0.content) }
        arrivedAgain.updateKept { $0.content = change($0.content) }
        notArrived.updateKept { $0.content = change($0.content) }
    }

    /// How long a hop took.
    public func latency(_ hop: PublicationHop, of group: Group) -> Distribution {
        rows.first { $0.group == group && $0.hop == hop }?.latency ?? Distribution()
    }
}

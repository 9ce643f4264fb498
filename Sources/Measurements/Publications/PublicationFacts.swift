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

/// Publications as the application saw them.
public struct PublicationFacts: Equatable, Sendable {
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
    /// Publications on the wire without a call in the log.
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
    }

    /// How long a hop took.
    public func latency(_ hop: PublicationHop, of group: Group) -> Distribution {
        rows.first { $0.group == group && $0.hop == hop }?.latency ?? Distribution()
    }
}

public import Decoding
public import Signals

/// A stretch in which the bridge did not serve, after it had.
public struct Interruption: Equatable, Sendable {
    /// What was lost, the gravest if it was more.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The session: the bridge was reset.
        case restart
        /// The network, as the bridge told the host.
        case network
        /// The connection to the broker, which the host was not told.
        case connection

        /// What was lost, in words.
        public var explanation: String {
            switch self {
            case .restart: "restart of the bridge"
            case .network: "network lost"
            case .connection: "connection to the broker lost"
            }
        }
    }

    /// A fault that was put in.
    public struct PutIn: Hashable, Sendable {
        /// The number of its ``FaultName``.
        public var number: Int
        /// When.
        public var time: Timestamp

        /// The fault's name.
        public var name: String { FaultName.words(number) }
    }

    /// What was lost.
    public var kind: Kind
    /// The session in which it began.
    public var session: Int
    /// Why the bridge was reset, if it was.
    public var resetCause: ResetCause?
    /// The fault before it, if one was put in.
    public var fault: PutIn?
    /// The last moment of service: the bridge's last toggle, the host's leaving, the end of WIFI_DOWN,
    /// or the loss of the connection, whichever came first.
    public var lost: Timestamp
    /// The end of the frame that says RUNNING or WIFI_UP, or the broker's acknowledgement of the
    /// connection; nil when the capture ends first.
    public var restored: Timestamp?
    /// Publications that were on their way when service was restored.
    public var heldCount = 0
    /// The end of the next PUBOK, if publications were on their way.
    public var firstAcknowledgement: Timestamp?

    /// How long there was no service.
    public var length: Nanoseconds? { restored.map { $0 - lost } }
    /// From the fault to service.
    public var faultToRestored: Nanoseconds? {
        guard let fault, let restored else { return nil }
        return restored - fault.time
    }
    /// From service to the first PUBOK.
    public var restoredToAcknowledgement: Nanoseconds? {
        guard let restored, let firstAcknowledgement else { return nil }
        return firstAcknowledgement - restored
    }
}

/// All interruptions of a capture.
public struct InterruptionFacts: Equatable, Sendable {
    /// How long those of a kind were.
    public struct Row: Equatable, Sendable {
        /// The kind.
        public var kind: Interruption.Kind
        /// How long there was no service.
        public var length: Distribution
    }

    /// The most interruptions that are listed.
    public static let listedMax = 64

    /// One by one.
    public var list = BoundedList<Interruption>(limit: listedMax)
    /// How long all were.
    public var length = Distribution()
    /// How long those of each kind were, empty ones included.
    public var rows: [Row] = []
    /// From the fault that was put in to service, of those that had one.
    public var faultToRestored = Distribution()
    /// From service to the first PUBOK, of those with publications on their way.
    public var restoredToAcknowledgement = Distribution()
    /// Publications that were on their way when service was restored.
    public var held: Int64 = 0
    /// The capture ended in one: 1, else 0.
    public var unfinished: Int64 = 0

    /// How long those of a kind were.
    public func length(of kind: Interruption.Kind) -> Distribution {
        rows.first { $0.kind == kind }?.length ?? Distribution()
    }
}

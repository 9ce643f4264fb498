public import BridgeProtocol
public import LinkProtocol
public import MQTTProtocol
public import Signals

/// What a record of a capture's journal tells, whoever wrote it: a machine, its surroundings, or an
/// application.
public struct JournalEvent: Equatable, Sendable {
    /// When.
    public var time: Timestamp
    /// The number of edges that precede it in its capture.
    public var edgesBefore: Int64
    /// What happened.
    public var content: Content

    /// An event at a place among the edges.
    public init(time: Timestamp, edgesBefore: Int64, _ content: Content) {
        self.time = time
        self.edgesBefore = edgesBefore
        self.content = content
    }

    /// What happened.
    public enum Content: Equatable, Sendable {
        /// What the application did, or was told, in the words of an application's log. Either it is
        /// an entry of one, or the journal of the host's machine tells it.
        case application(JSONNode, isFromLog: Bool)
        /// A packet between bridge and broker; of an acknowledgement also what it acknowledges, as
        /// far as that was seen.
        case packet(MQTTReading, from: MQTTSender, acknowledges: MQTTPublish?)
        /// Bytes between bridge and broker that are no packet, nor is what follows them.
        case notMQTT(MQTTFault, from: MQTTSender)
        /// Something of the bridge's that neither the wires nor packets show.
        case bridge(BridgeHappening)
        /// A fault was put in: the number of its ``FaultName``, and how long it lasts; zero
        /// for one that is over at once.
        case fault(number: Int, Nanoseconds)
        /// A fault that lasts has ended.
        case faultEnded(number: Int)
        /// A publication has arrived at the broker.
        case arrived(topic: [UInt8], message: [UInt8], qos: UInt8, isDuplicate: Bool)
        /// Somebody or something has marked this moment, with a name: a trigger that fired.
        case marker([UInt8])
        /// A record that cannot be read; nil: it is no JSON.
        case damaged(JournalKind, RecordFault?)
    }

    /// Something of the bridge's that neither the wires nor packets show.
    public enum BridgeHappening: Equatable, Sendable {
        /// The firmware starts.
        case booted
        /// It lost its power, or was reset.
        case poweredOff
        /// What became of Wi-Fi.
        case network(NetworkEvent)
        /// The bridge reads from the broker again, or stops reading.
        case reading(Bool)
        /// A fault of the reference was imitated.
        case imitated(ReferenceRule)
        /// What the bridge itself thinks worth telling.
        case event(BridgeEvent)
    }

    /// How much of a journal somebody wants to see; each holds the ones before it.
    public enum Detail: String, Comparable, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// What the application called and what came back, and everything in its own log.
        case calls
        /// Also packets, faults, and what goes wrong; no pings, and nothing that the wires say too.
        case usual
        /// Everything but timers and polls.
        case all

        private var rank: Int { Detail.allCases.firstIndex(of: self) ?? 0 }

        /// Whether the left shows less.
        public static func < (left: Detail, right: Detail) -> Bool { left.rank < right.rank }
    }

    /// The least detail with which this is shown.
    public var detail: Detail {
        switch content {
        case .application(let object, let isFromLog):
            if isFromLog { return .calls }
            return HostWords.detail(of: object)
        case .packet(.packet(.pingRequest), _, _), .packet(.packet(.pingResponse), _, _):
            return .all
        case .packet, .notMQTT, .fault, .faultEnded, .damaged: return .usual
        case .bridge(let happening): return happening.detail
        case .arrived: return .all
        case .marker: return .calls
        }
    }

    /// What the application did or was told, as far as it is understood; nil for all else.
    public var applicationEvent: ApplicationEvent? {
        guard case .application(let object, _) = content else { return nil }
        return ApplicationEvent(object)
    }
}

extension JournalEvent.BridgeHappening {
    var detail: JournalEvent.Detail {
        switch self {
        case .network: return .usual
        case .booted, .poweredOff, .reading, .imitated: return .all
        case .event(let event):
            switch event {
            case .synchronised, .connected, .connectionRefused, .published, .subscribed: return .all
            default: return .usual
            }
        }
    }
}

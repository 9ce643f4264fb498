public import Decoding
public import LinkProtocol
public import Signals

/// What a publication is told by: its topic, its content and its quality of service.
public struct PublicationContent: Equatable, Sendable {
    /// The topic.
    public var topic: [UInt8]
    /// The content.
    public var message: [UInt8]
    /// How sure the delivery is.
    public var qos: QualityOfService

    /// A topic, a content and a quality of service.
    public init(topic: [UInt8], message: [UInt8], qos: QualityOfService) {
        self.topic = topic
        self.message = message
        self.qos = qos
    }

    /// What a publication is told by.
    public init(_ publication: Publication) {
        self.init(
            topic: publication.topic, message: publication.message, qos: publication.qos)
    }

    /// Whether both can be the same publication: a masked character is equal to any.
    func matches(_ other: PublicationContent) -> Bool {
        qos == other.qos && Self.match(topic, other.topic) && Self.match(message, other.message)
    }

    private static func match(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        if left == right { return true }
        return zip(left, right).allSatisfy { a, b in
            a == b || a == Secrets.maskCharacter || b == Secrets.maskCharacter
        }
    }
}

/// One step of a publication's way, whoever tells of it: an application's log, the wires, or the
/// journal of a machine.
///
/// Steps come in the order in which they happened, as far as their clocks tell.
public enum PublicationEvent: Equatable, Sendable {
    /// The application called for a publication. The id joins it with its return, if it has one.
    case called(PublicationContent, isRetained: Bool, id: String?, at: Timestamp)
    /// A whole frame has brought it to the bridge.
    case crossed(PublicationContent, isRetained: Bool, firstBit: Timestamp, frameEnd: Timestamp)
    /// The bridge has sent it to the broker, perhaps marked as sent before.
    case sentToBroker(PublicationContent, isDuplicate: Bool, at: Timestamp)
    /// The broker has acknowledged it to the bridge.
    case acknowledgedByBroker(PublicationContent, at: Timestamp)
    /// PUBOK for the frame that began at a moment has come to its end.
    case acknowledged(firstBit: Timestamp, at: Timestamp)
    /// The call has returned.
    case returned(id: String?, ApplicationEvent.Return.Outcome, at: Timestamp)
    /// The broker, or a subscriber, has it.
    case arrived(PublicationContent, at: Timestamp)
    /// From now on the bridge serves, or does not: no session, not yet RUNNING, no network, or no
    /// connection to the broker.
    case service(isUp: Bool)
    /// The host has reset the bridge.
    case reset(at: Timestamp)
    /// Edges are missing: frames may be among them.
    case edgesMissing
}

/// A stretch of a publication's way, from one step to another.
public enum PublicationHop: UInt8, Hashable, Sendable, CaseIterable {
    case callToFirstBit
    case firstBitToFrameEnd
    case frameEndToSent
    case sentToBrokerAcknowledgement
    case brokerAcknowledgementToAcknowledgement
    case frameEndToAcknowledgement
    case acknowledgementToReturn
    case callToReturn
    case callToArrival

    /// The name in metrics and files.
    public var name: String {
        switch self {
        case .callToFirstBit: "call-firstBit"
        case .firstBitToFrameEnd: "firstBit-frameEnd"
        case .frameEndToSent: "frameEnd-sent"
        case .sentToBrokerAcknowledgement: "sent-brokerAck"
        case .brokerAcknowledgementToAcknowledgement: "brokerAck-pubok"
        case .frameEndToAcknowledgement: "frameEnd-pubok"
        case .acknowledgementToReturn: "pubok-return"
        case .callToReturn: "call-return"
        case .callToArrival: "call-arrival"
        }
    }

    /// The stretch in words.
    public var explanation: String {
        switch self {
        case .callToFirstBit: "call > first bit of its frame"
        case .firstBitToFrameEnd: "first bit > frame end"
        case .frameEndToSent: "frame end > PUBLISH"
        case .sentToBrokerAcknowledgement: "PUBLISH > PUBACK"
        case .brokerAcknowledgementToAcknowledgement: "PUBACK > PUBOK"
        case .frameEndToAcknowledgement: "frame end > PUBOK"
        case .acknowledgementToReturn: "PUBOK > return"
        case .callToReturn: "call > return"
        case .callToArrival: "call > arrival"
        }
    }
}

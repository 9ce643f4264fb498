/// One packet of MQTT 3.1.1.
///
/// Ref: MQTT 3.1.1 §3.
public enum MQTTPacket: Equatable, Sendable {
    /// CONNECT: the first packet of a client.
    case connect(MQTTConnect)
    /// CONNACK: the first packet of a broker.
    case connectAcknowledgement(sessionPresent: Bool, MQTTReturnCode)
    /// PUBLISH, in either direction.
    case publish(MQTTPublish)
    /// PUBACK: a qos 1 message has arrived.
    case publishAcknowledgement(UInt16)
    /// PUBREC: the first answer to a qos 2 message.
    case publishReceived(UInt16)
    /// PUBREL: the answer to PUBREC.
    case publishRelease(UInt16)
    /// PUBCOMP: the answer to PUBREL.
    case publishComplete(UInt16)
    /// SUBSCRIBE, with one filter at least.
    case subscribe(packetIdentifier: UInt16, [MQTTSubscription])
    /// SUBACK, with a code for each filter in their order: the granted qos 0 to 2, or 0x80.
    case subscribeAcknowledgement(packetIdentifier: UInt16, [UInt8])
    /// UNSUBSCRIBE, with one filter at least.
    case unsubscribe(packetIdentifier: UInt16, [[UInt8]])
    /// UNSUBACK.
    case unsubscribeAcknowledgement(UInt16)
    /// PINGREQ: the client is there.
    case pingRequest
    /// PINGRESP: so is the broker.
    case pingResponse
    /// DISCONNECT: the client goes, and wants no will published.
    case disconnect

    /// The code of a SUBACK for a filter that was refused.
    public static var subscriptionRefused: UInt8 { 0x80 }

    /// The packet's type.
    public var type: MQTTPacketType {
        switch self {
        case .connect: .connect
        case .connectAcknowledgement: .connectAcknowledgement
        case .publish: .publish
        case .publishAcknowledgement: .publishAcknowledgement
        case .publishReceived: .publishReceived
        case .publishRelease: .publishRelease
        case .publishComplete: .publishComplete
        case .subscribe: .subscribe
        case .subscribeAcknowledgement: .subscribeAcknowledgement
        case .unsubscribe: .unsubscribe
        case .unsubscribeAcknowledgement: .unsubscribeAcknowledgement
        case .pingRequest: .pingRequest
        case .pingResponse: .pingResponse
        case .disconnect: .disconnect
        }
    }
}

/// A message on its way, with what its delivery needs.
///
/// Ref: MQTT 3.1.1 §3.3.
public struct MQTTPublish: Hashable, Sendable {
    /// The topic, UTF-8, without wildcards, not empty.
    public var topic: [UInt8]
    /// The message, any bytes.
    public var message: [UInt8]
    /// How surely it is delivered.
    public var qos: MQTTQualityOfService
    /// From a client: keep it for later subscribers. From a broker: it was kept.
    public var isRetained: Bool
    /// Whether it may have been sent before; never with qos 0.
    public var isDuplicate: Bool
    /// The number that its acknowledgement names, 1 to 65,535; 0 for qos 0, which has none.
    public var packetIdentifier: UInt16

    /// A message on its way.
    public init(
        topic: [UInt8], message: [UInt8], qos: MQTTQualityOfService = .atMostOnce,
        isRetained: Bool = false, isDuplicate: Bool = false, packetIdentifier: UInt16 = 0
    ) {
        self.topic = topic
        self.message = message
        self.qos = qos
        self.isRetained = isRetained
        self.isDuplicate = isDuplicate
        self.packetIdentifier = packetIdentifier
    }
}

/// A topic filter with the best qos at which its messages are wanted.
///
/// Ref: MQTT 3.1.1 §3.8.3.
public struct MQTTSubscription: Hashable, Sendable {
    /// The filter, UTF-8, with or without wildcards.
    public var filter: [UInt8]
    /// The best qos that its messages come with.
    public var qos: MQTTQualityOfService

    /// A wish for the messages of some topics.
    public init(filter: [UInt8], qos: MQTTQualityOfService) {
        self.filter = filter
        self.qos = qos
    }
}

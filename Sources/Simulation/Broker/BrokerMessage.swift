public import MQTTProtocol

/// A message that a broker has accepted.
public struct BrokerArrival: Hashable, Sendable {
    /// Its topic.
    public var topic: [UInt8]
    /// Its content.
    public var message: [UInt8]
    /// How surely it was sent.
    public var qos: MQTTQualityOfService
    /// Whether its sender marked it as possibly sent before. It counts as another message.
    public var isDuplicate: Bool
    /// Whether the broker was to keep it.
    public var isRetained: Bool
    /// The connection that it came on, or whose will it is; nil from an outside client.
    public var connection: Int?
    /// Whether it is the will of a client that is gone.
    public var isWill: Bool

    /// An accepted message.
    public init(
        topic: [UInt8], message: [UInt8], qos: MQTTQualityOfService = .atMostOnce,
        isDuplicate: Bool = false, isRetained: Bool = false, connection: Int? = nil,
        isWill: Bool = false
    ) {
        self.topic = topic
        self.message = message
        self.qos = qos
        self.isDuplicate = isDuplicate
        self.isRetained = isRetained
        self.connection = connection
        self.isWill = isWill
    }
}

/// A qos 1 message that a subscriber has acknowledged.
public struct BrokerDelivery: Hashable, Sendable {
    /// Its topic.
    public var topic: [UInt8]
    /// Its content.
    public var message: [UInt8]
    /// The connection on which it was acknowledged.
    public var connection: Int
    /// The number under which it was sent.
    public var packetIdentifier: UInt16

    /// An acknowledged message.
    public init(topic: [UInt8], message: [UInt8], connection: Int, packetIdentifier: UInt16) {
        self.topic = topic
        self.message = message
        self.connection = connection
        self.packetIdentifier = packetIdentifier
    }
}

/// A message on its way through the broker.
struct BrokerMessage: Hashable, Sendable {
    var topic: [UInt8]
    var message: [UInt8]
    var qos: MQTTQualityOfService
    var isRetained: Bool

    /// The packet that carries it to a subscriber.
    func packet(identifier: UInt16, isDuplicate: Bool) -> MQTTPacket {
        .publish(
            MQTTPublish(
                topic: topic, message: message, qos: qos, isRetained: isRetained,
                isDuplicate: isDuplicate, packetIdentifier: identifier))
    }
}

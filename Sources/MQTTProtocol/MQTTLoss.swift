/// Why there is no connection, or no longer.
public enum MQTTLoss: Error, Hashable, Sendable {
    /// The transport was closed by the peer or the network, or could not be opened.
    case closedByPeer
    /// The transport did not open in time.
    case transportNotOpened
    /// No CONNACK came in time.
    case noConnectAcknowledgement
    /// Nothing was received for four ping intervals.
    case silence
    /// The broker's bytes are not MQTT 3.1.1.
    case fault(MQTTFault)
    /// A publication was repeated as often as it may be, or a subscription was not acknowledged.
    case notAcknowledged
    /// The broker sent a message of qos 2.
    case qualityOfServiceTwo
    /// The owner wanted it so.
    case disconnected
    /// The CONNECT that the configuration asks for cannot be encoded.
    case unsendable(MQTTUnsendable)

    /// The reason in words.
    public var name: StaticString {
        switch self {
        case .closedByPeer: "closed by the peer"
        case .transportNotOpened: "the transport did not open in time"
        case .noConnectAcknowledgement: "no CONNACK in time"
        case .silence: "nothing received for four ping intervals"
        case .fault: "the broker's bytes are not MQTT 3.1.1"
        case .notAcknowledged: "no acknowledgement in time"
        case .qualityOfServiceTwo: "a message of qos 2"
        case .disconnected: "disconnected by the owner"
        case .unsendable: "a configuration that cannot be sent"
        }
    }
}

/// Something that came to nothing, while the connection lives on. Worth a count, or a note.
public enum MQTTDrop: Hashable, Sendable {
    /// A publication that cannot be sent; it is over.
    case publication(tag: Int, MQTTUnsendable)
    /// A subscription or its cancellation that cannot be sent; it is over.
    case subscription(tag: Int, MQTTUnsendable)
    /// An acknowledgement of nothing that waits for one.
    case acknowledgement(MQTTPacketType, packetIdentifier: UInt16)
    /// A message too long to be kept. With qos 1 it counts as delivered.
    case oversized(
        packetIdentifier: UInt16, qos: MQTTQualityOfService, length: Int, topicLength: Int)
    /// A message that came again while its first delivery is pending: passed on once.
    case redelivery(packetIdentifier: UInt16)
    /// A qos 1 message that came while ``MQTTClient/deliveriesMax`` were pending, and
    /// ``MQTTClient/waitingBytesMax`` bytes behind them. It is not acknowledged, so the broker sends
    /// it again after a reconnection.
    case undelivered(packetIdentifier: UInt16)
}

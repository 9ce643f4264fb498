/// The type of a packet: the upper half of its first byte.
///
/// Ref: MQTT 3.1.1 §2.2.1.
public enum MQTTPacketType: UInt8, Hashable, Sendable, CaseIterable {
    case connect = 1
    case connectAcknowledgement = 2
    case publish = 3
    case publishAcknowledgement = 4
    case publishReceived = 5
    case publishRelease = 6
    case publishComplete = 7
    case subscribe = 8
    case subscribeAcknowledgement = 9
    case unsubscribe = 10
    case unsubscribeAcknowledgement = 11
    case pingRequest = 12
    case pingResponse = 13
    case disconnect = 14

    /// The type's name in the standard.
    public var name: StaticString {
        switch self {
        case .connect: "CONNECT"
        case .connectAcknowledgement: "CONNACK"
        case .publish: "PUBLISH"
        case .publishAcknowledgement: "PUBACK"
        case .publishReceived: "PUBREC"
        case .publishRelease: "PUBREL"
        case .publishComplete: "PUBCOMP"
        case .subscribe: "SUBSCRIBE"
        case .subscribeAcknowledgement: "SUBACK"
        case .unsubscribe: "UNSUBSCRIBE"
        case .unsubscribeAcknowledgement: "UNSUBACK"
        case .pingRequest: "PINGREQ"
        case .pingResponse: "PINGRESP"
        case .disconnect: "DISCONNECT"
        }
    }

    /// The lower half of the first byte; a PUBLISH has its own flags there.
    var fixedFlags: UInt8 {
        switch self {
        case .publishRelease, .subscribe, .unsubscribe: 0b0010
        default: 0
        }
    }

    /// Whether this end may send packets of this type.
    public func isSent(by sender: MQTTSender) -> Bool {
        switch self {
        case .connect, .subscribe, .unsubscribe, .pingRequest, .disconnect: sender == .client
        case .connectAcknowledgement, .subscribeAcknowledgement, .unsubscribeAcknowledgement,
            .pingResponse:
            sender == .server
        case .publish, .publishAcknowledgement, .publishReceived, .publishRelease,
            .publishComplete:
            true
        }
    }
}

/// An end of a connection.
public enum MQTTSender: UInt8, Hashable, Sendable {
    /// The end that opened the connection.
    case client
    /// The broker.
    case server
}

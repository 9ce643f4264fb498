// The law of this file: whatever a peer's bytes can break has a case here, with its evidence.

/// What a peer's bytes break of MQTT 3.1.1. The connection that they came on is beyond repair.
///
/// Offsets count from the packet's first byte, that of its type.
public enum MQTTFault: Error, Hashable, Sendable {
    /// The packet's first byte has type 0 or 15. Ref: §2.2.1.
    case unknownPacketType(UInt8)
    /// A packet that this sender may not send, or not now. Ref: §2.2.1, §3.1, §3.2.
    case unexpectedPacket(MQTTPacketType, from: MQTTSender)
    /// The lower half of the packet's first byte is wrong. Ref: §2.2.2.
    case flags(MQTTPacketType, expected: UInt8, actual: UInt8)
    /// A qos of 3, or with reserved bits; `actual` is the whole byte. Ref: §3.3.1.2, §3.8.3.
    case qualityOfService(MQTTPacketType, offset: Int, actual: UInt8)
    /// A PUBLISH of qos 0 is marked as a duplicate. Ref: §3.3.1.1.
    case duplicateOfQualityZero
    /// The remaining length goes on after its fourth byte. Ref: §2.2.3.
    case remainingLength(MQTTPacketType)
    /// The packet is longer than this end keeps, in bytes with its fixed header.
    case tooLong(MQTTPacketType, length: Int, lengthMax: Int)
    /// The packet ends inside a field that begins at `offset`; counts of bytes.
    case truncated(MQTTPacketType, offset: Int, expected: Int, actual: Int)
    /// The packet goes on behind its last field.
    case surplus(MQTTPacketType, offset: Int, count: Int)
    /// A byte that does not belong to well-formed UTF-8. Ref: §1.5.3.
    case notUTF8(MQTTPacketType, offset: Int)
    /// A text holds U+0000. Ref: §1.5.3.
    case nullCharacter(MQTTPacketType, offset: Int)
    /// The topic of a message is empty or has a wildcard. Ref: §3.3.2.1, §4.7.3.
    case topic(MQTTPacketType, offset: Int)
    /// A filter is empty, or has a wildcard where none may be. Ref: §4.7.1.
    case filter(MQTTPacketType, offset: Int)
    /// The packet identifier is 0. Ref: §2.3.1.
    case packetIdentifierZero(MQTTPacketType)
    /// A new message has the identifier of one that is not acknowledged yet. Ref: §2.3.1.
    case packetIdentifierInUse(UInt16)
    /// A SUBSCRIBE, SUBACK or UNSUBSCRIBE without a payload. Ref: §3.8.3, §3.10.3.
    case emptyPayload(MQTTPacketType)
    /// The protocol's name is not `MQTT`. Ref: §3.1.2.1.
    case protocolName(offset: Int)
    /// The protocol's level is not 4. Ref: §3.1.2.2.
    case protocolLevel(actual: UInt8)
    /// CONNECT's flags contradict each other, or the reserved one is set. Ref: §3.1.2.3.
    case connectFlags(actual: UInt8)
    /// CONNACK's flags have a reserved bit, or a session at a connection that has none.
    /// Ref: §3.2.2.
    case acknowledgeFlags(actual: UInt8)
    /// A return code that does not exist. Ref: §3.2.2.3, §3.9.3.
    case returnCode(MQTTPacketType, offset: Int, actual: UInt8)
    /// A SUBACK has not one code for each filter. Ref: §3.8.4.
    case codeCount(expected: Int, actual: Int)

    /// The fault in words.
    public var name: StaticString {
        switch self {
        case .unknownPacketType: "unknown packet type"
        case .unexpectedPacket: "packet that this end may not send now"
        case .flags: "wrong flags"
        case .qualityOfService: "no such qos"
        case .duplicateOfQualityZero: "duplicate of a qos 0 message"
        case .remainingLength: "remaining length of more than four bytes"
        case .tooLong: "packet too long"
        case .truncated: "packet ends inside a field"
        case .surplus: "packet goes on behind its end"
        case .notUTF8: "not UTF-8"
        case .nullCharacter: "text with a null character"
        case .topic: "no topic of a message"
        case .filter: "no topic filter"
        case .packetIdentifierZero: "packet identifier 0"
        case .packetIdentifierInUse: "packet identifier in use"
        case .emptyPayload: "empty payload"
        case .protocolName: "wrong protocol name"
        case .protocolLevel: "wrong protocol level"
        case .connectFlags: "contradictory flags of a connection"
        case .acknowledgeFlags: "wrong flags of an acknowledgement"
        case .returnCode: "no such return code"
        case .codeCount: "not one code for each filter"
        }
    }
}

// The law of this file: what MQTT cannot carry is refused before a byte of it is sent.

/// Why a packet cannot be encoded: its own sender's fault.
public enum MQTTUnsendable: Error, Hashable, Sendable {
    /// A text or a will's message of more than 65,535 bytes.
    case textTooLong(length: Int)
    /// A packet whose remaining length is more than 268,435,455 bytes.
    case packetTooLong(length: Int)
    /// A text that is not UTF-8 or has U+0000; the offset counts from the text's first byte.
    case notText(offset: Int)
    /// An empty topic, or one with a wildcard.
    case topic
    /// An empty filter, or one with a wildcard where none may be.
    case filter
    /// Packet identifier 0 where one is needed, or one where none may be.
    case packetIdentifier(UInt16)
    /// A duplicate of a qos 0 message.
    case duplicateOfQualityZero
    /// A packet that needs a filter or a code, and has none.
    case emptyPayload
    /// A code of a SUBACK that does not exist.
    case returnCode(UInt8)
    /// A refusal that says that a session is present.
    case sessionPresentInRefusal
    /// A password without a user, or an empty client identifier without a clean session.
    case identity
    /// A publication or a subscription of qos 2, which the client does not do.
    case exactlyOnce
    /// As many wait as may.
    case queueFull
}

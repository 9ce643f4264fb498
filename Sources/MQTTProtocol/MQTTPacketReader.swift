/// What a reader finds in a stream of bytes.
public enum MQTTReading: Equatable, Sendable {
    /// A whole packet.
    case packet(MQTTPacket)
    /// A PUBLISH too long to be kept, skipped to its end. `length` counts the whole packet's bytes.
    case oversized(
        packetIdentifier: UInt16, qos: MQTTQualityOfService, length: Int, topicLength: Int)
}

/// Takes a stream of bytes apart into packets, in whatever pieces they come.
///
///     reader.append(bytes)
///     while let reading = try reader.next() { … }
///
/// It keeps less than one packet of `packetLengthMax` bytes and the last piece, provided that it is
/// drained after every piece. After a fault it stays faulted: the next packet's start is not known.
public struct MQTTPacketReader: Sendable {
    /// The longest packet that is kept, in bytes with its fixed header; at least 256.
    public let packetLengthMax: Int
    /// The end whose bytes these are.
    public let sender: MQTTSender

    /// A reader at the start of a connection.
    public init(packetLengthMax: Int, sender: MQTTSender) {
        self.packetLengthMax = max(256, packetLengthMax)
        self.sender = sender
    }

    /// Adds what has arrived.
    public mutating func append(_ bytes: [UInt8]) {}

    /// The next packet; nil when the rest of it has not arrived.
    public mutating func next() throws(MQTTFault) -> MQTTReading? { nil }
}

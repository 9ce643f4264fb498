import MQTTProtocol
import Signals

/// A connection as the broker sees it.
struct BrokerClient: Sendable {
    /// The number that its owner gave the connection.
    let connection: Int
    var reader: MQTTPacketReader
    /// Nil until its CONNECT was accepted.
    var clientIdentifier: [UInt8]?
    /// The message to publish when the connection ends without a DISCONNECT.
    var will: MQTTWill?
    /// How long it may be silent; nil: as long as it likes.
    var silenceMax: Nanoseconds?
    /// When its last packet came.
    var lastPacket: Timestamp

    init(connection: Int, packetLengthMax: Int, at now: Timestamp) {
        self.connection = connection
        reader = MQTTPacketReader(packetLengthMax: packetLengthMax, sender: .client)
        lastPacket = now
    }

    /// When it has been silent for too long; nil: never.
    ///
    /// Ref: MQTT 3.1.1 §3.1.2.10.
    var deadline: Timestamp? {
        guard let silenceMax else { return nil }
        return lastPacket + silenceMax
    }
}

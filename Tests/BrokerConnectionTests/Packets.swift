#if Broker
/// MQTT packets, as few as a test of transports needs.
enum Packets {
    static let accepted: [UInt8] = [0x20, 2, 0, 0]

    /// CONNECT, clean, without an identifier.
    static let connect: [UInt8] =
        [0x10, 12, 0, 4] + Array("MQTT".utf8) + [4, 2, 0, 60, 0, 0]

    static let disconnect: [UInt8] = [0xE0, 0]

    /// PUBLISH with qos 0.
    static func publish(_ topic: String, _ payload: [UInt8], isRetained: Bool = false) -> [UInt8] {
        [isRetained ? 0x31 : 0x30] + length(2 + topic.utf8.count + payload.count) + text(topic)
            + payload
    }

    /// SUBSCRIBE with qos 0.
    static func subscribe(_ topic: String) -> [UInt8] {
        [0x82] + length(2 + 2 + topic.utf8.count + 1) + [0, 1] + text(topic) + [0]
    }

    private static func text(_ text: String) -> [UInt8] {
        [UInt8(text.utf8.count >> 8), UInt8(text.utf8.count & 0xFF)] + Array(text.utf8)
    }

    private static func length(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = count
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }
}
#endif

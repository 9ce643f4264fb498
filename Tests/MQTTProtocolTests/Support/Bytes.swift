import MQTTProtocol

/// The UTF-8 bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A packet drawn as the standard draws it: hexadecimal bytes, and texts between apostrophes.
func drawn(_ drawing: String) -> [UInt8] {
    var result: [UInt8] = []
    var text: [UInt8]?
    for word in drawing.split(separator: " ", omittingEmptySubsequences: false) {
        if text == nil, word.first == "'" {
            text = []
            append(word.dropFirst(), beginsText: true)
        } else if text != nil {
            append(word, beginsText: false)
        } else if let byte = UInt8(word, radix: 16) {
            result.append(byte)
        }
    }
    return result

    func append(_ word: Substring, beginsText: Bool) {
        if !beginsText { text?.append(0x20) }
        let isLast = word.last == "'"
        text?.append(contentsOf: (isLast ? word.dropLast() : word).utf8)
        if isLast {
            result.append(contentsOf: text ?? [])
            text = nil
        }
    }
}

extension MQTTSender {
    /// The end that may send a packet; the client for those that both may.
    static func of(_ packet: MQTTPacket) -> MQTTSender {
        packet.type.isSent(by: .client) ? .client : .server
    }
}

/// Reads bytes in pieces, and says what came of them.
func read(
    _ pieces: [[UInt8]], from sender: MQTTSender, packetLengthMax: Int = 65_536
) -> (readings: [MQTTReading], fault: MQTTFault?) {
    var reader = MQTTPacketReader(packetLengthMax: packetLengthMax, sender: sender)
    var readings: [MQTTReading] = []
    for piece in pieces {
        reader.append(piece)
        do throws(MQTTFault) {
            while let reading = try reader.next() { readings.append(reading) }
        } catch {
            return (readings, error)
        }
    }
    return (readings, nil)
}

import LinkProtocol
import MQTTProtocol

// The law of this file: it imitates, and only that.

/// A frame as the reference makes it of a message that the link cannot carry.
enum RawFrame {
    /// The frame of a message.
    ///
    /// The reference's characters lose their top bit on the wire, and so they do here. It also puts
    /// zeros on the wire, which cut a frame in two; those are left out, so that frames stay whole.
    /// A separator in the message stays, and makes two fields of one, as it does there.
    static func publication(_ message: MQTTMessage) -> [UInt8] {
        var frame = Text.bytes("u")
        frame.append(Fields.separator)
        append(message.topic, to: &frame)
        frame.append(Fields.separator)
        append(message.message, to: &frame)
        frame.append(Fields.separator)
        frame.append(contentsOf: Text.bytes(message.isRetained ? "True" : "False"))
        return frame
    }

    private static func append(_ bytes: [UInt8], to frame: inout [UInt8]) {
        for byte in bytes where byte & 0x7f != 0 { frame.append(byte & 0x7f) }
    }
}

extension [UInt8] {
    /// Whether these bytes are UTF-8.
    var isUTF8: Bool {
        var continuations = 0
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xbf
        for byte in self {
            if continuations > 0 {
                guard lowest <= byte, byte <= highest else { return false }
                continuations -= 1
                lowest = 0x80
                highest = 0xbf
                continue
            }
            switch byte {
            case 0x00...0x7f: break
            case 0xc2...0xdf: continuations = 1
            case 0xe0...0xef:
                continuations = 2
                // No second spelling of shorter characters, and no halves of a pair.
                if byte == 0xe0 { lowest = 0xa0 }
                if byte == 0xed { highest = 0x9f }
            case 0xf0...0xf4:
                continuations = 3
                if byte == 0xf0 { lowest = 0x90 }
                if byte == 0xf4 { highest = 0x8f }
            default: return false
            }
        }
        return continuations == 0
    }
}

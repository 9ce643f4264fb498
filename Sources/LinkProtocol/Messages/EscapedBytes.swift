// The law of this file: any bytes become characters of the link, in one way only, and back.

/// Bytes that the link cannot carry, as characters that it can.
///
/// A byte outside 1 ... 126, and `\\` itself, is a `\\` and two hexadecimal digits in upper case. Every
/// other byte is itself. Ref: Documentation/Protocol.md, Messages.
public enum EscapedBytes {
    /// What cannot be read back.
    public struct Fault: Error, Hashable, Sendable {
        /// The index of the `\\`.
        public var place: Int
    }

    private static var mark: UInt8 { UInt8(ascii: "\\") }

    /// Whether a string needs no escapes.
    public static func isPlain(_ bytes: [UInt8]) -> Bool {
        FieldBytes.firstUnsendable(in: bytes) == nil
    }

    /// The characters of some bytes.
    public static func escape(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            if FieldBytes.allowed.contains(byte), byte != mark {
                text.append(byte)
            } else {
                text.append(mark)
                text.append(digit(byte >> 4))
                text.append(digit(byte & 15))
            }
        }
        return text
    }

    /// The bytes of some characters.
    public static func unescape(_ text: ArraySlice<UInt8>) -> Result<[UInt8], Fault> {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var place = text.startIndex
        while place < text.endIndex {
            let character = text[place]
            if character != mark {
                bytes.append(character)
                place += 1
                continue
            }
            guard text.endIndex - place > 2, let high = value(text[place + 1]),
                let low = value(text[place + 2])
            else { return .failure(Fault(place: place)) }
            let byte = high << 4 | low
            if FieldBytes.allowed.contains(byte), byte != mark {
                return .failure(Fault(place: place))
            }
            bytes.append(byte)
            place += 3
        }
        return .success(bytes)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

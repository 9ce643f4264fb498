// The law of this file: what is read is written again with the same members in the same order and
// numbers as they were spelled. Nothing is rounded, and nothing is sorted.

/// A JSON value that keeps the order of its members and the spelling of its numbers.
public indirect enum JSONNode: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// The number as it was spelled, which can be beyond every type.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])

    /// A name and a value of an object. Names can occur twice.
    public struct Member: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONNode

        /// A name and a value.
        public init(name: String, value: JSONNode) {
            self.name = name
            self.value = value
        }
    }

    /// The first member of an object that has one of these names, the earlier name first.
    public subscript(names: String...) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        for name in names {
            if let member = members.first(where: { $0.name == name }) { return member.value }
        }
        return nil
    }

    /// The text of a string; nil when it is none.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A whole number that fits; nil when it is none.
    public var integer: Int64? {
        if case .number(let spelling) = self { Int64(spelling) } else { nil }
    }

    /// Whether it stands for yes: `true`, a number other than 0, or a word for it.
    public var isAffirmative: Bool {
        switch self {
        case .boolean(let value): value
        case .number(let spelling): spelling != "0"
        case .string(let text): ["True", "true", "1"].contains(text)
        case .null, .array, .object: false
        }
    }

    /// What a program gets that turns the value into text: a string's own characters.
    public var characters: [UInt8] {
        switch self {
        case .string(let text): Array(text.utf8)
        case .number(let spelling): Array(spelling.utf8)
        default: bytes
        }
    }

    /// The value on one line without spaces, in UTF-8.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .number(let spelling): bytes += spelling.utf8
        case .string(let text): Self.quote(text, into: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.quote(member.name, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func quote(_ text: String, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0a: bytes += "\\n".utf8
            case 0x0d: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case ..<0x20, 0x7f:
                let digits = String(byte, radix: 16)
                bytes += ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count)).utf8
                bytes += digits.utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

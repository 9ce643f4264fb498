/// A JSON value whose members keep their order, so that the same input gives the same bytes.
public indirect enum JSONValue: Equatable, Sendable {
    /// A member of an object.
    public struct Member: Equatable, Sendable {
        /// The member's name.
        public var name: String
        /// The member's value.
        public var value: JSONValue

        /// A member.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case object([Member])
    case array([JSONValue])
    case string(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    case null

    /// The value on one line, without spaces.
    public var line: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// The value over several lines, two spaces a level, without a newline at the end.
    public var indented: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .object(let members):
            JSONValue.write(members, between: "{", and: "}", to: &text, indentation) {
                member, text in
                JSONValue.write(member.name, to: &text)
                text += indentation == nil ? ":" : ": "
                member.value.write(to: &text, indentation: indentation.map { $0 + 1 })
            }
        case .array(let values):
            JSONValue.write(values, between: "[", and: "]", to: &text, indentation) { value, text in
                value.write(to: &text, indentation: indentation.map { $0 + 1 })
            }
        case .string(let string): JSONValue.write(string, to: &text)
        case .integer(let integer): text += String(integer)
        case .number(let number): text += number.isFinite ? String(number) : "null"
        case .boolean(let boolean): text += boolean ? "true" : "false"
        case .null: text += "null"
        }
    }

    private static func write<Item>(
        _ items: [Item], between opening: String, and closing: String, to text: inout String,
        _ indentation: Int?, item write: (Item, inout String) -> Void
    ) {
        text += opening
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            if let indentation { text += "\n" + String(repeating: "  ", count: indentation + 1) }
            write(item, &text)
        }
        if let indentation, !items.isEmpty {
            text += "\n" + String(repeating: "  ", count: indentation)
        }
        text += closing
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object with its members in the order in which they are written.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
}

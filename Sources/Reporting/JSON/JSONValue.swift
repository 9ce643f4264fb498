/// A JSON value whose members keep the order in which they were written, so that the same input gives
/// the same bytes.
public indirect enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// Written as an integer when it is whole and fits one, else with at most three decimals.
    case number(Double)
    /// A number as it was spelled.
    case spelled(String)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    /// An integer, or null.
    public init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }

    /// A number, or null.
    public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

    /// The value on one line, without spaces.
    public var line: String {
        var text = ""
        write(into: &text, level: nil)
        return text
    }

    /// The text, indented by two spaces a level; what holds no further lists or objects stands on one
    /// line.
    public var text: String {
        var text = ""
        write(into: &text, level: 0)
        return text + "\n"
    }

    private var isFlat: Bool {
        let members: [JSONValue]
        switch self {
        case .array(let values): members = values
        case .object(let pairs): members = pairs.map(\.1)
        default: return true
        }
        return members.allSatisfy { member in
            switch member {
            case .array, .object: false
            default: true
            }
        }
    }

    private func write(into text: inout String, level: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.plain(value)
        case .spelled(let spelling): text += spelling
        case .string(let value): Self.quote(value, into: &text)
        case .array(let values):
            Self.writeList(values.count, "[", "]", isFlat, level, into: &text) { index, text in
                values[index].write(into: &text, level: level.map { $0 + 1 })
            }
        case .object(let pairs):
            Self.writeList(pairs.count, "{", "}", isFlat, level, into: &text) { index, text in
                Self.quote(pairs[index].0, into: &text)
                text += level == nil ? ":" : ": "
                pairs[index].1.write(into: &text, level: level.map { $0 + 1 })
            }
        }
    }

    private static func writeList(
        _ count: Int, _ opening: String, _ closing: String, _ isFlat: Bool, _ level: Int?,
        into text: inout String, _ member: (Int, inout String) -> Void
    ) {
        text += opening
        for index in 0..<count {
            if index > 0 { text += isFlat && level != nil ? ", " : "," }
            if let level, !isFlat { text += "\n" + String(repeating: "  ", count: level + 1) }
            member(index, &text)
        }
        if let level, !isFlat { text += "\n" + String(repeating: "  ", count: level) }
        text += closing
    }

    /// A number without exponent, rounded to three decimals.
    static func plain(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        // What is not whole is below 2^52, so that thousandths fit, too.
        guard value.isFinite, abs(value) < 0x1p52 else { return "null" }
        let thousandths = Int64((value * 1_000).rounded())
        var fraction = String(thousandths.magnitude % 1_000)
        while fraction.utf8.count < 3 { fraction = "0" + fraction }
        while fraction.last == "0" { fraction.removeLast() }
        let whole = (thousandths < 0 ? "-" : "") + String(thousandths.magnitude / 1_000)
        return fraction.isEmpty ? whole : whole + "." + fraction
    }

    private static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object with its members in the order in which they are written.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements) }
}

extension JSONValue: ExpressibleByStringLiteral {
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue {
    /// The first member of an object that has a name.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    /// A whole number; nil when it is none.
    public var wholeNumber: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }
}

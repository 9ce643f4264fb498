/// A JSON value whose members keep the order in which they were written.
indirect enum OrderedJSON {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Written with at most three decimals.
    case number(Double)
    case string(String)
    case array([OrderedJSON])
    case object([(String, OrderedJSON)])

    /// An integer, or null.
    init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }

    /// A number, or null.
    init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

    /// The text, indented by two spaces a level; what holds no further lists or objects stands on one
    /// line.
    var text: String {
        var text = ""
        write(into: &text, level: 0)
        return text + "\n"
    }

    private var isFlat: Bool {
        let members: [OrderedJSON]
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

    private func write(into text: inout String, level: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.plain(value)
        case .string(let value): Self.quote(value, into: &text)
        case .array(let values):
            Self.writeList(values.count, "[", "]", isFlat, level, into: &text) { index, text in
                values[index].write(into: &text, level: level + 1)
            }
        case .object(let pairs):
            Self.writeList(pairs.count, "{", "}", isFlat, level, into: &text) { index, text in
                Self.quote(pairs[index].0, into: &text)
                text += ": "
                pairs[index].1.write(into: &text, level: level + 1)
            }
        }
    }

    private static func writeList(
        _ count: Int, _ opening: String, _ closing: String, _ isFlat: Bool, _ level: Int,
        into text: inout String, _ member: (Int, inout String) -> Void
    ) {
        text += opening
        for index in 0..<count {
            if index > 0 { text += isFlat ? ", " : "," }
            if !isFlat { text += "\n" + String(repeating: "  ", count: level + 1) }
            member(index, &text)
        }
        if !isFlat { text += "\n" + String(repeating: "  ", count: level) }
        text += closing
    }

    /// A number without exponent, rounded to three decimals.
    static func plain(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "null" }
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

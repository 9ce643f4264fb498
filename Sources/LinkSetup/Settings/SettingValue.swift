import Decoding
import LinkProtocol
import Signals

/// A value as it was found: in a file with a type, or elsewhere as text.
enum SettingValue {
    case node(JSONNode)
    case text(String)

    /// What it is, for a complaint; never what it says.
    private var kind: String {
        switch self {
        case .text: "that text"
        case .node(.null): "null"
        case .node(.boolean(let flag)): flag ? "true" : "false"
        case .node(.number): "a number"
        case .node(.string): "text"
        case .node(.array): "a list"
        case .node(.object): "a table"
        }
    }

    private func complaint(_ allowed: String) -> SettingComplaint {
        SettingComplaint(reason: "must be \(allowed), not \(kind)")
    }

    // MARK: Texts

    /// Any text.
    func text() throws(SettingComplaint) -> String {
        switch self {
        case .text(let text), .node(.string(let text)): return text
        default: throw complaint("text in quotes")
        }
    }

    /// A text that fits a field of the link.
    func linkText() throws(SettingComplaint) -> String {
        let text = try text()
        try LinkText.check(text)
        return text
    }

    /// The name of a line, or its offset.
    func line() throws(SettingComplaint) -> String {
        if case .node(.number(let spelling)) = self, let offset = UInt32(spelling) {
            return String(offset)
        }
        guard let name = try? text(), !name.isEmpty else {
            throw complaint("a line's name or its offset")
        }
        return name
    }

    /// One of some words.
    func word<Word: RawRepresentable & CaseIterable>(
        _: Word.Type
    ) throws(SettingComplaint) -> Word where Word.RawValue == String {
        guard let text = try? text(), let word = Word(rawValue: text) else {
            throw SettingComplaint(
                reason: "must be one of "
                    + Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        }
        return word
    }

    /// Several words, as a list or with commas between them.
    func words() throws(SettingComplaint) -> [String] {
        switch self {
        case .text(let text): return text.isEmpty ? [] : text.split(separator: ",").map(String.init)
        case .node(.array(let elements)):
            let words = elements.compactMap(\.text)
            if words.count == elements.count { return words }
        default: break
        }
        throw complaint("a list of texts")
    }

    // MARK: Flags and numbers

    /// Yes or no.
    func flag() throws(SettingComplaint) -> Bool {
        switch self {
        case .node(.boolean(let flag)): return flag
        case .text("true"), .text("1"): return true
        case .text("false"), .text("0"): return false
        case .text: throw complaint("true or false")
        default: throw complaint("true or false, without quotes")
        }
    }

    /// A whole number.
    func number<Number: FixedWidthInteger>(
        in range: ClosedRange<Number>
    ) throws(SettingComplaint) -> Number {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        switch self {
        case .node(.number(let spelling)), .text(let spelling):
            if let number = Number(spelling), range.contains(number) { return number }
            throw SettingComplaint(reason: "must be \(allowed), not \(Self.shown(spelling))")
        default: throw complaint(allowed)
        }
    }

    /// A time in seconds, decimals allowed.
    func seconds(in range: ClosedRange<Nanoseconds>) throws(SettingComplaint) -> Nanoseconds {
        let allowed = SettingTime.words(for: range)
        switch self {
        case .node(.number(let spelling)), .text(let spelling):
            if let time = SettingTime.parse(spelling), range.contains(time) { return time }
            throw SettingComplaint(reason: "must be \(allowed), not \(Self.shown(spelling))")
        default: throw complaint(allowed)
        }
    }

    /// A spelling that stands where a number should; cut short if it is long.
    private static func shown(_ spelling: String) -> String {
        spelling.utf8.count > 24 ? "`\(spelling.prefix(24))…`" : "`\(spelling)`"
    }
}

/// What a field of the link can hold.
enum LinkText {
    /// The longest text of a setting, in bytes.
    static let lengthMax = 4_096

    static func check(_ text: String) throws(SettingComplaint) {
        let bytes = Array(text.utf8)
        if bytes.count > lengthMax {
            throw SettingComplaint(reason: "may have \(lengthMax) bytes, and has \(bytes.count)")
        }
        if let offset = FieldBytes.firstUnsendable(in: bytes) {
            throw SettingComplaint(
                reason: "the link cannot carry its byte \(offset + 1): only characters from 1 to "
                    + "126, such as ASCII letters, can cross it")
        }
    }
}

/// Times as settings have them: in seconds.
enum SettingTime {
    /// The time that a spelling of seconds means, to the nanosecond; nil if it is none.
    static func parse(_ spelling: String) -> Nanoseconds? {
        // Swift would read hexadecimal digits and words for infinity too.
        guard spelling.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            let seconds = Double(spelling), abs(seconds) < 1e9
        else { return nil }
        return Nanoseconds(Int64((seconds * 1e9).rounded()))
    }

    static func words(for range: ClosedRange<Nanoseconds>) -> String {
        "a number of seconds from \(text(range.lowerBound)) to \(text(range.upperBound))"
    }

    /// A time in seconds, without needless zeros.
    static func text(_ time: Nanoseconds) -> String {
        var fraction = String(time.count % 1_000_000_000 + 1_000_000_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        let whole = String(time.count / 1_000_000_000)
        return fraction.isEmpty ? whole : whole + "." + fraction
    }
}

// The law of this file: what is written here reads back value for value, and what was not asked
// for is a fault, so that a misspelt name never goes unnoticed.

public import Signals

/// Writes a configuration as text: one line `name=value` a key, in the order of the calls.
///
/// Numbers are decimal, spans of time in nanoseconds, flags `true` and `false`. Bytes are themselves
/// from `!` to `~`, all others and `%` are `%` and two hexadecimal digits in upper case. Words are
/// separated by commas.
public struct ConfigurationWriter: Sendable {
    /// The lines so far, each with its line feed.
    public private(set) var text: [UInt8] = []

    /// No lines.
    public init() {}

    /// Adds a line with a number of either sign.
    public mutating func add(_ name: StaticString, number: Int64) {
        begin(name)
        if number < 0 { text.append(UInt8(ascii: "-")) }
        let start = text.count
        var left = number.magnitude
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10))
            left /= 10
        } while left > 0
        text[start...].reverse()
        end()
    }

    /// Adds a line with a span of time, in nanoseconds.
    public mutating func add(_ name: StaticString, time: Nanoseconds) {
        add(name, number: time.count)
    }

    /// Adds a line with a flag.
    public mutating func add(_ name: StaticString, flag: Bool) {
        add(name, words: [flag ? "true" : "false"])
    }

    /// Adds a line with a string of bytes, which may be empty.
    public mutating func add(_ name: StaticString, bytes: [UInt8]) {
        begin(name)
        for byte in bytes {
            if ConfigurationText.isPlain(byte) {
                text.append(byte)
            } else {
                text.append(ConfigurationText.mark)
                text.append(ConfigurationText.digits[Int(byte >> 4)])
                text.append(ConfigurationText.digits[Int(byte & 15)])
            }
        }
        end()
    }

    /// Adds a line with words, none of which holds a comma.
    public mutating func add(_ name: StaticString, words: [StaticString]) {
        begin(name)
        for index in words.indices {
            if index > 0 { text.append(ConfigurationText.comma) }
            text.append(contentsOf: [UInt8](characters: words[index]))
        }
        end()
    }

    /// Adds a line with the names of the reference's faults that are imitated.
    public mutating func add(_ name: StaticString, rules: ReferenceRules) {
        var words: [StaticString] = []
        for rule in ReferenceRule.allCases where rules.contains(rule) { words.append(rule.name) }
        add(name, words: words)
    }

    private mutating func begin(_ name: StaticString) {
        text.append(contentsOf: [UInt8](characters: name))
        text.append(ConfigurationText.equals)
    }

    private mutating func end() { text.append(ConfigurationText.lineFeed) }
}

/// Reads what ``ConfigurationWriter`` wrote, by name and in any order.
///
/// Ask for every name that exists, and then ``finish()``: it refuses whatever was not asked for. A
/// name that has no line gives nil, which means the default.
public struct ConfigurationReader: Sendable {
    /// The most lines.
    public static var linesMax: Int { 1024 }

    private struct Line: Sendable {
        var number: Int
        var name: ArraySlice<UInt8>
        var value: ArraySlice<UInt8>
        var wasAskedFor = false
    }

    private var lines: [Line] = []

    /// Takes the lines of a text apart; empty ones and those that begin with `#` are passed over.
    public init(_ text: [UInt8]) throws(ConfigurationFault) {
        var start = text.startIndex
        var number = 0
        while start < text.endIndex {
            var end = start
            while end < text.endIndex, text[end] != ConfigurationText.lineFeed { end += 1 }
            number += 1
            try take(text[start..<end], number: number)
            start = end + 1
        }
    }

    private mutating func take(
        _ line: ArraySlice<UInt8>, number: Int
    ) throws(ConfigurationFault) {
        guard let first = line.first, first != UInt8(ascii: "#") else { return }
        if lines.count == ConfigurationReader.linesMax {
            throw ConfigurationFault(line: number, reason: .tooManyLines)
        }
        var place = line.startIndex
        while place < line.endIndex, line[place] != ConfigurationText.equals { place += 1 }
        guard place < line.endIndex, place > line.startIndex else {
            throw ConfigurationFault(line: number, reason: .noName)
        }
        let name = line[line.startIndex..<place]
        for other in lines where other.name == name {
            throw ConfigurationFault(line: number, reason: .repeatedName)
        }
        lines.append(Line(number: number, name: name, value: line[(place + 1)...]))
    }

    /// The line with a name, from now on asked for; nil when there is none.
    private mutating func find(_ name: StaticString) -> Line? {
        for index in lines.indices where lines[index].name.equals(name) {
            lines[index].wasAskedFor = true
            return lines[index]
        }
        return nil
    }

    /// The number under a name, which must lie in a range.
    public mutating func number(
        _ name: StaticString, in range: ClosedRange<Int64> = .min ... .max
    ) throws(ConfigurationFault) -> Int64? {
        guard let line = find(name) else { return nil }
        guard let value = ConfigurationText.number(line.value) else {
            throw ConfigurationFault(line: line.number, reason: .notANumber)
        }
        guard range.contains(value) else {
            throw ConfigurationFault(line: line.number, reason: .outOfRange)
        }
        return value
    }

    /// The span of time under a name: 0 up to ``ConfigurationText/timeMax``.
    public mutating func time(_ name: StaticString) throws(ConfigurationFault) -> Nanoseconds? {
        guard let count = try number(name, in: 0...ConfigurationText.timeMax.count) else {
            return nil
        }
        return Nanoseconds(count)
    }

    /// The flag under a name.
    public mutating func flag(_ name: StaticString) throws(ConfigurationFault) -> Bool? {
        guard let line = find(name) else { return nil }
        if line.value.equals("true") { return true }
        if line.value.equals("false") { return false }
        throw ConfigurationFault(line: line.number, reason: .notAFlag)
    }

    /// The bytes under a name.
    public mutating func bytes(_ name: StaticString) throws(ConfigurationFault) -> [UInt8]? {
        guard let line = find(name) else { return nil }
        guard let bytes = ConfigurationText.unescape(line.value) else {
            throw ConfigurationFault(line: line.number, reason: .notAnEscape)
        }
        return bytes
    }

    /// The words under a name, as their places in the list of all that can stand there.
    public mutating func words(
        _ name: StaticString, among words: [StaticString]
    ) throws(ConfigurationFault) -> [Int]? {
        guard let line = find(name) else { return nil }
        var found: [Int] = []
        if line.value.isEmpty { return found }
        for word in line.value.split(
            separator: ConfigurationText.comma, omittingEmptySubsequences: false)
        {
            guard let index = words.firstIndex(where: { word.equals($0) }) else {
                throw ConfigurationFault(line: line.number, reason: .unknownWord)
            }
            found.append(index)
        }
        return found
    }

    /// The one word under a name, as its place in the list of all that can stand there.
    public mutating func word(
        _ name: StaticString, among words: [StaticString]
    ) throws(ConfigurationFault) -> Int? {
        guard let line = find(name) else { return nil }
        guard let index = words.firstIndex(where: { line.value.equals($0) }) else {
            throw ConfigurationFault(line: line.number, reason: .unknownWord)
        }
        return index
    }

    /// The faults of the reference under a name.
    public mutating func rules(_ name: StaticString) throws(ConfigurationFault) -> ReferenceRules? {
        var names: [StaticString] = []
        for rule in ReferenceRule.allCases { names.append(rule.name) }
        guard let indices = try words(name, among: names) else { return nil }
        var rules: ReferenceRules = []
        for index in indices { rules.formUnion(ReferenceRules(ReferenceRule.allCases[index])) }
        return rules
    }

    /// Refuses the first line whose name was not asked for.
    public func finish() throws(ConfigurationFault) {
        for line in lines where !line.wasAskedFor {
            throw ConfigurationFault(line: line.number, reason: .unknownName)
        }
    }
}

/// The characters of a configuration's text.
public enum ConfigurationText {
    /// The longest span of time that a configuration can hold: a year.
    public static var timeMax: Nanoseconds { .seconds(31_536_000) }

    /// What a bound of a queue or a buffer can be: 1 up to a thousand million.
    public static var countRange: ClosedRange<Int64> { 1...1_000_000_000 }

    static var equals: UInt8 { UInt8(ascii: "=") }
    static var comma: UInt8 { UInt8(ascii: ",") }
    static var mark: UInt8 { UInt8(ascii: "%") }
    static var lineFeed: UInt8 { 0x0a }
    static var digits: [UInt8] { [UInt8](characters: "0123456789ABCDEF") }

    static func isPlain(_ byte: UInt8) -> Bool { byte != mark && (0x21...0x7e).contains(byte) }

    static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        if digits.isEmpty { return nil }
        var value: Int64 = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 { return nil }
            // Counted downwards, where there is room for one more.
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = tenfold.subtractingReportingOverflow(Int64(digit))
            if overflow || overflow2 { return nil }
            value = sum
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    static func unescape(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = ConfigurationText.digits
        var bytes: [UInt8] = []
        var place = text.startIndex
        while place < text.endIndex {
            if isPlain(text[place]) {
                bytes.append(text[place])
                place += 1
                continue
            }
            guard text[place] == mark, text.endIndex - place > 2,
                let high = digits.firstIndex(of: text[place + 1]),
                let low = digits.firstIndex(of: text[place + 2])
            else { return nil }
            let byte = UInt8(truncatingIfNeeded: high << 4 | low)
            if isPlain(byte) { return nil }
            bytes.append(byte)
            place += 3
        }
        return bytes
    }
}

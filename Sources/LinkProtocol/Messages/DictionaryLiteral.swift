// The law of this file: a literal is read, never evaluated. The reference's bridge runs it as code.

/// The literal of a flat Python dictionary: text keys with constants as values.
///
/// That is all that the parameters of TLS need. Expressions, nested values, comprehensions and
/// whatever else Python would run are refused.
///
/// Ref: Documentation/Protocol.md, Reference differences.
public struct DictionaryLiteral: Equatable, Sendable {
    /// A constant.
    public enum Value: Equatable, Sendable {
        /// `None`.
        case none
        /// `True` or `False`.
        case flag(Bool)
        /// A whole number in decimal digits, perhaps with a sign.
        case number(Int64)
        /// Text in single or double quotes, in UTF-8, its escapes replaced.
        case text([UInt8])
        /// Bytes in quotes after a `b`, their escapes replaced.
        case bytes([UInt8])
    }

    /// A key and its value.
    public struct Member: Equatable, Sendable {
        /// The key.
        public var key: [UInt8]
        /// The value.
        public var value: Value
    }

    /// Why a literal is refused, and where: the number of bytes before the first that is wrong.
    public struct Refusal: Error, Hashable, Sendable {
        /// The place in the literal.
        public var offset: Int
        /// What is wrong there.
        public var reason: Reason

        /// A refusal at a place.
        public init(offset: Int, reason: Reason) {
            self.offset = offset
            self.reason = reason
        }
    }

    /// What is wrong with a literal.
    public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
        /// It does not begin with `{` and end with `}`.
        case noBraces
        /// A key is no text in quotes.
        case noKey
        /// A key stands in it twice.
        case repeatedKey
        /// No `:` between key and value, or no `,` between members.
        case noSeparator
        /// A value is no constant.
        case noConstant
        /// A number is beyond 64 bits.
        case outOfRange
        /// A text has no end, holds a line break, or an escape that Python does not have.
        case malformedText
        /// There is more than ``membersMax`` allows.
        case tooMany
    }

    /// The most members; the parameters of TLS are a handful.
    public static var membersMax: Int { 64 }

    /// The members, in their order.
    public private(set) var members: [Member] = []

    /// Reads a literal.
    ///
    /// - Throws: why it is none, and where.
    public init(_ literal: [UInt8]) throws(Refusal) {
        var reader = LiteralReader(literal)
        reader.skipSpace()
        guard reader.take(UInt8(ascii: "{")) else { throw reader.refusal(.noBraces) }
        reader.skipSpace()
        while !reader.take(UInt8(ascii: "}")) {
            if members.count == DictionaryLiteral.membersMax { throw reader.refusal(.tooMany) }
            try readMember(&reader)
            reader.skipSpace()
            if reader.take(UInt8(ascii: ",")) {
                reader.skipSpace()
            } else if reader.next != UInt8(ascii: "}") {
                throw reader.refusal(reader.isAtEnd ? .noBraces : .noSeparator)
            }
        }
        reader.skipSpace()
        guard reader.isAtEnd else { throw reader.refusal(.noBraces) }
    }

    private mutating func readMember(_ reader: inout LiteralReader) throws(Refusal) {
        let keyPlace = reader.offset
        guard reader.isAtQuote else { throw reader.refusal(.noKey) }
        let key = try reader.text(isBytes: false)
        if members.contains(where: { $0.key == key }) {
            throw Refusal(offset: keyPlace, reason: .repeatedKey)
        }
        reader.skipSpace()
        guard reader.take(UInt8(ascii: ":")) else { throw reader.refusal(.noSeparator) }
        reader.skipSpace()
        members.append(Member(key: key, value: try reader.value()))
    }
}

/// Reads a literal from left to right, once.
private struct LiteralReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[offset] }
    var isAtQuote: Bool { next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") }

    func refusal(_ reason: DictionaryLiteral.Reason) -> DictionaryLiteral.Refusal {
        DictionaryLiteral.Refusal(offset: offset, reason: reason)
    }

    mutating func skipSpace() {
        while let next, next == 0x20 || (0x09...0x0d).contains(next) { offset += 1 }
    }

    /// Takes the next byte if it is this one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    mutating func value() throws(DictionaryLiteral.Refusal) -> DictionaryLiteral.Value {
        if isAtQuote { return .text(try text(isBytes: false)) }
        if let next, next == UInt8(ascii: "b") || next == UInt8(ascii: "B"),
            offset + 1 < bytes.count,
            bytes[offset + 1] == UInt8(ascii: "'") || bytes[offset + 1] == UInt8(ascii: "\"")
        {
            offset += 1
            return .bytes(try text(isBytes: true))
        }
        if takeWord("None") { return .none }
        if takeWord("True") { return .flag(true) }
        if takeWord("False") { return .flag(false) }
        return .number(try number())
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[offset..<end].equals(word) else { return false }
        offset = end
        return true
    }

    private mutating func number() throws(DictionaryLiteral.Refusal) -> Int64 {
        let start = offset
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        let firstDigit = offset
        var value: Int64 = 0
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
            let digit = Int64(next - UInt8(ascii: "0"))
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = tenfold.subtractingReportingOverflow(digit)
            // Counted downwards, where there is room for one more.
            guard !overflow, !overflow2, isNegative || sum > .min else {
                throw DictionaryLiteral.Refusal(offset: start, reason: .outOfRange)
            }
            value = sum
            offset += 1
        }
        let isPadded = offset - firstDigit > 1 && bytes[firstDigit] == UInt8(ascii: "0")
        guard offset > firstDigit, !isPadded else {
            throw DictionaryLiteral.Refusal(offset: start, reason: .noConstant)
        }
        return isNegative ? value : -value
    }

    /// The text in quotes that begins here.
    mutating func text(isBytes: Bool) throws(DictionaryLiteral.Refusal) -> [UInt8] {
        let quote = next
        offset += 1
        var text: [UInt8] = []
        while let byte = next {
            if byte == quote {
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") {
                try readEscape(isBytes: isBytes, into: &text)
                continue
            }
            guard byte != 0x0a, byte != 0x0d, !isBytes || byte < 0x80 else { break }
            text.append(byte)
            offset += 1
        }
        throw refusal(.malformedText)
    }

    private mutating func readEscape(
        isBytes: Bool, into text: inout [UInt8]
    ) throws(DictionaryLiteral.Refusal) {
        let start = offset
        offset += 1
        guard let kind = next else { throw refusal(.malformedText) }
        offset += 1
        switch kind {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(kind)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "x"):
            guard let scalar = hexadecimal(digits: 2) else { return try fail(at: start) }
            append(scalar, isBytes: isBytes, to: &text)
        case UInt8(ascii: "u") where !isBytes:
            // Half of a pair is no character.
            guard let scalar = hexadecimal(digits: 4), !(0xd800...0xdfff).contains(scalar) else {
                return try fail(at: start)
            }
            append(scalar, isBytes: false, to: &text)
        default: try fail(at: start)
        }
    }

    private func fail(at offset: Int) throws(DictionaryLiteral.Refusal) {
        throw DictionaryLiteral.Refusal(offset: offset, reason: .malformedText)
    }

    private mutating func hexadecimal(digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = next else { return nil }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
            offset += 1
        }
        return value
    }

    /// Appends a character below 2^16 in UTF-8, or a byte.
    private func append(_ scalar: UInt32, isBytes: Bool, to text: inout [UInt8]) {
        if isBytes || scalar < 0x80 {
            text.append(UInt8(truncatingIfNeeded: scalar))
        } else if scalar < 0x800 {
            text.append(0xc0 | UInt8(truncatingIfNeeded: scalar >> 6))
            text.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3f))
        } else {
            text.append(0xe0 | UInt8(truncatingIfNeeded: scalar >> 12))
            text.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3f))
            text.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3f))
        }
    }
}

// The law of this file: any bytes can be read; those that are no JSON give a fault, never a trap.
// Ref: RFC 8259.

/// Why bytes are no JSON value, and where.
public struct JSONFault: Error, Equatable, Sendable {
    /// The first byte at fault.
    public var offset: Int
    /// What is wrong there, as the end of a sentence.
    public var reason: String
}

extension JSONNode {
    /// The deepest nesting that is read.
    public static let depthMax = 32

    /// Reads one value, which must be all there is.
    ///
    /// Half of a surrogate pair becomes U+FFFD: programs write such for bytes that are no text.
    public init(parsing bytes: [UInt8]) throws(JSONFault) {
        var parser = JSONNodeParser(bytes)
        self = try parser.document()
    }
}

/// Reads a value recursively; ``JSONNode/depthMax`` bounds the stack.
private struct JSONNodeParser {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONFault) -> JSONNode {
        let node = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw fault("something follows the value") }
        return node
    }

    private func fault(_ reason: String) -> JSONFault { JSONFault(offset: place, reason: reason) }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
    }

    private mutating func next(_ expected: String) throws(JSONFault) -> UInt8 {
        skipSpace()
        guard place < bytes.count else { throw fault("it ends where \(expected) should be") }
        return bytes[place]
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONNode {
        switch try next("a value") {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            if take("null") { return .null }
            if take("true") { return .boolean(true) }
            if take("false") { return .boolean(false) }
            throw fault("a value begins with \(shown(bytes[place]))")
        }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let letters = word.withUTF8Buffer { Array($0) }
        guard bytes[place...].starts(with: letters) else { return false }
        place += letters.count
        return true
    }

    // MARK: Lists

    private mutating func object(depth: Int) throws(JSONFault) -> JSONNode {
        guard depth < JSONNode.depthMax else { throw tooDeep }
        place += 1
        var members: [JSONNode.Member] = []
        if try next("a name or }") == UInt8(ascii: "}") {
            place += 1
            return .object([])
        }
        while true {
            guard try next("a name") == UInt8(ascii: "\"") else {
                throw fault("a name begins with \(shown(bytes[place]))")
            }
            let name = try string()
            guard try next("a colon") == UInt8(ascii: ":") else {
                throw fault("\(shown(bytes[place])) is where a colon should be")
            }
            place += 1
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            if try ends(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONNode {
        guard depth < JSONNode.depthMax else { throw tooDeep }
        place += 1
        var elements: [JSONNode] = []
        if try next("a value or ]") == UInt8(ascii: "]") {
            place += 1
            return .array([])
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try ends(UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    /// Takes the comma before another element, or the end of the list.
    private mutating func ends(_ end: UInt8) throws(JSONFault) -> Bool {
        let byte = try next("a comma or \(shown(end))")
        guard byte == end || byte == UInt8(ascii: ",") else {
            throw fault("\(shown(byte)) is where a comma or \(shown(end)) should be")
        }
        place += 1
        return byte == end
    }

    private var tooDeep: JSONFault { fault("it is nested deeper than \(JSONNode.depthMax) levels") }

    // MARK: Scalars

    private mutating func number() throws(JSONFault) -> JSONNode {
        let start = place
        if bytes[place] == UInt8(ascii: "-") { place += 1 }
        let first = place
        try digits()
        if bytes[first] == UInt8(ascii: "0"), place - first > 1 {
            place = first
            throw fault("a number begins with a needless 0")
        }
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if place < bytes.count, bytes[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            if place < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[place]) {
                place += 1
            }
            try digits()
        }
        return .number(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func digits() throws(JSONFault) {
        let start = place
        while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
            place += 1
        }
        if place == start { throw fault("a digit of a number is missing") }
    }

    private mutating func string() throws(JSONFault) -> String {
        place += 1
        var text = ""
        var start = place
        while true {
            guard place < bytes.count else { throw fault("it ends inside a string") }
            switch bytes[place] {
            case UInt8(ascii: "\""):
                text += try plain(start)
                place += 1
                return text
            case UInt8(ascii: "\\"):
                text += try plain(start)
                text.unicodeScalars.append(try escape())
                start = place
            case ..<0x20: throw fault("a string holds a control character")
            default: place += 1
            }
        }
    }

    private func plain(_ start: Int) throws(JSONFault) -> String {
        guard let text = String(validating: bytes[start..<place], as: UTF8.self) else {
            throw JSONFault(
                offset: start, reason: "a string is no UTF-8; convert the file with iconv")
        }
        return text
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard place + 1 < bytes.count else { throw fault("it ends inside a string") }
        let letter = bytes[place + 1]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            place += 2
            return Unicode.Scalar(letter)
        case UInt8(ascii: "u"): return try codePoint()
        default: break
        }
        let controls: [(UInt8, Unicode.Scalar)] = [
            (UInt8(ascii: "b"), "\u{8}"), (UInt8(ascii: "f"), "\u{c}"), (UInt8(ascii: "n"), "\n"),
            (UInt8(ascii: "r"), "\r"), (UInt8(ascii: "t"), "\t"),
        ]
        guard let scalar = controls.first(where: { $0.0 == letter })?.1 else {
            throw fault("\\\(shown(letter)) is no escape of JSON")
        }
        place += 2
        return scalar
    }

    private mutating func codePoint() throws(JSONFault) -> Unicode.Scalar {
        let unit = try codeUnit()
        guard (0xd800..<0xdc00).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{fffd}" }
        guard bytes[place...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
            return "\u{fffd}"
        }
        let before = place
        let low = try codeUnit()
        guard (0xdc00..<0xe000).contains(low) else {
            place = before
            return "\u{fffd}"
        }
        return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)) ?? "\u{fffd}"
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt32 {
        let digits = bytes[(place + 2)...].prefix(4)
        var unit: UInt32 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else {
                throw fault("\\u wants four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(value)
        }
        guard digits.count == 4 else { throw fault("it ends inside a string") }
        place += 6
        return unit
    }

    private func shown(_ byte: UInt8) -> String {
        (0x21...0x7e).contains(byte)
            ? String(Character(Unicode.Scalar(byte))) : "byte 0x\(String(byte, radix: 16))"
    }
}

// The law of this file: which strings and numbers of a JSON text are secret is decided by the text
// alone, and in doubt the answer is yes. Nothing here is converted: a value is a range of bytes.

/// The strings and numbers of a JSON text, as far as it can be read, and which of them are secret.
///
/// Secret is what stands, at any depth, under a key that names a secret; and of an array that
/// begins with `"init"`, the elements at the places of the secret fields of ``InitialiseFields``.
struct JSONSecrets {
    /// A string or a number that is no key.
    struct Scalar {
        /// The bytes; of a string those between the quotation marks, escapes as they are.
        var range: Range<Int>
        var isString: Bool
        var isSecret: Bool
    }

    /// The deepest nesting that is read; what is deeper counts as unreadable.
    static var depthMax: Int { 32 }

    /// The strings and numbers before ``readableEnd``, in order.
    private(set) var scalars: [Scalar] = []
    /// Where the text stops being JSON; the end of the text if it does not, or is only cut short.
    private(set) var readableEnd: Int
    /// Whether the text is a whole array or object and nothing else.
    private(set) var isWhole = false

    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var keyStart: Int
    private var containers: [Container] = []

    /// Whether a string can be an array or an object: it begins like one, or it ends like one and
    /// holds a quotation mark and no separator inside, since its begin may be lost.
    static func mayBe(_ text: ArraySlice<UInt8>) -> Bool {
        var first = text.startIndex
        while first < text.endIndex, isSpace(text[first]) { first += 1 }
        guard first < text.endIndex else { return false }
        if text[first] == UInt8(ascii: "{") || text[first] == UInt8(ascii: "[") { return true }
        var end = text.endIndex
        while isSpace(text[end - 1]) { end -= 1 }
        let isClosed = text[end - 1] == UInt8(ascii: "}") || text[end - 1] == UInt8(ascii: "]")
        return isClosed && text.contains(UInt8(ascii: "\""))
            && !text.dropFirst().contains(Fields.separator)
    }

    /// Reads a text.
    init(_ text: ArraySlice<UInt8>) {
        bytes = text
        place = text.startIndex
        keyStart = text.startIndex
        readableEnd = text.startIndex
        read()
        readableEnd = place
    }

    // MARK: Reading

    /// An array or object that has begun.
    private struct Container {
        var isObject: Bool
        /// Everything in it is secret.
        var isSecret: Bool
        /// It is an array that begins with `"init"`.
        var isInitialise = false
        /// The index of the present element.
        var index = 0
        /// The present key names a secret.
        var hasSecretKey = false
    }

    /// What may come next.
    private enum Expected {
        case value, firstElement, firstKey, key, colon, separator, nothing
    }

    /// Reads as far as the text is JSON; ``place`` is then where it stops.
    private mutating func read() {
        var expected = Expected.value
        while true {
            while place < bytes.endIndex, Self.isSpace(bytes[place]) { place += 1 }
            guard place < bytes.endIndex else { break }
            guard let next = readToken(expected) else { return }
            expected = next
        }
        isWhole = expected == .nothing
    }

    /// Reads what comes next and gives what may follow; nil when it is not JSON.
    private mutating func readToken(_ expected: Expected) -> Expected? {
        let byte = bytes[place]
        switch (expected, byte) {
        case (.firstElement, UInt8(ascii: "]")), (.firstKey, UInt8(ascii: "}")): return close()
        case (.value, _), (.firstElement, _): return readValue(byte)
        case (.key, UInt8(ascii: "\"")), (.firstKey, UInt8(ascii: "\"")):
            keyStart = place
            let (key, isSound) = readString()
            containers[containers.count - 1].hasSecretKey = Self.namesSecret(letters(of: key))
            return isSound ? .colon : nil
        case (.colon, UInt8(ascii: ":")):
            place += 1
            return .value
        case (.separator, UInt8(ascii: ",")):
            place += 1
            containers[containers.count - 1].index += 1
            return containers[containers.count - 1].isObject ? .key : .value
        case (.separator, UInt8(ascii: "}")):
            return containers[containers.count - 1].isObject ? close() : nil
        case (.separator, UInt8(ascii: "]")):
            return containers[containers.count - 1].isObject ? nil : close()
        case (.colon, _):
            // What looked like a key can be a value.
            place = keyStart
            return nil
        default: return nil
        }
    }

    private mutating func close() -> Expected {
        place += 1
        containers.removeLast()
        return containers.isEmpty ? .nothing : .separator
    }

    private mutating func readValue(_ byte: UInt8) -> Expected? {
        let isSecret = isSecretHere
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard containers.count < Self.depthMax else { return nil }
            let isObject = byte == UInt8(ascii: "{")
            // An `init` has no array inside: who knows what its elements are.
            let isDoubtful = containers.last?.isInitialise ?? false
            containers.append(Container(isObject: isObject, isSecret: isSecret || isDoubtful))
            place += 1
            return isObject ? .firstKey : .firstElement
        // A text that is no array and no object holds no names.
        case _ where containers.isEmpty: return nil
        case UInt8(ascii: "\""):
            let (range, isSound) = readString()
            noteFirstElement(range)
            let saysThereIsNone = bytes[range].equals("{}")
            scalars.append(
                Scalar(range: range, isString: true, isSecret: isSecret && !saysThereIsNone))
            return isSound ? .separator : nil
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), Self.replacement:
            let start = place
            while place < bytes.endIndex, Self.isOfNumber(bytes[place]) { place += 1 }
            scalars.append(
                Scalar(range: start..<place, isString: false, isSecret: isSecret))
            return .separator
        default: return readWord("true") || readWord("false") || readWord("null") ? .separator : nil
        }
    }

    /// Reads a string whose quotation mark is next: what is between the marks, and whether it is
    /// JSON so far. One that the end of the text cuts off is.
    private mutating func readString() -> (content: Range<Int>, isSound: Bool) {
        place += 1
        let start = place
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return (start..<(place - 1), true)
            case 0..<0x20: return (start..<place, false)
            case UInt8(ascii: "\\"):
                guard let length = escapeLength else { return (start..<place, false) }
                place += length
            default: place += 1
            }
        }
        return (start..<place, true)
    }

    /// The length of the escape at ``place``, as much of it as there is; nil when it is none.
    private var escapeLength: Int? {
        let escape = bytes[place...].prefix(6)
        guard escape.count > 1 else { return 1 }
        switch escape[place + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            for digit in escape.dropFirst(2) where Self.hexadecimal(digit) == nil { return nil }
            return escape.count
        default: return nil
        }
    }

    /// Reads a word, or its begin if the text ends in it.
    private mutating func readWord(_ word: StaticString) -> Bool {
        let rest = bytes[place...].prefix(word.utf8CodeUnitCount)
        let letters = [UInt8](characters: word)
        guard rest.elementsEqual(letters.prefix(rest.count)) else { return false }
        if rest.count < letters.count, rest.endIndex < bytes.endIndex { return false }
        place = rest.endIndex
        return true
    }

    // MARK: Secrets

    /// Whether the value that comes next is secret.
    private var isSecretHere: Bool {
        guard let container = containers.last else { return false }
        if container.isSecret { return true }
        return container.isObject
            ? container.hasSecretKey
            : container.isInitialise && InitialiseFields.isSecretPlace(container.index)
    }

    private mutating func noteFirstElement(_ content: Range<Int>) {
        guard let container = containers.last, !container.isObject, container.index == 0 else {
            return
        }
        containers[containers.count - 1].isInitialise =
            letters(of: content)[...].equals(Command.initialise.letters)
    }

    /// Whether a key, in lower case, is the name of a secret.
    private static func namesSecret(_ key: [UInt8]) -> Bool {
        let key = key[...]
        return key.equals("pw") || key.equals("pwd") || key.equals("psk") || key.equals("key")
            || key.equals("mqtt_pw") || holds("password", in: key) || holds("passwd", in: key)
            || holds("passphrase", in: key) || holds("secret", in: key) || holds("token", in: key)
            || holds("ssl_params", in: key)
    }

    private static func holds(_ word: StaticString, in text: ArraySlice<UInt8>) -> Bool {
        let length = word.utf8CodeUnitCount
        guard text.count >= length else { return false }
        for start in text.startIndex...(text.endIndex - length)
        where text[start..<(start + length)].equals(word) {
            return true
        }
        return false
    }

    // MARK: Characters

    /// The content of a string with capitals made small and escapes read.
    private func letters(of content: Range<Int>) -> [UInt8] {
        var letters: [UInt8] = []
        var next = content.lowerBound
        while next < content.upperBound {
            var byte = bytes[next]
            next += 1
            if byte == UInt8(ascii: "\\"), next < content.upperBound {
                byte = bytes[next]
                next += 1
                if byte == UInt8(ascii: "u") {
                    let digits = bytes[next..<min(next + 4, content.upperBound)]
                    let code = digits.reduce(0) { $0 << 4 | (Self.hexadecimal($1) ?? 0) }
                    byte = code < 0x80 ? UInt8(truncatingIfNeeded: code) : 0xff
                    next += digits.count
                }
            }
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            letters.append(isCapital ? byte | 0x20 : byte)
        }
        return letters
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }

    /// What secrets are replaced by in a copy of a capture: a number made of it is still read as one,
    /// else all behind it would be secret in the copy.
    private static var replacement: UInt8 { UInt8(ascii: "x") }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), replacement:
            true
        default: false
        }
    }
}

// The law of this file: where an object begins and ends, and nothing of what is in it.

/// Finds the objects of a text that has one a line, or that is one array of them.
struct JSONObjectScanner: Sendable {
    /// The bytes of an object and the line on which it begins.
    struct Object {
        var bytes: [UInt8]
        var line: Int
    }

    private enum State {
        /// Nothing but white space so far.
        case start
        /// Between two objects that stand on lines of their own.
        case betweenLines
        /// In an array, before its first object.
        case firstElement
        /// In an array, behind a comma.
        case nextElement
        /// In an array, behind an object.
        case separator
        /// Behind the array.
        case closed
        /// In an object.
        case inObject
    }

    private var state = State.start
    private var isArray = false
    private var bytes: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var line = 1
    /// The line on which what is open began.
    private var openLine = 1
    private var arrayLine = 1
    /// How many bytes of a byte order mark may still come.
    private var mark: ArraySlice<UInt8> = [0xef, 0xbb, 0xbf]

    /// Takes a byte; gives an object if this was its last.
    mutating func take(_ byte: UInt8) throws(ApplicationLogFault) -> Object? {
        defer { if byte == 0x0a { line += 1 } }
        if state == .inObject { return try takeInObject(byte) }
        if [0x20, 0x09, 0x0a, 0x0d].contains(byte) { return nil }
        if state == .start, byte == mark.first {
            mark.removeFirst()
            return nil
        }
        switch (state, byte) {
        case (.start, UInt8(ascii: "[")):
            isArray = true
            arrayLine = line
            state = .firstElement
        case (.start, UInt8(ascii: "{")), (.betweenLines, UInt8(ascii: "{")),
            (.firstElement, UInt8(ascii: "{")), (.nextElement, UInt8(ascii: "{")):
            state = .inObject
            openLine = line
            bytes = []
            depth = 0
            return try takeInObject(byte)
        case (.separator, UInt8(ascii: ",")): state = .nextElement
        case (.separator, UInt8(ascii: "]")), (.firstElement, UInt8(ascii: "]")): state = .closed
        default: throw fault(found: byte)
        }
        return nil
    }

    /// Checks that nothing is open.
    func finish() throws(ApplicationLogFault) {
        switch state {
        case .start, .betweenLines, .closed: return
        case .inObject: throw ApplicationLogFault(line: openLine, reason: .truncated)
        case .firstElement, .nextElement, .separator:
            throw ApplicationLogFault(line: arrayLine, reason: .truncated)
        }
    }

    private mutating func takeInObject(_ byte: UInt8) throws(ApplicationLogFault) -> Object? {
        guard bytes.count < ApplicationLog.objectBytesMax else {
            throw ApplicationLogFault(line: openLine, reason: .tooLong)
        }
        bytes.append(byte)
        if isInString {
            // A line that ends in a string was cut short; what follows is no part of it.
            if byte == 0x0a {
                throw ApplicationLogFault(line: line, reason: .malformed("a string is not closed"))
            }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return nil
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            guard depth == 0 else { return nil }
            state = isArray ? .separator : .betweenLines
            return Object(bytes: bytes, line: openLine)
        default: break
        }
        return nil
    }

    private func fault(found byte: UInt8) -> ApplicationLogFault {
        let shown =
            (0x21...0x7e).contains(byte)
            ? String(Character(Unicode.Scalar(byte))) : "byte 0x\(String(byte, radix: 16))"
        return ApplicationLogFault(
            line: line, reason: .malformed("\(shown) is where an object should begin or end"))
    }
}

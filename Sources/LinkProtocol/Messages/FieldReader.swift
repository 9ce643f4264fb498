import Signals

// The law of this file: fields are read from left to right, once, and each failure says where.

/// Reads the fields of one frame after its command.
struct FieldReader {
    let sender: LinkEnd
    let command: Command?
    private let bytes: ArraySlice<UInt8>
    private var fields: Fields.Iterator
    /// The index of the field that was read last; 0 is the command.
    private(set) var index = 0

    /// Begins after the command of a frame.
    init(_ bytes: ArraySlice<UInt8>, from sender: LinkEnd) {
        self.sender = sender
        self.bytes = bytes
        fields = Fields.Iterator(bytes)
        command = fields.next().flatMap { Command($0, from: sender) }
    }

    /// Whether the frame goes on after the field that was read last.
    var isAtEnd: Bool { fields.start == nil }

    /// The evidence for a field that begins at, or contains, a place in the frame.
    func malformed(_ reason: MalformedMessage.Reason, at place: Int) -> MalformedMessage {
        MalformedMessage(
            sender: sender, command: command, fieldIndex: index,
            offset: place - bytes.startIndex, reason: reason)
    }

    /// The next field, whatever it holds.
    mutating func field() throws(MalformedMessage) -> ArraySlice<UInt8> {
        index += 1
        guard let field = fields.next() else { throw malformed(.missingField, at: bytes.endIndex) }
        return field
    }

    /// The next field as text, which may be empty.
    mutating func text() throws(MalformedMessage) -> [UInt8] { Array(try field()) }

    /// The next field as a topic, which is never empty.
    mutating func topic() throws(MalformedMessage) -> [UInt8] {
        let field = try field()
        if field.isEmpty { throw malformed(.empty, at: field.startIndex) }
        return Array(field)
    }

    /// The next field as text with escapes, which may be empty; the bytes that it stands for.
    mutating func escapedText() throws(MalformedMessage) -> [UInt8] {
        let field = try field()
        switch EscapedBytes.unescape(field) {
        case .success(let bytes): return bytes
        case .failure(let fault): throw malformed(.notAnEscape, at: fault.place)
        }
    }

    /// The next field as a topic with escapes, which is never empty.
    mutating func escapedTopic() throws(MalformedMessage) -> [UInt8] {
        let start = fields.start ?? bytes.endIndex
        let topic = try escapedText()
        if topic.isEmpty { throw malformed(.empty, at: start) }
        return topic
    }

    /// The next field as a whole number up to `greatest`, in digits without leading zeros.
    mutating func number(atMost greatest: Int64) throws(MalformedMessage) -> Int64 {
        let field = try field()
        guard let first = field.first else { throw malformed(.empty, at: field.startIndex) }
        var value: Int64 = 0
        for place in field.indices {
            let digit = field[place] &- UInt8(ascii: "0")
            if digit > 9 { throw malformed(.notANumber, at: place) }
            // Past the bound the value no longer matters, only that the rest is digits.
            if value <= Decimal.greatest { value = value &* 10 &+ Int64(digit) }
        }
        if first == UInt8(ascii: "0"), field.count > 1 {
            throw malformed(.notANumber, at: field.startIndex)
        }
        if value > greatest { throw malformed(.outOfRange, at: field.startIndex) }
        return value
    }

    /// The next field as a flag that is `0` or `1`.
    mutating func flag() throws(MalformedMessage) -> Bool { try number(atMost: 1) == 1 }

    /// The next field as the host's retain flag, in any of its spellings.
    mutating func retain() throws(MalformedMessage) -> Retain {
        let field = try field()
        guard let retain = Retain(field) else { throw malformed(.notAFlag, at: field.startIndex) }
        return retain
    }

    /// The next field as a flag that is `True` or `False`.
    mutating func word() throws(MalformedMessage) -> Bool {
        let field = try field()
        if field.equals("True") { return true }
        if field.equals("False") { return false }
        throw malformed(.notAFlag, at: field.startIndex)
    }

    /// The next field as `0` or `1`.
    mutating func qualityOfService() throws(MalformedMessage) -> QualityOfService {
        try number(atMost: 1) == 0 ? .atMostOnce : .atLeastOnce
    }

    /// The next field and all after it, separators included.
    mutating func remainder() throws(MalformedMessage) -> [UInt8] {
        let field = try field()
        return Array(bytes[field.startIndex...])
    }

    /// The next field as the number of a status that a bridge can send.
    mutating func status() throws(MalformedMessage) -> Status {
        let start = fields.start ?? bytes.endIndex
        let number = try number(atMost: Int64(Status.noNetwork.rawValue))
        guard let status = Status(rawValue: UInt8(truncatingIfNeeded: number)) else {
            throw malformed(.outOfRange, at: start)
        }
        if status.isHostLocal { throw malformed(.hostLocalStatus, at: start) }
        return status
    }

    /// Refuses anything after the field that was read last.
    mutating func finish() throws(MalformedMessage) {
        guard let start = fields.start else { return }
        index += 1
        throw malformed(.surplusField, at: start)
    }
}

/// Numbers on the link: decimal digits only, far from the limits of 64 bits.
enum Decimal {
    /// The greatest number that a field can hold: seventeen nines, which leaves head room for one
    /// digit more.
    static var greatest: Int64 { 99_999_999_999_999_999 }
}

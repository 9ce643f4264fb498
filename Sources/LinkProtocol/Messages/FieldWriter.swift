// The law of this file: a frame is written from left to right, once, and only if all of it can be.

/// Writes the fields of one frame.
struct FieldWriter {
    private(set) var bytes: [UInt8]
    private let command: Command
    private var index = 0

    /// Begins with the command.
    init(_ command: Command) {
        self.command = command
        bytes = Array(characters: command.letters)
    }

    /// A fault in the field that is being written.
    private func unsendable(_ reason: UnsendableMessage.Reason, at offset: Int = 0)
        -> UnsendableMessage
    {
        UnsendableMessage(command: command, fieldIndex: index, offset: offset, reason: reason)
    }

    /// Separates the next field from the one before.
    private mutating func separate() {
        bytes.append(Fields.separator)
        index += 1
    }

    /// Appends a field of text, which may be empty.
    mutating func text(_ text: [UInt8]) throws(UnsendableMessage) {
        separate()
        if let offset = FieldBytes.firstUnsendable(in: text) {
            throw unsendable(.byte(text[offset]), at: offset)
        }
        bytes.append(contentsOf: text)
    }

    /// Appends a topic, which is never empty.
    mutating func topic(_ topic: [UInt8]) throws(UnsendableMessage) {
        try text(topic)
        if topic.isEmpty { throw unsendable(.empty) }
    }

    /// Appends the rest of the frame, which may hold separators of its own.
    mutating func rest(_ rest: [UInt8]) throws(UnsendableMessage) {
        separate()
        for offset in rest.indices where rest[offset] == 0 || rest[offset] > Fields.separator {
            throw unsendable(.byte(rest[offset]), at: offset)
        }
        bytes.append(contentsOf: rest)
    }

    /// Appends a number from 0 to ``Decimal/greatest`` in decimal digits.
    mutating func number(_ number: Int64) throws(UnsendableMessage) {
        separate()
        guard number >= 0, number <= Decimal.greatest else { throw unsendable(.outOfRange) }
        let start = bytes.count
        var left = number
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10))
            left /= 10
        } while left > 0
        bytes[start...].reverse()
    }

    /// Appends a field of constant characters.
    mutating func letters(_ letters: StaticString) {
        separate()
        bytes.append(contentsOf: [UInt8](characters: letters))
    }

    /// Appends `1` or `0`.
    mutating func flag(_ flag: Bool) { letters(flag ? "1" : "0") }
}

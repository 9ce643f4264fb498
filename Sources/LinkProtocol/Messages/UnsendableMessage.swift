// The law of this file: what the link cannot carry is refused before a bit of it is sent.

/// Why a message cannot be written as a frame.
public struct UnsendableMessage: Error, Hashable, Sendable {
    /// The command of the message, or nil when it has none.
    public var command: Command?
    /// The field at fault; 0 is the command.
    public var fieldIndex: Int
    /// The byte at fault, counted from the first byte of the field.
    public var offset: Int
    /// What is wrong with it.
    public var reason: Reason

    /// A fault at a place in a message.
    public init(command: Command?, fieldIndex: Int, offset: Int, reason: Reason) {
        self.command = command
        self.fieldIndex = fieldIndex
        self.offset = offset
        self.reason = reason
    }

    /// What is wrong with a field.
    public enum Reason: Hashable, Sendable {
        /// A byte that a field cannot hold: 0, 127 or more.
        case byte(UInt8)
        /// The field, or the whole string, must not be empty.
        case empty
        /// The number does not fit the field.
        case outOfRange
        /// The string would be read as the command that it begins with.
        case readsAsCommand(Command)
        /// A command of the application's must begin with printable characters other than space.
        case notAWord
        /// The status is one that only a host tells itself, or UNKNOWN without its text.
        case status(Status)
    }
}

/// What a field on the link can hold.
///
/// Ref: Documentation/Protocol.md, Characters.
public enum FieldBytes {
    /// The bytes that a topic, a message and any other text can consist of.
    @inlinable public static var allowed: ClosedRange<UInt8> { 1...126 }

    /// The offset of the first byte that a field cannot hold; nil when the link can carry them all.
    @inlinable public static func firstUnsendable(in bytes: [UInt8]) -> Int? {
        for offset in bytes.indices where !allowed.contains(bytes[offset]) { return offset }
        return nil
    }
}

public import Signals

// The law of this file: a frame that is no message is told with its evidence, never with a guess.

/// What became of a frame that was parsed.
public enum ParseOutcome<Message> {
    /// The frame is this message.
    case message(Message)
    /// The frame is no message, and this is why.
    case malformed(MalformedMessage)

    /// The message, or nil when the frame is none.
    @inlinable public var message: Message? {
        if case .message(let message) = self { message } else { nil }
    }

    /// Why the frame is no message, or nil when it is one.
    @inlinable public var malformation: MalformedMessage? {
        if case .malformed(let malformation) = self { malformation } else { nil }
    }
}

extension ParseOutcome: Equatable where Message: Equatable {}
extension ParseOutcome: Sendable where Message: Sendable {}

/// Why a frame is no message: what was found where.
public struct MalformedMessage: Error, Hashable, Sendable {
    /// The end that sent the frame.
    public var sender: LinkEnd
    /// The command of the frame, or nil when the first field names none.
    public var command: Command?
    /// The field that is wrong; 0 is the command.
    public var fieldIndex: Int
    /// The first byte that is wrong, counted from the frame's first; the frame's length when
    /// something is missing at its end.
    public var offset: Int
    /// What is wrong with the field.
    public var reason: Reason

    /// A malformation found at a place in a frame.
    public init(
        sender: LinkEnd, command: Command?, fieldIndex: Int, offset: Int, reason: Reason
    ) {
        self.sender = sender
        self.command = command
        self.fieldIndex = fieldIndex
        self.offset = offset
        self.reason = reason
    }

    /// What is wrong with a field. The raw values stand in captures: never renumber.
    public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
        /// The command wants this field and the frame has ended.
        case missingField = 0
        /// The frame goes on after the last field of the command.
        case surplusField = 1
        /// The field must not be empty.
        case empty = 2
        /// The first field is no command of this end.
        case unknownCommand = 3
        /// The field is not a whole number in plain decimal digits.
        case notANumber = 4
        /// The field is a number outside the range of this field.
        case outOfRange = 5
        /// The field spells neither true nor false.
        case notAFlag = 6
        /// The status number is one that only a host tells itself.
        case hostLocalStatus = 7
        /// A `\\` that two hexadecimal digits in upper case do not follow, or an escape that need
        /// not be one.
        case notAnEscape = 8

        /// The reason in words, for reports.
        public var name: StaticString {
            switch self {
            case .missingField: "missing field"
            case .surplusField: "surplus field"
            case .empty: "empty field"
            case .unknownCommand: "unknown command"
            case .notANumber: "not a number"
            case .outOfRange: "out of range"
            case .notAFlag: "neither true nor false"
            case .hostLocalStatus: "status that no bridge sends"
            case .notAnEscape: "not an escape"
            }
        }
    }
}

public import HostProtocol
public import LinkProtocol

/// Why a call of ``MQTTLink`` did not do what it should.
///
/// Cancelling the task of a call is no case of it: that throws `CancellationError`.
public enum MQTTLinkError: Error, Sendable {
    /// What an application asks for.
    public enum Operation: String, Hashable, Sendable, CaseIterable {
        case publish, subscribe, unsubscribe, time, memory, command, ready, restart
    }

    /// The host refused it, and nothing was done.
    case refused(Operation, HostRefusal)
    /// More calls wait than may wait.
    case overloaded(Operation)
    /// The configuration holds what the link cannot carry: nothing will ever run.
    case configuration(UnsendableMessage)
    /// The link was closed.
    case closed
    /// The link has ended by itself; the words say why.
    case ended(String)
}

extension MQTTLinkError {
    /// The case in one word, for programs.
    public var kind: String {
        switch self {
        case .refused(_, let refusal):
            switch refusal {
            case .unsendable: "unsendable"
            case .wildcardInTopic: "wildcardInTopic"
            case .malformedFilter: "malformedFilter"
            case .tooLong: "tooLong"
            case .queueFull: "queueFull"
            case .notSubscribed: "notSubscribed"
            case .stopped: "closed"
            }
        case .overloaded: "queueFull"
        case .configuration: "configuration"
        case .closed: "closed"
        case .ended: "ended"
        }
    }
}

extension MQTTLinkError: CustomStringConvertible {
    /// What is wrong, with the evidence, and what to do next. Holds no secret.
    public var description: String {
        switch self {
        case .refused(let operation, .unsendable(let why)):
            "\(operation.rawValue): \(Self.words(for: why, of: operation))"
        case .refused(let operation, .tooLong(let limit)):
            "\(operation.rawValue): too long for the link: with its topic and separators it may "
                + "have \(limit) bytes"
        case .refused(let operation, .queueFull(let limit)):
            "\(operation.rawValue): \(limit) such calls wait, and more may not; await some of them"
        case .refused(let operation, let refusal): "\(operation.rawValue): \(refusal.words)"
        case .overloaded(let operation):
            "\(operation.rawValue): far too many calls wait for the link; await some of them"
        case .configuration(let why):
            "the link cannot carry the configuration: field \(why.fieldIndex) of "
                + "`\(why.command.map { "\($0.letters)" } ?? "?")`, byte \(why.offset): "
                + Self.words(for: why.reason, showsByte: false)
        case .closed: "the link is closed"
        case .ended(let why): "the link has ended: \(why)"
        }
    }

    private static func words(for why: UnsendableMessage, of operation: Operation) -> String {
        let field =
            switch (operation, why.fieldIndex) {
            case (.publish, 1): "its topic"
            case (.publish, 2): "its message"
            case (.subscribe, 1): "its topic filter"
            case (.command, _): "it"
            default: "field \(why.fieldIndex)"
            }
        switch why.reason {
        case .empty: return "\(field) is empty"
        case .byte, .outOfRange, .status:
            return "byte \(why.offset) of \(field) is "
                + words(for: why.reason, showsByte: true)
        case .readsAsCommand, .notAWord: return words(for: why.reason, showsByte: true)
        }
    }

    private static func words(
        for reason: UnsendableMessage.Reason, showsByte: Bool
    ) -> String {
        switch reason {
        case .byte(let byte):
            (showsByte ? "0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)); " : "")
                + "only bytes from 1 to 126 can cross the link"
        case .empty: "it must not be empty"
        case .outOfRange: "a number that does not fit"
        case .readsAsCommand(let command):
            "the bridge would read it as its command `\(command.letters)`; use the call for that"
        case .notAWord: "it must begin with a word of printable characters"
        case .status: "a status that no bridge sends"
        }
    }
}

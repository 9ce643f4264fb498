public import Signals

// The law of this file: the first field of a message names its command, and this is the whole list.

/// The command that opens a message.
///
/// The raw values stand in captures: never renumber.
/// Ref: Documentation/Protocol.md, Messages.
public enum Command: UInt8, Hashable, Sendable, CaseIterable {
    /// `w` from the host: the last will.
    case will = 0
    /// `init` from the host: the configuration, which starts a session.
    case initialise = 1
    /// `p` from the host: publish.
    case publish = 2
    /// `s` from the host: subscribe.
    case subscribe = 3
    /// `i` from the host: a request for the time; from the bridge: the time.
    case time = 4
    /// `m` from the host: a request for the free memory; from the bridge: the free memory.
    case memory = 5
    /// `t` from the bridge: a status.
    case status = 6
    /// `u` from the bridge: a message that a subscription brought.
    case publication = 7
    /// `x` from the bridge: such a message with bytes that the link cannot carry, escaped.
    case escapedPublication = 8

    /// The characters of the command on the wire.
    public var letters: StaticString {
        switch self {
        case .will: "w"
        case .initialise: "init"
        case .publish: "p"
        case .subscribe: "s"
        case .time: "i"
        case .memory: "m"
        case .status: "t"
        case .publication: "u"
        case .escapedPublication: "x"
        }
    }

    /// Whether an end sends this command.
    @inlinable public func isSent(by end: LinkEnd) -> Bool {
        switch self {
        case .will, .initialise, .publish, .subscribe: end == .host
        case .time, .memory: true
        case .status, .publication, .escapedPublication: end == .bridge
        }
    }

    /// The command that a frame's first field names, if it is one that this end sends.
    public init?(_ field: ArraySlice<UInt8>, from end: LinkEnd) {
        guard let first = field.first else { return nil }
        let command: Command
        if field.count == 1 {
            switch first {
            case UInt8(ascii: "w"): command = .will
            case UInt8(ascii: "p"): command = .publish
            case UInt8(ascii: "s"): command = .subscribe
            case UInt8(ascii: "i"): command = .time
            case UInt8(ascii: "m"): command = .memory
            case UInt8(ascii: "t"): command = .status
            case UInt8(ascii: "u"): command = .publication
            case UInt8(ascii: "x"): command = .escapedPublication
            default: return nil
            }
        } else {
            guard field.equals("init") else { return nil }
            command = .initialise
        }
        guard command.isSent(by: end) else { return nil }
        self = command
    }
}

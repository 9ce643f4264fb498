import LinkProtocol
import Signals

/// What the bridge does about the host's commands, of which it works off one at a time.
enum Work: Sendable {
    /// No command waits, or none may be looked at.
    case idle
    /// The next command is looked at then.
    case due(at: Timestamp)
    /// The client has a publication.
    case publishing(tag: Int, qos: QualityOfService)
    /// The client has a subscription, since then.
    case subscribing(tag: Int, since: Timestamp)
    /// All is done, and it shows then.
    case finishing(at: Timestamp)
    /// Whether there is an internet is not known.
    case askingInternet(since: Timestamp, until: Timestamp)
    /// There is an internet, or none, and that shows then.
    case knowingInternet(isReachable: Bool, at: Timestamp)
    /// The time server was asked.
    case askingTime(since: Timestamp, until: Timestamp)
    /// The time was this at a moment, and is told then.
    case knowingTime(Nanoseconds?, since: Timestamp, at: Timestamp)
    /// The memory is not known.
    case askingMemory(until: Timestamp)
    /// Nothing is worked on any more, as in a reference whose task has died.
    case dead

    var deadline: Timestamp? {
        switch self {
        case .idle, .publishing, .subscribing, .dead: nil
        case .due(let at), .finishing(let at), .knowingInternet(_, let at),
            .knowingTime(_, _, let at):
            at
        case .askingInternet(_, let until), .askingTime(_, let until), .askingMemory(let until):
            until
        }
    }
}

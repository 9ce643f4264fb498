import LinkProtocol
import Signals

// The law of this file: an output that is not an edge is written here, without secrets. It is
// compared under the mask, and HostOutputRecord reads as much as is written. The numbers stand in
// captures: never renumber. Ref: Documentation/Journal.md.

extension HostMachine.Output {
    /// The payload of the output's record; nil for a driven wire, which is an edge.
    ///
    /// What an UNKNOWN repeats can be an `init`; its secrets are masked.
    public func record() -> [UInt8]? {
        var writer = RecordWriter()
        switch self {
        case .drive: return nil
        case .returned(let id, let result):
            writer.byte(0)
            writer.number(Int64(id))
            result.write(to: &writer)
        case .message(let topic, let message, let isRetained, let subscriptions):
            writer.byte(1)
            writer.string(topic)
            writer.string(message)
            writer.flag(isRetained)
            writer.number(Int64(subscriptions.count))
            for place in subscriptions { writer.number(Int64(place)) }
        case .status(let status, let awaitsAnswer, let text, let offending):
            writer.byte(2)
            writer.byte(status.rawValue)
            writer.flag(awaitsAnswer)
            writer.string(text)
            writer.string(Secrets.mask(offending, from: .host))
        case .network(let isUp):
            writer.byte(3)
            writer.flag(isUp)
        case .sessionStarted(let number):
            writer.byte(4)
            writer.number(Int64(number))
        case .ready: writer.byte(5)
        case .crashed(let status):
            writer.byte(6)
            writer.byte(status.rawValue)
        case .imitated(let rule):
            writer.byte(7)
            writer.byte(rule.rawValue)
        case .event(let event):
            writer.byte(8)
            event.write(to: &writer)
        }
        return writer.bytes
    }
}

extension HostResult {
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .done: writer.byte(0)
        case .unconfirmed: writer.byte(1)
        case .time(let seconds):
            writer.byte(2)
            writer.number(seconds)
        case .memory(let free, let allocated):
            writer.byte(3)
            writer.number(free)
            writer.number(allocated)
        case .refused(let refusal):
            writer.byte(4)
            refusal.write(to: &writer)
        }
    }
}

extension HostRefusal {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.byte(kind.rawValue)
        switch self {
        case .unsendable(let why):
            writer.number(Int64(why.fieldIndex))
            writer.number(Int64(why.offset))
        case .tooLong(let limit), .queueFull(let limit): writer.number(Int64(limit))
        case .wildcardInTopic, .malformedFilter, .notSubscribed, .stopped: break
        }
    }
}

extension HostEvent {
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .synchronised: writer.byte(0)
        case .linkFailed(let failure):
            writer.byte(1)
            writer.byte(failure.number)
        case .malformed(let why):
            writer.byte(2)
            writer.number(Int64(why.fieldIndex))
            writer.number(Int64(why.offset))
            writer.byte(why.reason.rawValue)
        case .undue(let frame):
            writer.byte(3)
            writer.string(Secrets.mask(frame, from: .bridge))
        case .startTimedOut: writer.byte(4)
        case .answerTimedOut: writer.byte(5)
        case .publicationKept(let id):
            writer.byte(6)
            writer.number(Int64(id))
        case .publicationRepeated(let id):
            writer.byte(7)
            writer.number(Int64(id))
        case .subscriptionsRenewed(let count):
            writer.byte(8)
            writer.number(Int64(count))
        case .sendRefused: writer.byte(9)
        case .configurationUnsendable(let why):
            writer.byte(11)
            writer.number(Int64(why.fieldIndex))
            writer.number(Int64(why.offset))
        case .frameTooLong(let dropped):
            writer.byte(10)
            writer.number(Int64(dropped))
        }
    }
}

extension LinkFailure {
    fileprivate var number: UInt8 {
        switch self {
        case .noAnswer: 0
        case .notSynchronised: 1
        case .watchdog: 2
        }
    }
}

public import LinkProtocol
public import Signals

// The law of this file: it reads what HostMachine.Output.record() writes, as much as is written: a
// record has less than its output, so an output cannot be had from it. Ref: Documentation/Journal.md.

/// What the record of a host's output tells.
///
/// Records of outputs are for comparing, and leave out what only differs when something else does.
public enum HostOutputRecord: Equatable, Sendable {
    /// What became of a call.
    case returned(id: Int, Result)
    /// A message from the broker, and the places of the subscriptions that it matches.
    case message(topic: [UInt8], message: [UInt8], isRetained: Bool, subscriptions: [Int])
    /// A status was told, and with UNKNOWN what it repeats, secrets masked.
    case status(Status, awaitsAnswer: Bool, text: [UInt8], offending: [UInt8])
    /// The network came up or went down.
    case network(isUp: Bool)
    /// The bridge runs: the application's session begins.
    case sessionStarted(Int)
    /// Publications flow.
    case ready
    /// A session has ended, and the status that says why.
    case crashed(Status)
    /// A fault of the reference was imitated.
    case imitated(ReferenceRule)
    /// Something worth telling.
    case event(Event)

    /// What became of a call, as far as its record tells.
    public enum Result: Equatable, Sendable {
        /// It is done.
        case done
        /// A publication with qos 0 was sent once, and the bridge crashed before it answered.
        case unconfirmed
        /// The time, in seconds since the epoch that was asked for.
        case time(Int64)
        /// The bridge's memory, in bytes.
        case memory(free: Int64, allocated: Int64)
        /// Nothing was done, and why.
        case refused(Refusal)
    }

    /// Why a call was refused. Raw values stand in captures: never renumber.
    public enum Refusal: UInt8, Hashable, Sendable, CaseIterable {
        case unsendable = 0
        case wildcardInTopic = 1
        case malformedFilter = 2
        case tooLong = 3
        case queueFull = 4
        case notSubscribed = 5
        case stopped = 6

        /// The refusal in words.
        public var words: StaticString {
            switch self {
            case .unsendable: "a byte or an empty field that the link cannot carry"
            case .wildcardInTopic: "a topic to publish to must not hold + or #"
            case .malformedFilter: "in a topic filter + and # stand alone between slashes, # last"
            case .tooLong: "too long for the link"
            case .queueFull: "too many calls wait"
            case .notSubscribed: "there is no such subscription"
            case .stopped: "the host is stopped"
            }
        }
    }

    /// Something worth telling, as far as its record tells. Ref: ``HostEvent``.
    public enum Event: Equatable, Sendable {
        case synchronised
        case linkFailed(LinkFailure)
        case malformed(fieldIndex: Int, offset: Int, MalformedMessage.Reason)
        case undue(frame: [UInt8])
        case startTimedOut
        case answerTimedOut
        case publicationKept(id: Int)
        case publicationRepeated(id: Int)
        case subscriptionsRenewed(count: Int)
        case sendRefused
        case frameTooLong(droppedCharacters: Int)
        case configurationUnsendable(field: Int, offset: Int)
    }

    /// What a record holds.
    public init(record: [UInt8]) throws(RecordFault) {
        var reader = RecordReader(record)
        switch try reader.byte() {
        case 0: self = .returned(id: try reader.count(), try Result(reading: &reader))
        case 1:
            self = .message(
                topic: try reader.string(), message: try reader.string(),
                isRetained: try reader.flag(), subscriptions: try reader.places())
        case 2:
            self = .status(
                try reader.value(of: Status.self), awaitsAnswer: try reader.flag(),
                text: try reader.string(), offending: try reader.string())
        case 3: self = .network(isUp: try reader.flag())
        case 4: self = .sessionStarted(try reader.count())
        case 5: self = .ready
        case 6: self = .crashed(try reader.value(of: Status.self))
        case 7: self = .imitated(try reader.value(of: ReferenceRule.self))
        case 8: self = .event(try Event(reading: &reader))
        default: throw RecordFault(offset: 0, reason: .outOfRange)
        }
        try reader.finish()
    }
}

extension HostOutputRecord.Result {
    fileprivate init(reading reader: inout RecordReader) throws(RecordFault) {
        let start = reader.offset
        switch try reader.byte() {
        case 0: self = .done
        case 1: self = .unconfirmed
        case 2: self = .time(try reader.number())
        case 3: self = .memory(free: try reader.number(), allocated: try reader.number())
        case 4:
            let refusal = try reader.value(of: HostOutputRecord.Refusal.self)
            switch refusal {
            case .unsendable: (_, _) = (try reader.number(), try reader.number())
            case .tooLong, .queueFull: _ = try reader.number()
            case .wildcardInTopic, .malformedFilter, .notSubscribed, .stopped: break
            }
            self = .refused(refusal)
        default: throw RecordFault(offset: start, reason: .outOfRange)
        }
    }
}

extension HostOutputRecord.Event {
    fileprivate init(reading reader: inout RecordReader) throws(RecordFault) {
        let start = reader.offset
        switch try reader.byte() {
        case 0: self = .synchronised
        case 1:
            switch try reader.byte() {
            case 0: self = .linkFailed(.noAnswer)
            case 1: self = .linkFailed(.notSynchronised)
            case 2: self = .linkFailed(.watchdog)
            default: throw RecordFault(offset: start + 1, reason: .outOfRange)
            }
        case 2:
            self = .malformed(
                fieldIndex: try reader.count(), offset: try reader.count(),
                try reader.value(of: MalformedMessage.Reason.self))
        case 3: self = .undue(frame: try reader.string())
        case 4: self = .startTimedOut
        case 5: self = .answerTimedOut
        case 6: self = .publicationKept(id: try reader.count())
        case 7: self = .publicationRepeated(id: try reader.count())
        case 8: self = .subscriptionsRenewed(count: try reader.count())
        case 9: self = .sendRefused
        case 10: self = .frameTooLong(droppedCharacters: try reader.count())
        case 11:
            self = .configurationUnsendable(field: try reader.count(), offset: try reader.count())
        default: throw RecordFault(offset: start, reason: .outOfRange)
        }
    }
}

extension RecordReader {
    /// The next numbers, behind their count. What a count promises is believed when it comes.
    fileprivate mutating func places() throws(RecordFault) -> [Int] {
        let start = offset
        let promised = try number()
        if promised < 0 { throw RecordFault(offset: start, reason: .outOfRange) }
        var places: [Int] = []
        while places.count < promised { places.append(try count()) }
        return places
    }
}

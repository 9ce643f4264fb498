import LinkProtocol
public import Signals

extension BridgeMachine: JournaledMachine {
    /// The end that it plays.
    public static var end: LinkEnd { .bridge }
    /// The kind of the records of its inputs.
    public static var inputKind: JournalKind { .bridgeInput }
    /// The kind of the records of its outputs.
    public static var outputKind: JournalKind { .bridgeOutput }
    /// The input of a timer that fires.
    public static var timer: Input { .timer }
    /// The input that a record holds.
    public static func input(record: [UInt8]) throws(RecordFault) -> Input {
        try Input(record: record)
    }
    /// The payload of an input's record; nil for levels.
    public static func payload(of input: Input) -> [UInt8]? { input.record() }
    /// Whether an input is the firing of a timer.
    public static func isTimer(_ input: Input) -> Bool {
        if case .timer = input { true } else { false }
    }

    /// The wire that an output drives; nil for any other output.
    @inlinable
    public static func driven(by output: Output) -> Drive? {
        if case .drive(let channel, let level) = output { Drive(channel, level) } else { nil }
    }

    /// The payload of an output's record, secrets masked.
    public func payload(of output: Output) -> [UInt8]? { output.record(secrets: secrets) }

    /// A bridge never rests.
    public func onlyEndsRest(at now: Timestamp) -> Bool { false }
    /// The number of bits in a character.
    public var characterBits: Int { configuration.link.characterSize.bitCount }
}

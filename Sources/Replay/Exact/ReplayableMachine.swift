import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals

// The law of this file: what an exact replay must know of a machine is here, the same for both ends.

/// A machine whose inputs and outputs stand in a capture.
protocol ReplayableMachine: StateMachine {
    /// The end that it plays.
    static var end: LinkEnd { get }
    /// The kind of the records of its inputs.
    static var inputKind: JournalKind { get }
    /// The kind of the records of its outputs.
    static var outputKind: JournalKind { get }
    /// The input by which it reads the other end's wires.
    static func levels(clock: Level, data: Level) -> Input
    /// The input that a record holds.
    static func input(record: [UInt8]) throws(RecordFault) -> Input
    /// Whether a record holds the firing of a timer.
    static func isTimer(_ input: Input) -> Bool
    /// The wire that an output drives; nil for any other output.
    static func driven(by output: Output) -> (channel: Channel, level: Level)?
    /// The payload of an output's record, secrets masked.
    func payload(of output: Output) -> [UInt8]?
    /// Whether frames can flow.
    var isSynchronised: Bool { get }
    /// The characters of the frame whose bits are being driven; empty between frames.
    var frameInProgress: [UInt8] { get }
    /// The number of bits in a character.
    var characterBits: Int { get }
}

extension HostMachine: ReplayableMachine {
    static var end: LinkEnd { .host }
    static var inputKind: JournalKind { .hostInput }
    static var outputKind: JournalKind { .hostOutput }
    static func levels(clock: Level, data: Level) -> Input { .levels(clock: clock, data: data) }
    static func input(record: [UInt8]) throws(RecordFault) -> Input { try Input(record: record) }
    static func isTimer(_ input: Input) -> Bool { input == .timer }

    @inline(__always)
    static func driven(by output: Output) -> (channel: Channel, level: Level)? {
        if case .drive(let channel, let level) = output { (channel, level) } else { nil }
    }

    func payload(of output: Output) -> [UInt8]? { output.record() }

    var characterBits: Int { configuration.link.characterSize.bitCount }
}

extension BridgeMachine: ReplayableMachine {
    static var end: LinkEnd { .bridge }
    static var inputKind: JournalKind { .bridgeInput }
    static var outputKind: JournalKind { .bridgeOutput }
    static func levels(clock: Level, data: Level) -> Input { .levels(clock: clock, data: data) }
    static func input(record: [UInt8]) throws(RecordFault) -> Input { try Input(record: record) }
    static func isTimer(_ input: Input) -> Bool { input == .timer }

    @inline(__always)
    static func driven(by output: Output) -> (channel: Channel, level: Level)? {
        if case .drive(let channel, let level) = output { (channel, level) } else { nil }
    }

    func payload(of output: Output) -> [UInt8]? { output.record(secrets: secrets) }

    var characterBits: Int { configuration.link.characterSize.bitCount }
}

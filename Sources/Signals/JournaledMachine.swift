// The law of this file: what a recorder and a replay must know of an end's machine is here, the same
// for both ends. Ref: Documentation/Journal.md.

/// A machine whose inputs and outputs stand in a capture: levels as edges, all others as records.
public protocol JournaledMachine: StateMachine, Sendable where Input: Sendable, Output: Sendable {
    /// The end that it plays.
    static var end: LinkEnd { get }
    /// The kind of the records of its inputs.
    static var inputKind: JournalKind { get }
    /// The kind of the records of its outputs.
    static var outputKind: JournalKind { get }
    /// Takes the levels of the other end's wires: the input that comes for every bit, without a detour
    /// through an ``StateMachine/Input``.
    mutating func handle(clock: Level, data: Level, at now: Timestamp)
    /// The input of a timer that fires.
    static var timer: Input { get }
    /// The input that a record holds.
    static func input(record: [UInt8]) throws(RecordFault) -> Input
    /// The payload of an input's record; nil for levels.
    static func payload(of input: Input) -> [UInt8]?
    /// Whether an input is the firing of a timer.
    static func isTimer(_ input: Input) -> Bool
    /// The wire that an output drives; nil for any other output.
    static func driven(by output: Output) -> Drive?
    /// The next thing to do if that is to drive a wire, without a detour through an output; nil if it is
    /// anything else, or nothing.
    mutating func nextDrive() -> Drive?
    /// The payload of an output's record, secrets masked.
    func payload(of output: Output) -> [UInt8]?
    /// Whether frames can flow.
    var isSynchronised: Bool { get }
    /// Whether the timer, if it fires now, does nothing but end a rest of the link, which shows in the
    /// edges alone.
    func onlyEndsRest(at now: Timestamp) -> Bool
    /// The characters of the frame whose bits are being driven; empty between frames.
    var frameInProgress: [UInt8] { get }
    /// The number of bits in a character.
    var characterBits: Int { get }
}

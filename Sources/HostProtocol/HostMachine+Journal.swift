import LinkProtocol
public import Signals

extension HostMachine: JournaledMachine {
    public static var end: LinkEnd { .host }
    public static var inputKind: JournalKind { .hostInput }
    public static var outputKind: JournalKind { .hostOutput }
    public static func levels(clock: Level, data: Level) -> Input {
        .levels(clock: clock, data: data)
    }
    public static var timer: Input { .timer }
    public static func input(record: [UInt8]) throws(RecordFault) -> Input {
        try Input(record: record)
    }
    public static func payload(of input: Input) -> [UInt8]? { input.record() }
    public static func isTimer(_ input: Input) -> Bool {
        if case .timer = input { true } else { false }
    }

    @inlinable
    public static func driven(by output: Output) -> (channel: Channel, level: Level)? {
        if case .drive(let channel, let level) = output { (channel, level) } else { nil }
    }

    public func payload(of output: Output) -> [UInt8]? { output.record() }
    public var characterBits: Int { configuration.link.characterSize.bitCount }
}

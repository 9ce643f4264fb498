public import Signals

// The law of this file: what is recorded of an input reads back as that input. The kinds stand in
// captures: never renumber. Ref: Documentation/Journal.md.

extension BridgeMachine.Input {
    private enum Kind: UInt8 {
        case boot = 0
        case powerOff = 1
        case network = 2
        case transportOpened = 3
        case transportClosed = 4
        case transportReceived = 5
        case internet = 6
        case serverTime = 7
        case memory = 8
        case timer = 9
    }

    /// The payload of its record; nil for levels, which are edges of the capture.
    ///
    /// Inputs hold no secrets: those come over the wire.
    public func record() -> [UInt8]? {
        var writer = RecordWriter()
        switch self {
        case .levels: return nil
        case .boot: writer.byte(Kind.boot.rawValue)
        case .powerOff: writer.byte(Kind.powerOff.rawValue)
        case .network(let event):
            writer.byte(Kind.network.rawValue)
            writer.byte(event.rawValue)
        case .transportOpened: writer.byte(Kind.transportOpened.rawValue)
        case .transportClosed: writer.byte(Kind.transportClosed.rawValue)
        case .transportReceived(let bytes):
            writer.byte(Kind.transportReceived.rawValue)
            writer.string(bytes)
        case .internet(let isReachable):
            writer.byte(Kind.internet.rawValue)
            writer.flag(isReachable)
        case .serverTime(let time):
            writer.byte(Kind.serverTime.rawValue)
            writer.flag(time != nil)
            if let time { writer.number(time.count) }
        case .memory(let free, let allocated):
            writer.byte(Kind.memory.rawValue)
            writer.number(free)
            writer.number(allocated)
        case .timer: writer.byte(Kind.timer.rawValue)
        }
        return writer.bytes
    }

    /// The input of a record.
    public init(record: [UInt8]) throws(RecordFault) {
        var reader = RecordReader(record)
        guard let kind = Kind(rawValue: try reader.byte()) else {
            throw RecordFault(offset: 0, reason: .outOfRange)
        }
        switch kind {
        case .boot: self = .boot
        case .powerOff: self = .powerOff
        case .network: self = .network(try reader.value(of: NetworkEvent.self))
        case .transportOpened: self = .transportOpened
        case .transportClosed: self = .transportClosed
        case .transportReceived: self = .transportReceived(try reader.string())
        case .internet: self = .internet(isReachable: try reader.flag())
        case .serverTime:
            self = .serverTime(try reader.flag() ? Nanoseconds(try reader.number()) : nil)
        case .memory: self = .memory(free: try reader.number(), allocated: try reader.number())
        case .timer: self = .timer
        }
        try reader.finish()
    }
}

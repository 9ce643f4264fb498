import LinkProtocol
public import Signals

// The law of this file: what is recorded of an output reads back as that output, but for its
// secrets. The kinds stand in captures: never renumber. Ref: Documentation/Journal.md.

extension BridgeMachine.Output {
    private enum Kind: UInt8 {
        case associate = 0
        case dissociate = 1
        case openTransport = 2
        case closeTransport = 3
        case transportSend = 4
        case setReading = 5
        case queryInternet = 6
        case queryTime = 7
        case queryMemory = 8
        case lamp = 9
        case imitated = 10
        case event = 11
    }

    /// The payload of its record; nil for levels to drive, which are edges of the capture.
    ///
    /// Secrets are overwritten with stars, byte for byte. So two outputs are equal under the mask
    /// when their records are equal, each made with its machine's secrets.
    ///
    /// - Parameter secrets: ``BridgeMachine/secrets`` at the output.
    public func record(secrets: [[UInt8]]) -> [UInt8]? {
        let mask = RecordMask(secrets)
        var writer = RecordWriter()
        switch self {
        case .drive: return nil
        case .associate(let network):
            writer.byte(Kind.associate.rawValue)
            switch network {
            case .remembered: writer.flag(false)
            case .specified(let ssid, let password):
                writer.flag(true)
                writer.string(mask.text(ssid))
                writer.string(mask.whole(password))
            }
        case .dissociate: writer.byte(Kind.dissociate.rawValue)
        case .openTransport(let address):
            writer.byte(Kind.openTransport.rawValue)
            writer.string(mask.text(address.name))
            writer.number(Int64(address.port))
            writer.flag(address.usesTLS)
            let isSecret = address.tlsLiteral != Text.noParameters
            writer.string(isSecret ? mask.whole(address.tlsLiteral) : address.tlsLiteral)
        case .closeTransport: writer.byte(Kind.closeTransport.rawValue)
        case .transportSend(let bytes):
            writer.byte(Kind.transportSend.rawValue)
            writer.string(mask.sent(bytes))
        case .setReading(let isReading):
            writer.byte(Kind.setReading.rawValue)
            writer.flag(isReading)
        case .queryInternet: writer.byte(Kind.queryInternet.rawValue)
        case .queryTime(let server):
            writer.byte(Kind.queryTime.rawValue)
            writer.string(mask.text(server))
        case .queryMemory: writer.byte(Kind.queryMemory.rawValue)
        case .lamp(let lamp, let level):
            writer.byte(Kind.lamp.rawValue)
            writer.byte(lamp.rawValue)
            writer.byte(level.rawValue)
        case .imitated(let rule):
            writer.byte(Kind.imitated.rawValue)
            writer.byte(rule.rawValue)
        case .event(let event):
            writer.byte(Kind.event.rawValue)
            event.write(to: &writer, under: mask)
        }
        return writer.bytes
    }

    /// The output of a record, with stars for its secrets.
    public init(record: [UInt8]) throws(RecordFault) {
        var reader = RecordReader(record)
        guard let kind = Kind(rawValue: try reader.byte()) else {
            throw RecordFault(offset: 0, reason: .outOfRange)
        }
        switch kind {
        case .associate:
            self = .associate(
                try reader.flag()
                    ? .specified(ssid: try reader.string(), password: try reader.string())
                    : .remembered)
        case .dissociate: self = .dissociate
        case .openTransport:
            self = .openTransport(
                BrokerAddress(
                    name: try reader.string(),
                    port: UInt16(
                        truncatingIfNeeded: try reader.number(in: 0...Int64(UInt16.max))),
                    usesTLS: try reader.flag(), tlsLiteral: try reader.string()))
        case .closeTransport: self = .closeTransport
        case .transportSend: self = .transportSend(try reader.string())
        case .setReading: self = .setReading(try reader.flag())
        case .queryInternet: self = .queryInternet
        case .queryTime: self = .queryTime(server: try reader.string())
        case .queryMemory: self = .queryMemory
        case .lamp:
            self = .lamp(
                try reader.value(of: BridgeLamp.self), try reader.value(of: Level.self))
        case .imitated: self = .imitated(try reader.value(of: ReferenceRule.self))
        case .event: self = .event(try BridgeEvent(reading: &reader))
        }
        try reader.finish()
    }
}

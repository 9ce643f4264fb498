import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: what is recorded of an event reads back as that event. The kinds stand in
// captures: never renumber. Ref: Documentation/Journal.md.

extension BridgeEvent {
    private enum Kind: UInt8 {
        case synchronised = 0
        case malformedFrame = 1
        case truncatedFrame = 2
        case commandsFull = 3
        case tlsParametersRefused = 4
        case commandUnsendable = 5
        case connected = 6
        case connectionRefused = 7
        case connectionLost = 8
        case published = 9
        case publicationRepeated = 10
        case subscribed = 11
        case messageDropped = 12
        case acknowledgementUnexpected = 13
        case messageRepeated = 14
        case messagePutOff = 15
        case sendRefused = 16
        case frameDropped = 17
        case unanswered = 18
    }

    func write(to writer: inout RecordWriter, under mask: RecordMask) {
        switch self {
        case .synchronised: writer.byte(Kind.synchronised.rawValue)
        case .malformedFrame(let fault):
            writer.byte(Kind.malformedFrame.rawValue)
            fault.write(to: &writer)
        case .truncatedFrame(let dropped):
            writer.byte(Kind.truncatedFrame.rawValue)
            writer.number(Int64(dropped))
        case .commandsFull(let limit):
            writer.byte(Kind.commandsFull.rawValue)
            writer.number(Int64(limit))
        case .tlsParametersRefused: writer.byte(Kind.tlsParametersRefused.rawValue)
        case .commandUnsendable: writer.byte(Kind.commandUnsendable.rawValue)
        case .connected(let sessionPresent):
            writer.byte(Kind.connected.rawValue)
            writer.flag(sessionPresent)
        case .connectionRefused(let code):
            writer.byte(Kind.connectionRefused.rawValue)
            writer.byte(code.rawValue)
        case .connectionLost(let loss):
            writer.byte(Kind.connectionLost.rawValue)
            writer.byte(loss.rawValue)
        case .published(let qos):
            writer.byte(Kind.published.rawValue)
            writer.byte(qos.rawValue)
        case .publicationRepeated(let asDuplicate):
            writer.byte(Kind.publicationRepeated.rawValue)
            writer.flag(asDuplicate)
        case .subscribed(let filter, let granted):
            writer.byte(Kind.subscribed.rawValue)
            writer.string(mask.text(filter))
            writer.flag(granted != nil)
            if let granted { writer.byte(granted.rawValue) }
        case .messageDropped(let topic, let length, let reason):
            writer.byte(Kind.messageDropped.rawValue)
            writer.string(mask.text(topic))
            writer.number(Int64(length))
            writer.byte(reason.rawValue)
        case .acknowledgementUnexpected(let packetIdentifier):
            writer.byte(Kind.acknowledgementUnexpected.rawValue)
            writer.number(Int64(packetIdentifier))
        case .messageRepeated(let packetIdentifier):
            writer.byte(Kind.messageRepeated.rawValue)
            writer.number(Int64(packetIdentifier))
        case .messagePutOff(let packetIdentifier):
            writer.byte(Kind.messagePutOff.rawValue)
            writer.number(Int64(packetIdentifier))
        case .sendRefused(let refusal):
            writer.byte(Kind.sendRefused.rawValue)
            refusal.write(to: &writer)
        case .frameDropped(let limit):
            writer.byte(Kind.frameDropped.rawValue)
            writer.number(Int64(limit))
        case .unanswered(let query):
            writer.byte(Kind.unanswered.rawValue)
            writer.byte(query.rawValue)
        }
    }

    init(reading reader: inout RecordReader) throws(RecordFault) {
        switch try reader.value(of: Kind.self) {
        case .synchronised: self = .synchronised
        case .malformedFrame: self = .malformedFrame(try MalformedMessage(reading: &reader))
        case .truncatedFrame: self = .truncatedFrame(droppedCharacters: try reader.count())
        case .commandsFull: self = .commandsFull(limit: try reader.count())
        case .tlsParametersRefused: self = .tlsParametersRefused
        case .commandUnsendable: self = .commandUnsendable
        case .connected: self = .connected(sessionPresent: try reader.flag())
        case .connectionRefused:
            self = .connectionRefused(try reader.value(of: MQTTReturnCode.self))
        case .connectionLost: self = .connectionLost(try reader.value(of: ConnectionLoss.self))
        case .published: self = .published(qos: try reader.value(of: QualityOfService.self))
        case .publicationRepeated: self = .publicationRepeated(asDuplicate: try reader.flag())
        case .subscribed:
            self = .subscribed(
                filter: try reader.string(),
                granted: try reader.flag()
                    ? try reader.value(of: MQTTQualityOfService.self) : nil)
        case .messageDropped:
            self = .messageDropped(
                topic: try reader.string(), length: try reader.count(),
                try reader.value(of: MessageDropReason.self))
        case .acknowledgementUnexpected:
            self = .acknowledgementUnexpected(packetIdentifier: try reader.packetIdentifier())
        case .messageRepeated:
            self = .messageRepeated(packetIdentifier: try reader.packetIdentifier())
        case .messagePutOff:
            self = .messagePutOff(packetIdentifier: try reader.packetIdentifier())
        case .sendRefused: self = .sendRefused(try SendRefusal(reading: &reader))
        case .frameDropped: self = .frameDropped(limit: try reader.count())
        case .unanswered: self = .unanswered(try reader.value(of: BridgeQuery.self))
        }
    }
}

extension RecordReader {
    fileprivate mutating func packetIdentifier() throws(RecordFault) -> UInt16 {
        UInt16(truncatingIfNeeded: try number(in: 0...Int64(UInt16.max)))
    }
}

extension MalformedMessage {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.byte(sender.rawValue)
        writer.flag(command != nil)
        if let command { writer.byte(command.rawValue) }
        writer.number(Int64(fieldIndex))
        writer.number(Int64(offset))
        writer.byte(reason.rawValue)
    }

    fileprivate init(reading reader: inout RecordReader) throws(RecordFault) {
        self.init(
            sender: try reader.value(of: LinkEnd.self),
            command: try reader.flag() ? try reader.value(of: Command.self) : nil,
            fieldIndex: try reader.count(), offset: try reader.count(),
            reason: try reader.value(of: Reason.self))
    }
}

extension SendRefusal {
    private enum Kind: UInt8 {
        case empty = 0
        case unsendable = 1
        case queueFull = 2
        case queueCharactersFull = 3
        case notStarted = 4
        case sessionEnded = 5
    }

    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .empty: writer.byte(Kind.empty.rawValue)
        case .unsendable(let offset, let character):
            writer.byte(Kind.unsendable.rawValue)
            writer.number(Int64(offset))
            writer.byte(character)
        case .queueFull(let limit):
            writer.byte(Kind.queueFull.rawValue)
            writer.number(Int64(limit))
        case .queueCharactersFull(let limit):
            writer.byte(Kind.queueCharactersFull.rawValue)
            writer.number(Int64(limit))
        case .notStarted: writer.byte(Kind.notStarted.rawValue)
        case .sessionEnded: writer.byte(Kind.sessionEnded.rawValue)
        }
    }

    fileprivate init(reading reader: inout RecordReader) throws(RecordFault) {
        switch try reader.value(of: Kind.self) {
        case .empty: self = .empty
        case .unsendable:
            self = .unsendable(offset: try reader.count(), character: try reader.byte())
        case .queueFull: self = .queueFull(limit: try reader.count())
        case .queueCharactersFull: self = .queueCharactersFull(limit: try reader.count())
        case .notStarted: self = .notStarted
        case .sessionEnded: self = .sessionEnded
        }
    }
}

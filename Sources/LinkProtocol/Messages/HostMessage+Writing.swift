import Signals

// The law of this file: what is written reads back as the same message.

extension HostMessage {
    /// The frame of this message in a dialect.
    ///
    /// Throws when a field holds what the link cannot carry, or when the frame would read as
    /// another message.
    public func write(dialect: Dialect) throws(UnsendableMessage) -> [UInt8] {
        try spelled(in: dialect).writeAsSpelled()
    }

    /// This message as a dialect spells it: retain flags change their spelling, nothing else does.
    public func spelled(in dialect: Dialect) -> HostMessage {
        switch self {
        case .will(var will):
            will.retain = Retain(will.retain.isSet, in: .will, dialect: dialect)
            return .will(will)
        case .publish(var publication):
            publication.retain = Retain(publication.retain.isSet, in: .publish, dialect: dialect)
            return .publish(publication)
        case .initialise, .subscribe, .timeRequest, .memoryRequest, .networkAnswer, .other:
            return self
        }
    }

    /// The frame of this message with every flag in the spelling that it was read with.
    ///
    /// Throws as ``write(dialect:)`` does.
    public func writeAsSpelled() throws(UnsendableMessage) -> [UInt8] {
        switch self {
        case .will(let will): return try will.write(as: .will)
        case .initialise(let fields):
            var writer = FieldWriter(.initialise)
            try fields.write(to: &writer)
            return writer.bytes
        case .publish(let publication): return try publication.write(as: .publish)
        case .subscribe(let topic, let qos):
            var writer = FieldWriter(.subscribe)
            try writer.topic(topic)
            writer.flag(qos == .atLeastOnce)
            return writer.bytes
        case .timeRequest: return FieldWriter(.time).bytes
        case .memoryRequest: return FieldWriter(.memory).bytes
        case .networkAnswer(let answer):
            try HostMessage.checkIsNoCommand(answer)
            return answer
        case .other(let command):
            try HostMessage.checkIsNoCommand(command)
            if ApplicationCommand.malformation(of: command[...]) != nil {
                throw UnsendableMessage(
                    command: nil, fieldIndex: 0, offset: 0, reason: .notAWord)
            }
            return command
        }
    }

    /// Refuses a free string that the link cannot carry or that reads as a command.
    private static func checkIsNoCommand(_ string: [UInt8]) throws(UnsendableMessage) {
        var fieldIndex = 0
        var fieldStart = 0
        for place in string.indices {
            let byte = string[place]
            if byte == Fields.separator {
                fieldIndex += 1
                fieldStart = place + 1
            } else if !FieldBytes.allowed.contains(byte) {
                throw UnsendableMessage(
                    command: nil, fieldIndex: fieldIndex, offset: place - fieldStart,
                    reason: .byte(byte))
            }
        }
        if string.isEmpty {
            throw UnsendableMessage(command: nil, fieldIndex: 0, offset: 0, reason: .empty)
        }
        if let command = Command(Fields(string)[0], from: .host) {
            throw UnsendableMessage(
                command: nil, fieldIndex: 0, offset: 0, reason: .readsAsCommand(command))
        }
    }
}

extension Publication {
    /// The frame of this publication, or of this last will.
    fileprivate func write(as command: Command) throws(UnsendableMessage) -> [UInt8] {
        var writer = FieldWriter(command)
        try writer.topic(topic)
        try writer.text(message)
        writer.letters(retain.letters)
        writer.flag(qos == .atLeastOnce)
        return writer.bytes
    }
}

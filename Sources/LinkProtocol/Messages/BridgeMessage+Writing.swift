// The law of this file: what is written reads back as the same message.

extension BridgeMessage {
    /// The frame of this message in a dialect; the two do not differ in what a bridge says.
    ///
    /// Throws when a field holds what the link cannot carry, when a number is negative or has more
    /// than 17 digits, and when the status is one that no bridge sends.
    public func write(dialect: Dialect) throws(UnsendableMessage) -> [UInt8] {
        switch self {
        case .status(let status):
            if status.isHostLocal || status == .unknown {
                throw UnsendableMessage(
                    command: .status, fieldIndex: 1, offset: 0, reason: .status(status))
            }
            var writer = FieldWriter(.status)
            try writer.number(Int64(status.rawValue))
            return writer.bytes
        case .unknown(let text, let offending):
            var writer = FieldWriter(.status)
            try writer.number(Int64(Status.unknown.rawValue))
            try writer.text(text)
            try writer.rest(offending)
            return writer.bytes
        case .publication(let topic, let message, let isRetained):
            var writer = FieldWriter(.publication)
            try writer.topic(topic)
            try writer.text(message)
            writer.letters(isRetained ? "True" : "False")
            return writer.bytes
        case .escapedPublication(let topic, let message, let isRetained):
            var writer = FieldWriter(.escapedPublication)
            try writer.topic(EscapedBytes.escape(topic))
            try writer.text(EscapedBytes.escape(message))
            writer.letters(isRetained ? "True" : "False")
            return writer.bytes
        case .time(let seconds):
            var writer = FieldWriter(.time)
            try writer.number(seconds)
            return writer.bytes
        case .memory(let free, let allocated):
            var writer = FieldWriter(.memory)
            try writer.number(free)
            try writer.number(allocated)
            return writer.bytes
        }
    }
}

import Signals

// The law of this file: everything that a bridge can say is a case here.

/// A message from the bridge to the host.
///
/// Ref: Documentation/Protocol.md, Messages.
public enum BridgeMessage: Equatable, Sendable {
    /// `t`: a status other than UNKNOWN.
    case status(Status)
    /// `t` with UNKNOWN: what the bridge says about a string that it did not expect, and that
    /// string with the separators that it had. It can be an `init`, passwords included.
    case unknown(text: [UInt8], offending: [UInt8])
    /// `u`: a message that a subscription brought, and whether it is one that the broker kept.
    case publication(topic: [UInt8], message: [UInt8], isRetained: Bool)
    /// `x`: such a message whose topic or content has bytes that the link cannot carry; here they
    /// are as they came from the broker. Only for a host that offered it in its `init`.
    case escapedPublication(topic: [UInt8], message: [UInt8], isRetained: Bool)
    /// `i`: the time in whole seconds since 2000-01-01 00:00 UTC; 0 says that it is not known.
    case time(secondsSince2000: Int64)
    /// `m`: the bridge's free and allocated memory, in bytes.
    case memory(free: Int64, allocated: Int64)
}

extension BridgeMessage {
    /// The status that this message reports, UNKNOWN included; nil when it reports none.
    public var status: Status? {
        switch self {
        case .status(let status): status
        case .unknown: .unknown
        case .publication, .escapedPublication, .time, .memory: nil
        }
    }

    /// The message that a frame is, or why it is none.
    ///
    /// Strict: bridges have one dialect.
    public static func parse(_ frame: ArraySlice<UInt8>) -> ParseOutcome<BridgeMessage> {
        var reader = FieldReader(frame, from: .bridge)
        do throws(MalformedMessage) {
            return .message(try read(frame, by: &reader))
        } catch {
            return .malformed(error)
        }
    }

    /// The message that a frame is, or why it is none.
    ///
    /// Strict: bridges have one dialect.
    public static func parse(_ frame: [UInt8]) -> ParseOutcome<BridgeMessage> { parse(frame[...]) }

    private static func read(
        _ frame: ArraySlice<UInt8>, by reader: inout FieldReader
    ) throws(MalformedMessage) -> BridgeMessage {
        if frame.isEmpty { throw reader.malformed(.empty, at: frame.startIndex) }
        let message: BridgeMessage
        switch reader.command {
        case .status:
            let status = try reader.status()
            if status == .unknown {
                return .unknown(text: try reader.text(), offending: try reader.remainder())
            }
            message = .status(status)
        case .publication:
            message = .publication(
                topic: try reader.topic(), message: try reader.text(),
                isRetained: try reader.word())
        case .escapedPublication:
            message = .escapedPublication(
                topic: try reader.escapedTopic(), message: try reader.escapedText(),
                isRetained: try reader.word())
        case .time: message = .time(secondsSince2000: try reader.number(atMost: Decimal.greatest))
        case .memory:
            message = .memory(
                free: try reader.number(atMost: Decimal.greatest),
                allocated: try reader.number(atMost: Decimal.greatest))
        case .will, .initialise, .publish, .subscribe, nil:
            throw reader.malformed(.unknownCommand, at: frame.startIndex)
        }
        try reader.finish()
        return message
    }
}

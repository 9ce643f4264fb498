import LinkProtocol
public import Measurements
import Signals

/// A publication's way as a JSON object, for reports and annotations.
public enum PublicationObject {
    /// The object. Its text is masked already, or must be: see ``ConversationWriter``.
    ///
    /// - Parameter unit: what the names of moments end in: `Ns` in reports.
    public static func object(for trace: PublicationTrace, unit: String = "") -> JSONValue {
        .object([
            ("topic", .string(ReadableBytes.string(trace.content.topic))),
            ("message", .string(ReadableBytes.string(trace.content.message))),
            ("qos", .integer(Int64(trace.content.qos.rawValue))),
            ("retain", .boolean(trace.isRetained)),
            ("id", trace.id.map { .string($0) } ?? .null),
            ("call\(unit)", time(trace.called)), ("firstBit\(unit)", time(trace.firstBit)),
            ("frameEnd\(unit)", time(trace.frameEnd)),
            ("publishOut\(unit)", time(trace.sentToBroker)),
            ("pubackIn\(unit)", time(trace.acknowledgedByBroker)),
            ("pubok\(unit)", time(trace.acknowledged)),
            ("return\(unit)", time(trace.returned)), ("arrived\(unit)", time(trace.arrived)),
            ("frames", .integer(Int64(trace.frameCount))),
            ("sent", .integer(Int64(trace.sentCount))),
            ("arrivals", .integer(Int64(trace.arrivalCount))),
            ("resetBetween\(unit)", time(trace.resetBetween)),
            ("heldBack", .boolean(trace.isHeldBack)), ("fate", .string(trace.fate.rawValue)),
            ("session", .integer(Int64(trace.session))),
        ])
    }

    private static func time(_ time: Timestamp?) -> JSONValue { JSONValue(time?.nanoseconds) }
}

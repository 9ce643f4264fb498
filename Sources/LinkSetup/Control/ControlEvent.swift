import Decoding
public import HostProtocol
public import LinkProtocol
public import Signals

/// What an application is told, on a line of its own, in JSON.
///
///     {"event":"message","time":5120000000,"topic":"a","message":"b","retained":false}
///
/// Members keep the order in which the documentation has them. Ref: Documentation/Control.md.
public struct ControlEvent: Sendable {
    /// When it happened, since the start of the link.
    public var time: Timestamp
    /// What has happened.
    public var kind: Kind

    /// What can happen.
    public enum Kind: Sendable {
        /// A request has returned.
        case returned(
            id: Int64?, ControlRequest.Name, duration: Nanoseconds, result: HostResult)
        /// A request was refused, or failed.
        case failed(
            id: Int64?, ControlRequest.Name, duration: Nanoseconds, kind: String, text: String)
        /// A message from the broker.
        case message(topic: [UInt8], message: [UInt8], isRetained: Bool)
        /// A status of the bridge's or the host's own; what it repeats is masked already.
        case status(Status, awaitsAnswer: Bool, text: [UInt8], offending: [UInt8])
        /// The network came up or went down.
        case network(isUp: Bool)
        /// The bridge runs.
        case session(Int)
        /// Publications flow.
        case ready
        /// The bridge is reset.
        case crash(Status)
        /// A line was no request, events were lost, or the link has ended.
        case error(id: Int64?, kind: String, text: String)
    }

    /// An event.
    public init(_ kind: Kind, at time: Timestamp) {
        self.time = time
        self.kind = kind
    }

    /// The event of a host's output; nil for what an application is not told here, or otherwise.
    public init?(_ output: HostMachine.Output, at time: Timestamp) {
        switch output {
        case .message(let topic, let message, let isRetained, let subscriptions):
            if subscriptions.isEmpty { return nil }
            kind = .message(topic: topic, message: message, isRetained: isRetained)
        case .status(let status, let awaitsAnswer, let text, let offending):
            kind = .status(
                status, awaitsAnswer: awaitsAnswer, text: text,
                offending: Secrets.mask(offending, from: .host))
        case .network(let isUp): kind = .network(isUp: isUp)
        case .sessionStarted(let number): kind = .session(number)
        case .ready: kind = .ready
        case .crashed(let status): kind = .crash(status)
        case .drive, .returned, .imitated, .event: return nil
        }
        self.time = time
    }

    /// Whether it may be lost when nobody reads: what happens by itself may, an answer not.
    var isLosable: Bool {
        switch kind {
        case .message, .status(_, awaitsAnswer: false, _, _): true
        default: false
        }
    }

    // MARK: Text

    /// The event as a line, with its line feed.
    public var line: [UInt8] {
        JSONNode.object([.text("event", name), .count("time", time.nanoseconds)] + members).bytes
            + [0x0a]
    }

    /// The name of what has happened.
    public var name: String {
        switch kind {
        case .returned, .failed: "returned"
        case .message: "message"
        case .status: "status"
        case .network: "network"
        case .session: "session"
        case .ready: "ready"
        case .crash: "crash"
        case .error: "error"
        }
    }

    private var members: [JSONNode.Member] {
        switch kind {
        case .returned(let id, let operation, let duration, let result):
            Self.head(id, operation, duration)
                + [.init(name: "result", value: .object(Self.members(of: result, operation)))]
        case .failed(let id, let operation, let duration, let kind, let text):
            Self.head(id, operation, duration)
                + [
                    .init(
                        name: "error",
                        value: .object([.text("kind", kind), .text("text", text)]))
                ]
        case .message(let topic, let message, let isRetained):
            [
                Self.bytes("topic", topic), Self.bytes("message", message),
                .flag("retained", isRetained),
            ]
        case .status(let status, let awaitsAnswer, let text, let offending):
            [
                .count("status", status.rawValue), .text("name", "\(status.name)"),
                .flag("awaitsAnswer", awaitsAnswer),
            ]
                + (text.isEmpty ? [] : [Self.readable("text", text)])
                + (offending.isEmpty ? [] : [Self.readable("offending", offending)])
        case .network(let isUp): [.flag("up", isUp)]
        case .session(let number): [.count("number", number)]
        case .ready: []
        case .crash(let status):
            [.count("status", status.rawValue), .text("name", "\(status.name)")]
        case .error(let id, let kind, let text):
            (id.map { [.count("id", $0)] } ?? []) + [.text("kind", kind), .text("text", text)]
        }
    }

    private static func head(
        _ id: Int64?, _ operation: ControlRequest.Name, _ duration: Nanoseconds
    ) -> [JSONNode.Member] {
        (id.map { [.count("id", $0)] } ?? [])
            + [.text("op", operation.rawValue), .count("duration", duration.count)]
    }

    private static func members(
        of result: HostResult, _ operation: ControlRequest.Name
    ) -> [JSONNode.Member] {
        switch result {
        case .done: operation == .publish ? [.flag("confirmed", true)] : []
        case .refused: []
        case .unconfirmed: [.flag("confirmed", false)]
        case .time(let seconds): [.count("seconds", seconds)]
        case .memory(let free, let allocated):
            [.count("free", free), .count("allocated", allocated)]
        }
    }

    /// Bytes that the link carries as they are, as text; others as what the name says.
    private static func bytes(_ name: String, _ bytes: [UInt8]) -> JSONNode.Member {
        FieldBytes.firstUnsendable(in: bytes) == nil
            ? readable(name, bytes) : .text(name + "Base64", Base64.text(of: bytes))
    }

    /// Bytes as text, those that are none replaced.
    private static func readable(_ name: String, _ bytes: [UInt8]) -> JSONNode.Member {
        .text(name, String(decoding: bytes, as: UTF8.self))
    }
}

/// Bytes in 64 characters. Ref: RFC 4648 §4.
enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                text.append(
                    place <= group.count
                        ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

import HostProtocol
import LinkProtocol
import Signals

// The law of this file: what a host's machine is told and tells is said in the words of an
// application's log, so that nobody needs to know which of both he reads.
// Ref: Documentation/Decoding.md, The journal.

/// Says the calls of a host, and what came of them, as entries of an application's log.
struct HostWords: Sendable {
    /// So many calls are open; the oldest is forgotten.
    static let openMax = 1_024

    private struct OpenCall: Sendable {
        var id: Int
        var operation: String
        var time: Timestamp
    }

    private var open: [OpenCall] = []

    // MARK: Inputs

    /// The entry for an input; nil for what no application does.
    mutating func words(for input: HostMachine.Input, at time: Timestamp) -> JSONNode? {
        switch input {
        case .call(let call, let id):
            let operation = Self.operation(call)
            if open.count == Self.openMax { open.removeFirst() }
            open.append(OpenCall(id: id, operation: operation, time: time))
            return Self.entry(
                "call", [.text("op", operation)] + Self.members(of: call) + [.count("id", id)])
        case .start: return Self.entry("start")
        case .stop: return Self.entry("stop")
        case .statusAnswer(let answer):
            return Self.entry(
                "answer", [.text("value", answer == .reset ? "reset" : "proceed")])
        case .levels, .timer: return nil
        }
    }

    private static func operation(_ call: HostCall) -> String {
        switch call {
        case .publish: ApplicationEvent.publishOperation
        case .subscribe: "subscribe"
        case .unsubscribe: "unsubscribe"
        case .time: "time"
        case .memory: "memory"
        case .command: "command"
        case .restart: "restart"
        }
    }

    private static func members(of call: HostCall) -> [JSONNode.Member] {
        switch call {
        case .publish(let topic, let message, let isRetained, let qos):
            [.bytes("topic", topic), .bytes("msg", message), .count("qos", qos.rawValue)]
                + (isRetained ? [.flag("retain", true)] : [])
        case .subscribe(let filter, let qos):
            [.bytes("topic", filter), .count("qos", qos.rawValue)]
        case .unsubscribe(let filter): [.bytes("topic", filter)]
        case .command(let string): [.bytes("msg", string)]
        case .time, .memory, .restart: []
        }
    }

    // MARK: Outputs

    /// The entry for an output; nil for what tells an application nothing.
    mutating func words(for output: HostOutputRecord, at time: Timestamp) -> JSONNode? {
        switch output {
        case .returned(let id, let result): return returned(id, result, at: time)
        case .message(let topic, let message, let isRetained, let subscriptions):
            return Self.entry(
                "message",
                [.bytes("topic", topic), .bytes("msg", message)]
                    + (isRetained ? [.flag("retained", true)] : [])
                    + (subscriptions.isEmpty ? [.flag("subscribed", false)] : []))
        case .status(let status, _, let text, let offending):
            return Self.entry(
                "status",
                [.count("n", status.rawValue), .text("name", "\(status.name)")]
                    + (text.isEmpty ? [] : [.bytes("text", text)])
                    + (offending.isEmpty ? [] : [.bytes("offending", offending)]))
        case .network(let isUp): return Self.entry("network", [.flag("up", isUp)])
        case .sessionStarted(let number): return Self.entry("session", [.count("n", number)])
        case .ready: return Self.entry("ready")
        case .crashed(let status):
            return Self.entry("crash", [.text("status", "\(status.name)")])
        case .imitated(let rule):
            return Self.entry("imitated", [.text("rule", "\(rule.name)")])
        case .event(let event): return Self.words(for: event)
        }
    }

    private mutating func returned(
        _ id: Int, _ result: HostOutputRecord.Result, at time: Timestamp
    ) -> JSONNode {
        let place = open.firstIndex { $0.id == id }
        let call = place.map { open.remove(at: $0) }
        var members: [JSONNode.Member] = []
        if let call { members.append(.text("op", call.operation)) }
        members.append(.count("id", id))
        switch result {
        case .done: break
        case .unconfirmed: members.append(.text("result", "unconfirmed"))
        case .time(let seconds): members.append(.count("r", seconds))
        case .memory(let free, let allocated):
            members.append(.count("free", free))
            members.append(.count("allocated", allocated))
        case .refused(let refusal):
            members.append(.text("result", "refused"))
            members.append(.text("why", "\(refusal.words)"))
        }
        if let call, time >= call.time {
            members.append(.init(name: "ms", value: .number(Self.milliseconds(time - call.time))))
        }
        return Self.entry("ret", members)
    }

    /// Milliseconds with three digits behind the point, as logs have them.
    private static func milliseconds(_ span: Nanoseconds) -> String {
        let microseconds = (span.count + 500) / 1_000
        let fraction = String(microseconds % 1_000 + 1_000).dropFirst()
        return "\(microseconds / 1_000).\(fraction)"
    }

    private static func words(for event: HostOutputRecord.Event) -> JSONNode {
        switch event {
        case .synchronised: entry("synchronised")
        case .linkFailed(let failure):
            entry("link-failed", [.text("why", "\(failure.words)")])
        case .malformed(_, _, let reason):
            entry("malformed", [.text("why", "\(reason.name)")])
        case .undue(let frame): entry("undue", [.bytes("frame", frame)])
        case .startTimedOut: entry("start-timed-out")
        case .answerTimedOut: entry("answer-timed-out")
        case .publicationKept(let id): entry("publication-kept", [.count("id", id)])
        case .publicationRepeated(let id): entry("publication-repeated", [.count("id", id)])
        case .subscriptionsRenewed(let count):
            entry("subscriptions-renewed", [.count("count", count)])
        case .sendRefused: entry("send-refused")
        case .configurationUnsendable(let field, let offset):
            entry("configuration-unsendable", [.count("field", field), .count("offset", offset)])
        case .frameTooLong(let dropped): entry("frame-too-long", [.count("dropped", dropped)])
        }
    }

    private static func entry(_ name: String, _ members: [JSONNode.Member] = []) -> JSONNode {
        .object([.text("ev", name)] + members)
    }

    // MARK: Detail

    /// What the wires say too is shown to those who want all.
    static func detail(of entry: JSONNode) -> JournalEvent.Detail {
        switch entry["ev"]?.text {
        case "call"?, "ret"?: .calls
        case "status"?, "message"?, "session"?, "ready"?, "synchronised"?, "link-failed"?,
            "subscriptions-renewed"?, "imitated"?, "start"?:
            .all
        default: .usual
        }
    }
}

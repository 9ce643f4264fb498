import BridgeProtocol
import LinkProtocol
import MQTTProtocol

// What happened to a bridge, as members of an object: a name, and what belongs to it.

extension JournalEvent.BridgeHappening {
    var members: [JSONNode.Member] {
        switch self {
        case .booted: Self.named("boot")
        case .poweredOff: Self.named("power-off")
        case .network(.associated): Self.named("wifi-associated")
        case .network(.failed): Self.named("wifi-failed")
        case .network(.lost): Self.named("wifi-lost")
        case .reading(let isReading): Self.named(isReading ? "reads-again" : "stops-reading")
        case .imitated(let rule): Self.named("imitated", [.text("rule", "\(rule.name)")])
        case .event(let event): Self.members(of: event)
        }
    }

    private static func named(
        _ name: String, _ members: [JSONNode.Member] = []
    ) -> [JSONNode.Member] {
        [.text("event", name)] + members
    }

    private static func members(of event: BridgeEvent) -> [JSONNode.Member] {
        switch event {
        case .synchronised: named("synchronised")
        case .malformedFrame(let why):
            named("malformed-frame", [.text("why", "\(why.reason.name)")])
        case .truncatedFrame(let dropped): named("truncated-frame", [.count("dropped", dropped)])
        case .commandsFull(let limit): named("commands-full", [.count("limit", limit)])
        case .tlsParametersRefused: named("tls-parameters-refused")
        case .commandUnsendable: named("command-unsendable")
        case .connected(let sessionPresent):
            named("connected", [.flag("sessionPresent", sessionPresent)])
        case .connectionRefused(let code):
            named(
                "connection-refused",
                [.count("code", code.rawValue), .text("why", "\(code.name)")])
        case .connectionLost(let why): named("connection-lost", [.text("why", "\(why.name)")])
        case .published(let qos): named("published", [.count("qos", qos.rawValue)])
        case .publicationRepeated(let asDuplicate):
            named("publication-repeated", [.flag("dup", asDuplicate)])
        case .subscribed(let filter, let granted):
            named(
                "subscribed",
                [.bytes("filter", filter)]
                    + (granted.map { [.count("granted", $0.rawValue)] }
                        ?? [.flag("refused", true)]))
        case .messageDropped(let topic, let length, let reason):
            named(
                "message-dropped",
                [
                    .bytes("topic", topic), .count("length", length),
                    .text("why", "\(reason.name)"),
                ])
        case .acknowledgementUnexpected(let id):
            named("acknowledgement-unexpected", [.count("id", id)])
        case .messageRepeated(let id): named("message-repeated", [.count("id", id)])
        case .messagePutOff(let id): named("message-put-off", [.count("id", id)])
        case .sendRefused(let why): named("send-refused", [.text("why", "\(why.words)")])
        case .frameDropped(let limit): named("frame-dropped", [.count("limit", limit)])
        case .unanswered(let query): named("unanswered", [.text("query", "\(query)")])
        }
    }
}

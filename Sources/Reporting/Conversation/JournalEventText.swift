import Decoding
import MQTTProtocol
import Signals

/// An event of a capture's journal in words, one line, its secrets masked beforehand.
enum JournalEventText {
    /// Whose doing it is, as wide as the directions of frames: `B>M` is bridge to broker.
    static func direction(of event: JournalEvent) -> String {
        switch event.content {
        case .application: "APP"
        case .packet(_, let sender, _), .notMQTT(_, let sender):
            sender == .client ? "B>M" : "M>B"
        case .arrived: "B>M"
        case .bridge: "BRG"
        case .fault, .faultEnded, .marker, .damaged: "---"
        }
    }

    /// The event; `object` is what it tells, as it may be shown.
    static func describe(_ event: JournalEvent, as object: JSONNode) -> String {
        switch event.content {
        case .application: LogText.describe(object)
        case .packet:
            word(object["packet"]) + topic(of: object)
                + filters(of: object) + members(of: object, without: ["packet", "filters"])
        case .notMQTT: "no MQTT: " + word(object["problem"])
        case .bridge:
            word(object["event"]) + topic(of: object) + members(of: object, without: ["event"])
        case .fault: "FAULT " + word(object["fault"])
        case .faultEnded: "fault " + word(object["fault"]) + " is over"
        case .arrived:
            "arrived at the broker:" + topic(of: object) + members(of: object)
        case .marker: "MARKER " + word(object["marker"])
        case .damaged: "a record of kind \(word(object["kind"])) " + word(object["problem"])
        }
    }

    private static func word(_ node: JSONNode?) -> String {
        node.map { ReadableBytes.escaped($0.characters) } ?? ""
    }

    private static func topic(of object: JSONNode) -> String {
        (object["topic"].map { " " + ReadableBytes.escaped($0.characters) } ?? "")
            + (object["message"].map { " " + ReadableBytes.quoted($0.characters) } ?? "")
    }

    /// A flag that is set is its name alone, and one that is not, nothing.
    private static func members(of object: JSONNode, without names: [String] = []) -> String {
        guard case .object(let members) = object else { return "" }
        return members.map { member in
            if (["topic", "message"] + names).contains(member.name) { return "" }
            let name = " " + ReadableBytes.escaped(member.name.utf8)
            switch member.value {
            case .boolean(let isSet): return isSet ? name : ""
            case .string(let text): return "\(name)=" + ReadableBytes.quoted(text.utf8)
            default: return "\(name)=" + ReadableBytes.escaped(member.value.bytes)
            }
        }.joined()
    }

    private static func filters(of object: JSONNode) -> String {
        guard case .array(let filters)? = object["filters"] else { return "" }
        return filters.map { filter in
            " " + word(filter["filter"])
                + (filter["qos"].map { " qos=" + word($0) } ?? "")
        }.joined()
    }
}

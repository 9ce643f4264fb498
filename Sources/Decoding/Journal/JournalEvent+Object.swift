import BridgeProtocol
import LinkProtocol
import MQTTProtocol
import Signals

// What a record tells as an object, for files and for whoever makes text of it. Its secrets are not
// masked yet: see SecretBook.mask(_:). Ref: Documentation/Decoding.md, The journal.

extension JournalEvent {
    /// All that is known beside the time.
    public var object: JSONNode {
        switch content {
        case .application(let object, _): object
        case .packet(.packet(let packet), _, _):
            .object([.text("packet", "\(packet.type.name)")] + packet.members)
        case .packet(.oversized(let identifier, let qos, let length, _), _, _):
            .object(
                [
                    .text("packet", "\(MQTTPacketType.publish.name)"), .flag("oversized", true),
                    .count("length", length), .count("qos", qos.rawValue),
                ] + (identifier == 0 ? [] : [.count("id", identifier)]))
        case .notMQTT(let fault, _): .object([.text("problem", "\(fault.name)")])
        case .bridge(let happening): .object(happening.members)
        case .fault(let number, let length):
            .object(
                [.text("fault", FaultName.words(number))]
                    + (length > .zero ? [.count("length", length.count)] : []))
        case .faultEnded(let number):
            .object([.text("fault", FaultName.words(number)), .flag("ended", true)])
        case .arrived(let topic, let message, let qos, let isDuplicate):
            .object(
                [.bytes("topic", topic), .bytes("message", message), .count("qos", qos)]
                    + (isDuplicate ? [.flag("dup", true)] : []))
        case .marker(let name): .object([.bytes("marker", name)])
        case .damaged(let kind, let fault):
            .object(
                [.count("kind", kind.rawValue)]
                    + (fault.map {
                        [.text("problem", "\($0.reason.name)"), .count("offset", $0.offset)]
                    } ?? [.text("problem", "is no JSON")]))
        }
    }
}

extension MQTTPacket {
    fileprivate var members: [JSONNode.Member] {
        switch self {
        case .connect(let connect): connect.members
        case .connectAcknowledgement(let sessionPresent, let code):
            [.flag("sessionPresent", sessionPresent), .count("code", code.rawValue)]
        case .publish(let publish): publish.members
        case .publishAcknowledgement(let id), .publishReceived(let id), .publishRelease(let id),
            .publishComplete(let id), .unsubscribeAcknowledgement(let id):
            [.count("id", id)]
        case .subscribe(let id, let subscriptions):
            [
                .init(
                    name: "filters",
                    value: .array(
                        subscriptions.map {
                            .object([.bytes("filter", $0.filter), .count("qos", $0.qos.rawValue)])
                        })), .count("id", id),
            ]
        case .subscribeAcknowledgement(let id, let codes):
            [
                .init(name: "codes", value: .array(codes.map { .number(String($0)) })),
                .count("id", id),
            ]
        case .unsubscribe(let id, let filters):
            [
                .init(
                    name: "filters",
                    value: .array(filters.map { .object([.bytes("filter", $0)]) })),
                .count("id", id),
            ]
        case .pingRequest, .pingResponse, .disconnect: []
        }
    }
}

extension MQTTPublish {
    fileprivate var members: [JSONNode.Member] {
        [.bytes("topic", topic), .bytes("message", message), .count("qos", qos.rawValue)]
            + (packetIdentifier == 0 ? [] : [.count("id", packetIdentifier)])
            + (isRetained ? [.flag("retain", true)] : [])
            + (isDuplicate ? [.flag("dup", true)] : [])
    }
}

extension MQTTConnect {
    fileprivate var members: [JSONNode.Member] {
        var members: [JSONNode.Member] = [
            .bytes("client", clientIdentifier), .flag("cleanSession", cleanSession),
            .count("keepAlive", keepAliveSeconds),
        ]
        if let user { members.append(.bytes("user", user)) }
        if let password { members.append(.bytes("password", password)) }
        if let will {
            members.append(
                .init(
                    name: "will",
                    value: .object(
                        [
                            .bytes("topic", will.topic), .bytes("message", will.message),
                            .count("qos", will.qos.rawValue),
                        ] + (will.isRetained ? [.flag("retain", true)] : []))))
        }
        return members
    }
}

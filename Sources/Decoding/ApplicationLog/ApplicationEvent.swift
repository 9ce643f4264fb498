public import LinkProtocol

/// What an entry of an application's log says, as far as it is understood.
///
/// The vocabulary is that of the reference's test programs and of `synscope host --control`:
/// Documentation/Decoding.md has it. Whatever else a log tells stays in it, not understood.
public enum ApplicationEvent: Equatable, Sendable {
    /// The application called something of the host.
    case called(Call)
    /// A call has returned.
    case returned(Return)
    /// The host told the application a status, known or not.
    case status(number: Int64)
    /// A message from the broker was handed to the application.
    case message(topic: [UInt8], message: [UInt8], isRetained: Bool)
    /// Anything else, by the name that it has.
    case other(name: String)

    /// A call.
    public struct Call: Equatable, Sendable {
        /// What joins a call and its return, as it is spelled; not unique in a log.
        public var id: String?
        /// What was called, such as `publish`.
        public var operation: String
        /// The publication, if that is what was called and it has a topic.
        public var publication: Publication?
    }

    /// A return.
    public struct Return: Equatable, Sendable {
        /// That of the call.
        public var id: String?
        /// What was called, if the entry says so.
        public var operation: String?
        /// How long the call took, in milliseconds, as it is spelled.
        public var milliseconds: String?
        /// What came of it.
        public var outcome = Outcome.done

        /// What comes of a call.
        public enum Outcome: String, Hashable, Sendable, CaseIterable {
            /// It is done, or nothing else is said.
            case done
            /// It was sent once, and the bridge crashed before it answered.
            case unconfirmed
            /// Nothing was done.
            case refused
        }
    }

    /// The operation of a publication.
    public static let publishOperation = "publish"

    /// What an entry says.
    public init(_ object: JSONNode) {
        let name = object["ev", "event"]?.text ?? ""
        switch name {
        case "call": self = .called(Self.call(object))
        case "ret", "return", "returned":
            self = .returned(
                Return(
                    id: Self.id(object), operation: object["op"]?.text,
                    milliseconds: Self.spelling(object["ms"]),
                    outcome: object["result"]?.text.flatMap(Return.Outcome.init) ?? .done))
        case "status":
            guard let number = object["n", "status"]?.integer else { fallthrough }
            self = .status(number: number)
        case "cb", "message":
            guard let message = Self.message(object) else { fallthrough }
            self = message
        default: self = .other(name: name)
        }
    }

    private static func call(_ object: JSONNode) -> Call {
        let operation = object["op"]?.text ?? ""
        var publication: Publication?
        if operation == publishOperation, let topic = object["topic"] {
            publication = Publication(
                topic: topic.characters,
                message: object["msg", "message", "payload"]?.characters ?? [],
                retain: Retain(object["retain"]?.isAffirmative ?? false),
                qos: quality(object["qos"]))
        }
        return Call(id: id(object), operation: operation, publication: publication)
    }

    /// Without one, and with one that does not exist, a publication has none.
    private static func quality(_ node: JSONNode?) -> QualityOfService {
        node?.integer.flatMap { UInt8(exactly: $0) }.flatMap(QualityOfService.init(rawValue:))
            ?? .atMostOnce
    }

    private static func message(_ object: JSONNode) -> ApplicationEvent? {
        if case .array(let elements)? = object["args"], elements.count >= 2 {
            return .message(
                topic: elements[0].characters, message: elements[1].characters,
                isRetained: elements.count > 2 && elements[2].isAffirmative)
        }
        guard let topic = object["topic"] else { return nil }
        return .message(
            topic: topic.characters,
            message: object["msg", "message", "payload"]?.characters ?? [],
            isRetained: object["retained", "retain"]?.isAffirmative ?? false)
    }

    private static func id(_ object: JSONNode) -> String? { spelling(object["id"]) }

    private static func spelling(_ node: JSONNode?) -> String? {
        switch node {
        case .number(let spelling)?: spelling
        case .string(let text)?: text
        default: nil
        }
    }
}

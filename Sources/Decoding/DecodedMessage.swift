public import LinkProtocol
public import Signals

/// A frame with its meaning, and with its place in the conversation.
public struct DecodedMessage: Equatable, Sendable {
    /// The meaning of a frame.
    public enum Content: Equatable, Sendable {
        /// A message of the host.
        case host(HostMessage)
        /// A message of the bridge.
        case bridge(BridgeMessage)
        /// A JSON value (object mode).
        case object
        /// Characters that are no message, and why.
        case malformed(MalformedMessage)
        /// Characters of a frame that is not whole.
        case fragment
    }

    /// The request that a message of the bridge answers.
    public struct Request: Hashable, Sendable {
        /// What was asked for.
        public enum Kind: Hashable, Sendable {
            /// A publication with its quality of service; the answer is PUBOK.
            case publish(QualityOfService)
            /// The time.
            case time
            /// The memory.
            case memory
        }

        /// What was asked for.
        public var kind: Kind
        /// The first bit of the request.
        public var start: Timestamp
        /// The last bit of the request's closing zero: from then on the bridge had it.
        public var end: Timestamp
        /// The request was sent before the bridge reported RUNNING.
        public var wasBeforeRunning: Bool
        /// Edges are missing since: the answer may belong to another request.
        public var isDoubtful: Bool
    }

    /// The frame.
    public var frame: Frame
    /// Its meaning.
    public var content: Content
    /// It was sent before the bridge reported RUNNING in this session.
    public var isBeforeRunning: Bool
    /// The request that it answers.
    public var request: Request?

    /// From the end of the request to the end of this answer; nil when it is no answer, or when
    /// that is in doubt.
    public var latency: Nanoseconds? {
        request.flatMap { $0.isDoubtful ? nil : frame.end - $0.end }
    }

    /// The message's kind, as files and reports name it.
    public var typeName: String {
        switch content {
        case .host(let message): DecodedMessage.name(of: message)
        case .bridge(let message): DecodedMessage.name(of: message)
        case .object: "object"
        case .malformed: "malformed"
        case .fragment: "fragment"
        }
    }

    private static func name(of message: HostMessage) -> String {
        switch message {
        case .will: "will"
        case .initialise: "init"
        case .publish: "publish"
        case .subscribe: "subscribe"
        case .timeRequest: "time"
        case .memoryRequest: "memory"
        case .networkAnswer: "answer"
        case .other: "command"
        }
    }

    private static func name(of message: BridgeMessage) -> String {
        switch message {
        case .status, .unknown: "status"
        case .publication, .escapedPublication: "message"
        case .time: "time"
        case .memory: "memory"
        }
    }

    /// Every name that ``typeName`` can give, in the order of the protocol's description.
    public static let typeNames = [
        "init", "will", "publish", "subscribe", "time", "memory", "answer", "command", "status",
        "message", "object", "malformed", "fragment",
    ]
}

public import LinkProtocol
public import Signals

/// What came of replaying one end's session from a capture that holds only edges.
///
/// *Expected* is the capture, *found* is the machine.
public struct SequenceReplayResult: Sendable {
    /// Something that is not on the wires and was concluded from them.
    public enum Inference: Int, Sendable, CaseIterable {
        /// The host was started.
        case start
        /// The host left a session that was well.
        case restart
        /// The host had run before the capture began.
        case earlierSession
        /// The application published.
        case publishCall
        /// The application subscribed.
        case subscribeCall
        /// The application asked for the time.
        case timeCall
        /// The application asked for the memory.
        case memoryCall
        /// The application sent a command of its own.
        case commandCall
        /// The bridge booted.
        case boot
        /// Wi-Fi came up, or a search for it failed.
        case network
        /// The broker answered a connection, a publication or a subscription.
        case brokerAnswer
        /// The broker could not be reached, or its connection was lost.
        case brokerLoss
        /// The broker sent a message.
        case brokerMessage
        /// The internet, or the memory, gave an answer.
        case answer

        /// The inference in words.
        public var name: String {
            switch self {
            case .start: "start of the host"
            case .restart: "restart by the host"
            case .earlierSession: "an earlier session of the host"
            case .publishCall: "call of publish"
            case .subscribeCall: "call of subscribe"
            case .timeCall: "call for the time"
            case .memoryCall: "call for the memory"
            case .commandCall: "command of the application"
            case .boot: "boot of the bridge"
            case .network: "event of Wi-Fi"
            case .brokerAnswer: "answer of the broker"
            case .brokerLoss: "loss of the broker"
            case .brokerMessage: "message from the broker"
            case .answer: "answer about time or memory"
            }
        }
    }

    /// The first frame that differs.
    public struct Divergence: Sendable {
        /// What is different.
        public enum Kind: Hashable, Sendable {
            /// The machine holds another frame, or none, where the capture's begins.
            case frame
            /// The machine holds a frame that the capture never shows.
            case surplus
            /// The machine started anew where the capture's end did not, or the other way round.
            case restart
        }

        /// What is different.
        public var kind: Kind
        /// When the capture's frame begins, or the session ends.
        public var time: Timestamp
        /// The session.
        public var session: Int
        /// The number of the capture's frame among the end's, from 1.
        public var number: Int
        /// The frame of the capture; empty for none.
        public var expected: [UInt8]
        /// The frame of the machine; empty for none.
        public var found: [UInt8]
        /// The number of the frame's first bit in the session.
        public var firstBit: Int64
        /// What the machine waits for, in words, when it holds nothing.
        public var awaits: String
    }

    /// A rule of the reference without which the replay would differ.
    public struct Exemption: Hashable, Sendable {
        /// The rule.
        public var rule: ReferenceRule
        /// How often it was applied.
        public var count: Int
    }

    /// The end that was replayed.
    public var end: LinkEnd
    /// Frames of the end in the capture.
    public var scheduledFrames = 0
    /// Frames that the machine held just where the capture has them.
    public var equalFrames = 0
    /// Frames that the machine received.
    public var receivedFrames = 0
    /// Sessions that were replayed.
    public var sessions = 0
    /// How often each kind of conclusion was drawn, in the order of ``Inference``'s cases.
    public var inferences = [Int](repeating: 0, count: Inference.allCases.count)
    /// The rules that were needed, in the order of the rules.
    public var exemptions: [Exemption] = []
    /// The first frame that differs.
    public var divergence: Divergence?
    /// From when on nothing can be said, and why.
    public var untold: (since: Timestamp, reason: String)?

    /// Nothing replayed yet.
    public init(end: LinkEnd) { self.end = end }

    /// The answer in one word.
    public var verdict: ReplayVerdict {
        if divergence != nil { return .differs }
        return untold == nil && equalFrames > 0 ? .same : .couldNotTell
    }

    mutating func count(_ inference: Inference) { inferences[inference.rawValue] += 1 }
}

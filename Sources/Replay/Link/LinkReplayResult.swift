public import Signals

/// What came of replaying one end's link from a capture.
public struct LinkReplayResult: Sendable {
    /// Something that is not on the wires and was concluded from them.
    public enum Inference: Int, Sendable, CaseIterable {
        /// The host was started.
        case start
        /// The host left a session for a reason that its link does not know.
        case restart
        /// The host's watchdog fired, by the machine's own count.
        case watchdog
        /// The host started anew because the bridge had not synchronised.
        case noSynchronisation
        /// The bridge booted.
        case boot
        /// The bridge owed a toggle for so long that it must have stood still.
        case freeze
        /// The session ended before the end could answer.
        case cutAnswer
        /// Edges of an old bridge during a reset, and of the reset circuit that pulls wires down.
        case resetEdge
        /// An end left the handshake for good.
        case stop

        /// The inference in words.
        public var name: String {
            switch self {
            case .start: "start of the host"
            case .restart: "restart by the host"
            case .watchdog: "watchdog"
            case .noSynchronisation: "start without synchronisation"
            case .boot: "boot of the bridge"
            case .freeze: "freeze of the bridge"
            case .cutAnswer: "answer cut off"
            case .resetEdge: "edge during a reset"
            case .stop: "stop"
            }
        }
    }

    /// A stretch of which nothing can be said.
    public struct Untold: Sendable, Equatable {
        /// Its begin.
        public var start: Timestamp
        /// Its end.
        public var end: Timestamp
        /// Why.
        public var reason: String
    }

    /// The end that was replayed.
    public var end: LinkEnd
    /// The first edge that differs.
    public var divergence: LinkDivergence?
    /// Edges of the end that were compared.
    public var comparedEdges: Int64 = 0
    /// Frames that the machine sent, and that the capture has.
    public var sentFrames = 0
    /// Frames of the end in the capture.
    public var scheduledFrames = 0
    /// Frames that the machine received and that equal the decoded ones.
    public var receivedFrames = 0
    /// Sessions that were replayed.
    public var sessions = 0
    /// How often each kind of conclusion was drawn, in the order of ``Inference``'s cases.
    public var inferences = [Int](repeating: 0, count: Inference.allCases.count)
    /// The watchdog's time that was given to the machine, when the capture has a watchdog's reset.
    public var watchdogTimeout: Nanoseconds?
    /// Stretches of which nothing can be said, in order.
    public var untold: [Untold] = []

    /// Nothing replayed yet.
    public init(end: LinkEnd) { self.end = end }

    /// The answer in one word.
    public var verdict: ReplayVerdict {
        if divergence != nil { return .differs }
        return untold.isEmpty && comparedEdges > 0 ? .same : .couldNotTell
    }

    mutating func count(_ inference: Inference, times: Int = 1) {
        inferences[inference.rawValue] += times
    }
}

/// The first edge in which a machine and a capture differ.
///
/// *Expected* is the capture, *found* is the machine.
public struct LinkDivergence: Sendable {
    /// What is different.
    public enum Kind: Sendable {
        /// An own edge differs, is missing or is surplus.
        case edge
        /// The machine received another frame than the decoder.
        case received(expected: [UInt8], found: [UInt8])
        /// The machine gave up: the bridge did not synchronise, or a frame could not be sent.
        case gaveUp(String)
    }

    /// What is different.
    public var kind: Kind
    /// When the capture shows the edge that differs.
    public var time: Timestamp
    /// The session.
    public var session: Int
    /// The number of the end's bit in the session.
    public var bit: Int64
    /// The edge of the capture; nil when the machine alone has one.
    public var expected: Edge?
    /// The edge of the machine; nil when the capture alone has one.
    public var found: Edge?
    /// The frame in progress: its number in the capture from 1, and its characters.
    public var frame: (number: Int, text: [UInt8], character: Int, bitInCharacter: Int)?
    /// Frames that were equal before.
    public var equalFrames: Int
    /// The end's data at each of its toggles around the divergence: the capture's.
    public var expectedBits: [UInt8]
    /// The end's data at each of its toggles around the divergence: the machine's.
    public var foundBits: [UInt8]
    /// The number of the first of those bits.
    public var firstShownBit: Int64
}

public import Signals

/// What came of replaying one end from its own journal.
///
/// *Expected* is the capture, *found* is the machine.
public struct ExactReplayResult: Sendable {
    /// The first output that differs.
    public struct Divergence: Sendable {
        /// What is different.
        public enum Kind: Sendable {
            /// An own edge differs, is missing (no found) or is surplus (no expected).
            case edge(expected: Edge?, found: Edge?)
            /// Another output differs, is missing or is surplus.
            case record(expected: [UInt8]?, found: [UInt8]?)
            /// The capture's timer fired when the machine's was not due.
            case timer(due: Timestamp?)
        }

        /// What is different.
        public var kind: Kind
        /// When.
        public var time: Timestamp
        /// The session of the link.
        public var session: Int
        /// The number of the end's bit in the session.
        public var bit: Int64 = 0
        /// The frame of the capture in progress: its number from 1, its characters, and the place.
        public var frame: (number: Int, text: [UInt8], character: Int, bitInCharacter: Int)?
        /// The frame that the machine is sending; empty between frames.
        public var foundFrame: [UInt8] = []
        /// Frames that were equal before.
        public var equalFrames = 0
        /// The end's data at each of its toggles around the divergence: the capture's.
        public var expectedBits: [UInt8] = []
        /// The end's data at each of its toggles around the divergence: the machine's.
        public var foundBits: [UInt8] = []
        /// The number of the first of those bits.
        public var firstShownBit: Int64 = 0

        init(kind: Kind, time: Timestamp, session: Int) {
            self.kind = kind
            self.time = time
            self.session = session
        }
    }

    /// The end that was replayed.
    public var end: LinkEnd
    /// The first output that differs.
    public var divergence: Divergence?
    /// Edges of the end that were compared.
    public var comparedEdges: Int64 = 0
    /// Other outputs that were compared.
    public var comparedRecords: Int64 = 0
    /// Inputs of the journal that went in.
    public var inputs: Int64 = 0
    /// Edges that no end drove, and that were left out.
    public var foreignEdges: Int64 = 0
    /// Frames of the end in the capture.
    public var scheduledFrames = 0
    /// From when on nothing can be said, and why.
    public var untold: (since: Timestamp, reason: String)?

    /// Nothing replayed yet.
    public init(end: LinkEnd) { self.end = end }

    /// The answer in one word.
    public var verdict: ReplayVerdict {
        if divergence != nil { return .differs }
        return untold == nil && comparedEdges > 0 ? .same : .couldNotTell
    }
}

/// The answer of a replay in one word.
public enum ReplayVerdict: Sendable {
    /// Everything of the end equals the capture's.
    case same
    /// Something differs.
    case differs
    /// Nothing differs, and of a part of the capture nothing can be said.
    case couldNotTell
}

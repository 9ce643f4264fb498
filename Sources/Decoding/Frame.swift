public import Signals

/// The raw characters between two zeros, with the moments at which they crossed the wire.
public struct Frame: Hashable, Sendable {
    /// What is known of a frame's characters.
    public enum Condition: UInt8, Hashable, Sendable {
        /// Every character, from the first to the closing zero.
        case whole
        /// It had begun before the capture did, or before the alignment was known: its head is
        /// missing.
        case headless
        /// Edges are missing inside it: what it holds is what came before.
        case damaged
        /// A reset, a stop or the end of the capture cut it off.
        case unfinished
    }

    /// The end that sent it.
    public var from: LinkEnd
    /// The session that it belongs to; 0 before the first reset of the capture.
    public var session: Int
    /// The clock edge of its first bit.
    public var start: Timestamp
    /// The clock edge of the last bit of its closing zero; from then on the other end has it.
    public var end: Timestamp
    /// The number of its first bit among the sender's bits of the session, from 0; in session 0
    /// from the first bit of the capture.
    public var firstBit: Int64
    /// The characters, without the closing zero.
    public var text: [UInt8]
    /// Characters dropped because the frame outgrew the decoder's limit.
    public var droppedCharacters: Int
    /// What is known of the characters.
    public var condition: Condition
    /// How many bits of the first character, zeros, were sent before what was seen: ``start`` is
    /// the clock edge of the first bit behind them.
    public var unseenBits = 0
    /// The bits of a character that an unfinished frame had begun.
    public var partial: PartialCharacter?

    /// The first bits of a character.
    public struct PartialCharacter: Hashable, Sendable {
        /// The bits, the first one the least significant.
        public var bits: UInt8
        /// How many there are: fewer than a character has.
        public var count: Int
    }

    /// A frame as it crossed the wire.
    public init(
        from: LinkEnd, session: Int, start: Timestamp, end: Timestamp, firstBit: Int64,
        text: [UInt8], droppedCharacters: Int = 0, condition: Condition = .whole
    ) {
        self.from = from
        self.session = session
        self.start = start
        self.end = end
        self.firstBit = firstBit
        self.text = text
        self.droppedCharacters = droppedCharacters
        self.condition = condition
    }
}

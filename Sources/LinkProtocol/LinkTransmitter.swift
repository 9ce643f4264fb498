/// Frames become characters, and characters become bits.
///
/// A transmitter sends the ``SyncPattern``, then zeros until its end is synchronised, then the
/// queued frames, oldest first, each followed by one zero character. With nothing queued it sends
/// zero characters without pause. Ref: Documentation/Protocol.md, Characters.
public struct LinkTransmitter: Sendable {
    enum Phase: Sendable {
        case pattern(nextBit: Int)
        case characters
    }

    private var phase: Phase
    private var queue: FrameQueue
    private var frame: [UInt8]
    private var nextCharacter: Int
    private var register: UInt8
    private var bitsLeft: UInt8
    private let size: CharacterSize

    /// The number of bits sent since the pattern began.
    public private(set) var bitCount: Int

    /// The number of frames whose closing zero has been sent.
    public private(set) var framesSent: Int

    /// A transmitter that begins with the pattern.
    ///
    /// - Parameters:
    ///   - size: the number of bits in a character.
    ///   - queueLimits: how much may wait.
    public init(size: CharacterSize, queueLimits: FrameQueue.Limits) {
        phase = .pattern(nextBit: 0)
        queue = FrameQueue(limits: queueLimits)
        frame = []
        nextCharacter = 0
        register = 0
        bitsLeft = 0
        self.size = size
        bitCount = 0
        framesSent = 0
    }

    /// The characters of the frame under way, without the closing zero; empty between frames.
    public var frameInProgress: [UInt8] { frame }

    /// Whether no frame is under way or waiting.
    public var isIdle: Bool { frame.isEmpty && queue.isEmpty }

    /// Whether the next bit is the first of a character.
    public var isAtCharacterStart: Bool {
        if case .characters = phase { bitsLeft == 0 } else { false }
    }

    /// Queues a frame, if it can be sent.
    public mutating func enqueue(_ frame: [UInt8]) throws(SendRefusal) {
        if frame.isEmpty { throw .empty }
        for offset in frame.indices where frame[offset] == 0 || frame[offset] > size.largest {
            throw .unsendable(offset: offset, character: frame[offset])
        }
        try queue.append(frame)
    }

    /// Ends the zeros behind the pattern: the next bit begins a character.
    public mutating func beginCharacters() {
        phase = .characters
        bitsLeft = 0
    }

    /// Forgets all frames and begins with the pattern again.
    public mutating func restart() {
        phase = .pattern(nextBit: 0)
        queue.removeAll()
        frame.removeAll()
        nextCharacter = 0
        register = 0
        bitsLeft = 0
        bitCount = 0
        framesSent = 0
    }

    /// The next bit to drive.
    public mutating func nextBit() -> UInt8 {
        bitCount += 1
        switch phase {
        case .pattern(let index):
            // Behind the pattern the index only says "past the end": it need not grow for ever.
            phase = .pattern(nextBit: min(index + 1, SyncPattern.bitCount))
            return SyncPattern.bit(index)
        case .characters:
            if bitsLeft == 0 { loadCharacter() }
            let bit = register & 1
            register >>= 1
            bitsLeft -= 1
            if bitsLeft == 0 { endCharacter() }
            return bit
        }
    }

    private mutating func loadCharacter() {
        bitsLeft = size.rawValue
        if frame.isEmpty, let next = queue.popFirst() {
            frame = next
            nextCharacter = 0
        }
        register = nextCharacter < frame.count ? frame[nextCharacter] : 0
    }

    private mutating func endCharacter() {
        if frame.isEmpty { return }
        if nextCharacter < frame.count {
            nextCharacter += 1
        } else {
            frame.removeAll()
            nextCharacter = 0
            framesSent += 1
        }
    }
}

/// Why a frame cannot be sent.
///
/// The record of a bridge numbers the cases; a new one needs a number there.
/// Ref: Documentation/Journal.md.
public enum SendRefusal: Error, Hashable, Sendable {
    /// An empty frame is an idle link: nobody would receive it.
    case empty
    /// A character is zero, or too large for the link's characters.
    case unsendable(offset: Int, character: UInt8)
    /// As many frames wait as may wait.
    case queueFull(limit: Int)
    /// The frame's characters do not fit beside those that wait.
    case queueCharactersFull(limit: Int)
    /// The link has not been started.
    case notStarted
    /// The session ended before the frame had left the wire.
    case sessionEnded

    /// The refusal in words.
    public var words: StaticString {
        switch self {
        case .empty: "an empty frame is an idle link"
        case .unsendable: "a character cannot be sent on this link"
        case .queueFull: "too many frames wait"
        case .queueCharactersFull: "too many characters wait"
        case .notStarted: "the link has not been started"
        case .sessionEnded: "the session ended before"
        }
    }
}

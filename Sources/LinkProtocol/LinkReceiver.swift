public import Signals

/// Bits of one direction become characters, and characters become frames.
///
/// Everything that decides what a run of bits means lives here. A live end feeds it the bits that
/// it samples, the decoder feeds it the bits of a capture: what the analyzer shows is what the end
/// computed.
///
/// A receiver passes through three phases: it looks for the ``SyncPattern``; at the passive end it
/// then skips one bit; from there on every ``CharacterSize/bitCount`` bits are a character, and a
/// zero character ends a frame. Ref: Documentation/Protocol.md, Synchronisation and Characters.
public struct LinkReceiver: Sendable {
    /// What one more bit has completed.
    public enum Reception: Sendable {
        /// Nothing yet, or a zero character of an idle link.
        case nothing
        /// The pattern: characters follow.
        case synchronised
        /// A character of a frame in progress.
        case character
        /// The zero that ends a frame: ``LinkReceiver/frame`` holds it until the next bit.
        case frame
    }

    @usableFromInline enum Phase: UInt8, Sendable {
        case synchronising
        case skippingOneBit
        case characters
    }

    @usableFromInline var phase: Phase
    @usableFromInline var register: UInt8
    @usableFromInline var bitsInRegister: UInt8
    @usableFromInline let characterBits: UInt8
    @usableFromInline let skipsOneBit: Bool
    @usableFromInline var frameIsComplete: Bool

    /// The characters of the frame in progress, or of the frame just completed.
    public private(set) var frame: [UInt8]

    /// How many characters of that frame were dropped because it outgrew ``frameLengthMax``.
    public private(set) var droppedCharacters: Int

    /// The most characters that a frame keeps; the rest is counted.
    public let frameLengthMax: Int

    /// A receiver that waits for the pattern.
    ///
    /// - Parameters:
    ///   - sender: the end whose bits these are. What the host sends is read by the passive end,
    ///     which lags by one bit.
    ///   - size: the number of bits in a character.
    ///   - frameLengthMax: the most characters that a frame keeps.
    public init(from sender: LinkEnd, size: CharacterSize, frameLengthMax: Int) {
        phase = .synchronising
        register = 0
        bitsInRegister = 0
        characterBits = size.rawValue
        skipsOneBit = sender == .host
        frameIsComplete = false
        frame = []
        droppedCharacters = 0
        self.frameLengthMax = frameLengthMax
    }

    /// Whether the pattern has been found.
    @inlinable public var isSynchronised: Bool { phase != .synchronising }

    /// Whether a frame has begun and not yet ended.
    @inlinable public var isInFrame: Bool { !frame.isEmpty && !frameIsComplete }

    /// Whether the next bit is the first of a character.
    @inlinable public var isAtCharacterStart: Bool {
        phase == .characters && bitsInRegister == 0
    }

    /// The place of the next bit in its character, from 0.
    public var bitInCharacter: Int { Int(bitsInRegister) }

    /// The bits of the present character so far, the first one the least significant.
    public var bitsOfCharacter: UInt8 { phase == .characters ? register : 0 }

    /// Whether nothing is under way: no frame, and no bit but zeros in the present character.
    @inlinable public var isIdle: Bool { phase == .characters && !isInFrame && register == 0 }

    /// Looks for the pattern again, with what was received so far forgotten.
    public mutating func restart() {
        phase = .synchronising
        register = 0
        bitsInRegister = 0
        forgetFrame()
    }

    /// Continues as though synchronised, with the next bit at a known place.
    ///
    /// - Parameter bitInCharacter: the place of the next bit in its character, from 0.
    public mutating func align(bitInCharacter: Int) {
        phase = .characters
        register = 0
        bitsInRegister = UInt8(truncatingIfNeeded: bitInCharacter % Int(characterBits))
        forgetFrame()
    }

    /// Drops the characters of the frame in progress; the alignment stays.
    public mutating func forgetFrame() {
        frame.removeAll(keepingCapacity: true)
        droppedCharacters = 0
        frameIsComplete = false
    }

    /// Takes the next bit, 0 or 1.
    @inlinable @inline(__always)
    public mutating func receive(_ bit: UInt8) -> Reception {
        if phase != .characters { return receiveBeforeCharacters(bit) }
        register |= bit << bitsInRegister
        bitsInRegister &+= 1
        if bitsInRegister < characterBits { return .nothing }
        bitsInRegister = 0
        if register == 0 && frame.isEmpty { return .nothing }
        return receiveCharacter()
    }

    @usableFromInline mutating func receiveCharacter() -> Reception {
        let character = register
        register = 0
        if frameIsComplete { forgetFrame() }
        if character == 0 {
            if frame.isEmpty { return .nothing }
            frameIsComplete = true
            return .frame
        }
        if frame.count < frameLengthMax {
            frame.append(character)
        } else {
            droppedCharacters += 1
        }
        return .character
    }

    @usableFromInline mutating func receiveBeforeCharacters(_ bit: UInt8) -> Reception {
        if phase == .skippingOneBit {
            phase = .characters
            return .nothing
        }
        register = SyncPattern.shift(bit, into: register)
        guard register == SyncPattern.value else { return .nothing }
        register = 0
        phase = skipsOneBit ? .skippingOneBit : .characters
        return .synchronised
    }
}

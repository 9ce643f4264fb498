import LinkProtocol
import Signals

/// One direction of the wires: bits become frames with times.
///
/// A lane stands on the same ``LinkReceiver`` as a live end. It adds what only an observer has:
/// the moment and the number of every bit, and three ways of not knowing. It can search for the
/// alignment of characters; it can have missed the head of a frame; and its data wire can be at an
/// unknown level until that wire moves again.
struct Lane {
    /// What the lane can make of its bits.
    enum Trust: UInt8 {
        /// Bits and alignment are known, or the pattern is being awaited.
        case known
        /// Characters arrive, and the head of the present frame is missing.
        case headless
        /// A data edge is missing: characters are unknown until the data wire moves again.
        case dataUnknown
        /// The alignment of characters is unknown: bits go to ``search``.
        case searching
    }

    let sender: LinkEnd
    var receiver: LinkReceiver
    var trust: Trust = .known
    var search: AlignmentSearch
    /// Bits since the session began.
    var bitCount: Int64 = 0
    /// The clock edge of the present character's first bit.
    var characterStart: Timestamp = .zero
    /// The clock edge of the last bit.
    var lastBit: Timestamp = .zero
    /// The last edge of the data wire, and the number of bits before it.
    private(set) var lastDataEdge: Timestamp = .zero
    private(set) var bitCountAtDataEdge: Int64 = 0
    /// The source lost an edge of the data wire just before the one that comes next.
    var resumesAtNextEdge = false
    /// The first bit of the present alignment: those before it were not seen.
    private var firstSeenBit: Int64 = 0
    /// Bits of the sessions before.
    private var earlierBits: Int64 = 0

    /// Where the frame in progress began, and the number of its first bit.
    private(set) var frameStart: Timestamp = .zero
    private(set) var frameFirstBit: Int64 = 0
    /// How many of the largest character stand at the end of the frame in progress.
    private(set) var onesRun = 0

    private let size: CharacterSize

    init(sender: LinkEnd, size: CharacterSize, frameLengthMax: Int) {
        self.sender = sender
        self.size = size
        receiver = LinkReceiver(from: sender, size: size, frameLengthMax: frameLengthMax)
        search = AlignmentSearch(size: size)
    }

    /// Bits since the capture began.
    var totalBits: Int64 { earlierBits + bitCount }

    /// The data wire has not moved for so many bits that the link was silent, although one of its
    /// edges is missing: inside a frame, one run of ones and one of zeros are shorter than this,
    /// some empty fields in a row included.
    var dataHasRested: Bool { bitCount - bitCountAtDataEdge >= Int64(8 * size.bitCount) }

    /// Nothing but zeros came for about two characters.
    func isSilent(_ data: Level) -> Bool {
        data == .low && dataHasRested && receiver.frame.isEmpty && receiver.droppedCharacters == 0
    }

    /// Its bits have a known place: the short way is open to it.
    var isReadable: Bool { trust != .searching && receiver.isSynchronised }

    /// The pattern should have come by now.
    var isOverdue: Bool {
        trust != .searching && !receiver.isSynchronised
            && bitCount > Int64(LinkConfiguration.synchronisationBitsMax)
    }

    /// What a bit has brought about.
    enum Outcome {
        case nothing
        case synchronised
        /// A character of a frame is complete.
        case character
        /// A frame is complete: ``completedFrame(session:)`` gives it.
        case frame
    }

    /// Takes a bit whose place in its character is known, or that belongs to the pattern.
    @inline(__always)
    mutating func receive(_ bit: UInt8, at time: Timestamp) -> Outcome {
        if receiver.isAtCharacterStart { characterStart = time }
        bitCount &+= 1
        lastBit = time
        switch receiver.receive(bit) {
        case .nothing: return .nothing
        case .synchronised: return .synchronised
        case .character:
            noteCharacter()
            return .character
        case .frame: return .frame
        }
    }

    private mutating func noteCharacter() {
        if receiver.frame.count == 1, receiver.droppedCharacters == 0 {
            frameStart = characterStart
            frameFirstBit = bitCount - Int64(size.bitCount)
            onesRun = 0
        }
        // A frame that has outgrown its limit repeats its last kept character here: harmless.
        onesRun = receiver.frame.last == size.largest ? onesRun + 1 : 0
    }

    /// Notes that the data wire has moved.
    @inline(__always)
    mutating func moveData(at time: Timestamp) {
        lastDataEdge = time
        bitCountAtDataEdge = bitCount
    }

    /// The frame that the last bit completed, with what can be said of it.
    ///
    /// Its closing zero restores the trust of a lane that had missed a head.
    mutating func completedFrame(session: Int) -> Frame {
        let condition: Frame.Condition = trust == .headless ? .headless : .whole
        if trust == .headless { trust = .known }
        return frame(session: session, end: lastBit, condition: condition)
    }

    /// The frame in progress, given up; nil when there is none. Its characters are forgotten.
    mutating func abandonedFrame(
        session: Int, end: Timestamp, condition: Frame.Condition
    ) -> Frame? {
        let bits = receiver.bitsOfCharacter
        guard trust == .known || trust == .headless else { return nil }
        guard receiver.isInFrame || bits != 0 else { return nil }
        if !receiver.isInFrame {
            receiver.forgetFrame()
            frameStart = characterStart
            frameFirstBit = bitCount - Int64(receiver.bitInCharacter)
        }
        defer { receiver.forgetFrame() }
        var frame = frame(session: session, end: end, condition: condition)
        if condition == .unfinished, receiver.bitInCharacter > 0 {
            frame.partial = .init(bits: bits, count: receiver.bitInCharacter)
        }
        return frame
    }

    private func frame(
        session: Int, end: Timestamp, condition: Frame.Condition
    ) -> Frame {
        // What ended the frame can lie before its first character was known to be one.
        var frame = Frame(
            from: sender, session: session, start: frameStart, end: max(frameStart, end),
            firstBit: frameFirstBit,
            text: receiver.frame, droppedCharacters: receiver.droppedCharacters,
            condition: condition)
        frame.unseenBits = Int(max(0, firstSeenBit - frameFirstBit))
        return frame
    }

    /// A new session: the pattern comes first.
    mutating func restart() {
        receiver.restart()
        trust = .known
        resumesAtNextEdge = false
        firstSeenBit = 0
        earlierBits += bitCount
        bitCount = 0
        bitCountAtDataEdge = 0
        onesRun = 0
    }

    /// Continues in the middle of the present character, its bits so far forgotten.
    mutating func continueCharacter(trust: Trust) {
        receiver.align(bitInCharacter: receiver.bitInCharacter)
        self.trust = trust
        onesRun = 0
    }

    /// Clock edges are missing: the place of the next bit is unknown.
    mutating func beginSearch(afterSilence: Bool) {
        receiver.align(bitInCharacter: 0)
        trust = .searching
        onesRun = 0
        search.restart(afterSilence: afterSilence)
    }

    /// Takes a bit of unknown place; true when ``search`` has a burst to judge.
    mutating func searchBit(_ bit: UInt8, at time: Timestamp) -> Bool {
        bitCount += 1
        lastBit = time
        return search.take(bit, at: time)
    }

    /// Ends the search: the kept bits are received again, now with a known place.
    ///
    /// - Parameter nextPlace: the place in its character of the bit that comes next.
    /// - Returns: the frames that the kept bits complete.
    mutating func endSearch(nextPlace: Int, session: Int, vocabulary: Vocabulary) -> [Frame] {
        var bursts = search.undecided
        bursts.append(search.burst)
        bursts[bursts.count - 1].endBit = bitCount
        let end = bitCount
        var frames: [Frame] = []
        var previousEnd: Int64?
        for burst in bursts {
            let width = Int64(size.bitCount)
            var first = burst.endBit - Int64(burst.bits.count)
            var bits = burst.bits[...]
            if first != previousEnd {
                let place = Int(((Int64(nextPlace) - (end - first)) % width + width) % width)
                let isClean = search.isClean(
                    burst, firstPlace: place, sender: sender, vocabulary: vocabulary)
                receiver.align(bitInCharacter: place)
                if !isClean, place > 0 {
                    // A character of which not all was seen is no character.
                    let unseen = Int(width) - place
                    bits = bits.dropFirst(unseen)
                    first += Int64(min(unseen, burst.bits.count))
                    receiver.align(bitInCharacter: bits.isEmpty ? nextPlace : 0)
                }
                trust = isClean ? .known : .headless
                firstSeenBit = first
                characterStart = bits.first?.time ?? lastBit
            }
            bitCount = first
            previousEnd = burst.endBit
            for timed in bits where receive(timed.bit, at: timed.time) == .frame {
                frames.append(completedFrame(session: session))
            }
        }
        search.restart(afterSilence: false)
        return frames
    }
}

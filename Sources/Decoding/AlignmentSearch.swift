import LinkProtocol
import Signals

/// Finds out where characters begin in bits of an unknown place.
///
/// An idle link sends only zeros, and they align with anything. So the search keeps a *burst*: the
/// bits from the first 1 until so many zeros that every alignment has seen a zero character. Then
/// it reads the burst at each possible alignment and takes the one that gives messages.
struct AlignmentSearch {
    /// A bit with its clock edge.
    struct TimedBit {
        var bit: UInt8
        var time: Timestamp
    }

    /// The alignment of a burst.
    struct Alignment: Equatable {
        /// How many zeros before the burst's first 1 belong to its first character.
        var leadingZeros: Int
        /// The burst begins with a frame, not in the middle of one.
        var isClean: Bool
    }

    /// A burst that outgrows this is judged by what there is.
    static let burstLengthMax = 16_384

    /// Bits that belong together.
    struct Burst {
        /// From the first 1 on, and before it the last zeros, which can belong to its character.
        var bits: [TimedBit] = []
        /// The number of those zeros.
        var leadingCount = 0
        /// How many zeros there were in all before the first 1, as far as it matters.
        var zerosBefore = 0
        /// The number of the bit that follows, among the lane's bits.
        var endBit: Int64 = 0
        var hasBegun = false
    }

    /// Bursts that gave no answer are kept for the alignment that a later one gives.
    static let undecidedBitsMax = 65_536

    private(set) var burst = Burst()
    private(set) var undecided: [Burst] = []
    private var undecidedBits = 0
    private var zerosAtEnd = 0

    private let size: CharacterSize

    init(size: CharacterSize) { self.size = size }

    /// So many zeros hold a zero character at every alignment.
    private var silence: Int { 2 * size.bitCount - 1 }

    /// The last bits hold a zero character, in whatever alignment.
    private var isSilent: Bool { zerosAtEnd >= silence }

    mutating func restart(afterSilence: Bool) {
        burst = Burst()
        undecided = []
        undecidedBits = 0
        zerosAtEnd = afterSilence ? silence : 0
    }

    /// Takes a bit; true when the burst is complete and can be judged.
    mutating func take(_ bit: UInt8, at time: Timestamp) -> Bool {
        if bit == 0 {
            zerosAtEnd = min(zerosAtEnd + 1, silence)
        } else {
            if !burst.hasBegun {
                burst.hasBegun = true
                burst.zerosBefore = zerosAtEnd
                burst.leadingCount = burst.bits.count
            }
            zerosAtEnd = 0
        }
        burst.bits.append(TimedBit(bit: bit, time: time))
        if !burst.hasBegun {
            if burst.bits.count >= size.bitCount { burst.bits.removeFirst() }
            return false
        }
        return isSilent || burst.bits.count >= Self.burstLengthMax
    }

    /// Puts a burst that gave no answer aside.
    ///
    /// - Parameter endBit: the number of the bit that follows, among the lane's bits.
    mutating func setBurstAside(endBit: Int64) {
        burst.endBit = endBit
        undecidedBits += burst.bits.count
        undecided.append(burst)
        burst = Burst()
        while undecidedBits > Self.undecidedBitsMax {
            undecidedBits -= undecided.removeFirst().bits.count
        }
    }

    /// The place in its character of the bit that follows the burst.
    func placeBehindBurst(_ alignment: Alignment) -> Int {
        (firstPlace(of: burst, alignment.leadingZeros) + burst.bits.count) % size.bitCount
    }

    private func firstPlace(of burst: Burst, _ leadingZeros: Int) -> Int {
        (leadingZeros - burst.leadingCount + 2 * size.bitCount) % size.bitCount
    }

    /// The one alignment at which the burst makes more sense than at any other.
    func alignment(of sender: LinkEnd, vocabulary: Vocabulary) -> Alignment? {
        var best: Alignment?
        var bestScore = 0
        var isTied = false
        for leadingZeros in 0..<size.bitCount {
            let reading = reading(
                of: burst, leadingZeros, sender: sender, vocabulary: vocabulary)
            if reading.score > bestScore {
                best = Alignment(leadingZeros: leadingZeros, isClean: reading.isClean)
                bestScore = reading.score
                isTied = false
            } else if reading.score == bestScore {
                isTied = true
            }
        }
        return isTied ? nil : best
    }

    /// Whether some alignment makes messages of the burst.
    func hasMessage(from sender: LinkEnd, vocabulary: Vocabulary) -> Bool {
        (0..<size.bitCount).contains { leadingZeros in
            reading(of: burst, leadingZeros, sender: sender, vocabulary: vocabulary).score
                >= Self.messageScore
        }
    }

    /// Whether a burst begins with a frame, when the place of its first bit is known.
    func isClean(
        _ burst: Burst, firstPlace: Int, sender: LinkEnd, vocabulary: Vocabulary
    ) -> Bool {
        guard burst.hasBegun else { return isSilent }
        let leadingZeros = (firstPlace + burst.leadingCount) % size.bitCount
        return reading(of: burst, leadingZeros, sender: sender, vocabulary: vocabulary).isClean
    }

    private static let messageScore = 1_000
    private static let garbageScore = -300

    /// How much sense the burst makes at an alignment: messages count most, then plausible text;
    /// what can be neither counts against.
    ///
    /// The first frame counts if a zero character was seen before it, or if it is a message that
    /// shows its begin.
    private func reading(
        of burst: Burst, _ leadingZeros: Int, sender: LinkEnd, vocabulary: Vocabulary
    ) -> (score: Int, isClean: Bool) {
        var receiver = LinkReceiver(
            from: sender, size: size, frameLengthMax: Self.burstLengthMax)
        receiver.align(bitInCharacter: firstPlace(of: burst, leadingZeros))
        var isClean = burst.zerosBefore >= size.bitCount + leadingZeros
        var isFirst = true
        var score = 0
        for timed in burst.bits {
            guard receiver.receive(timed.bit) == .frame else { continue }
            let likelihood = vocabulary.likelihood(of: receiver.frame, from: sender)
            if isFirst, !isClean {
                isFirst = false
                guard likelihood == .message, vocabulary.showsItsBegin(receiver.frame) else {
                    continue
                }
                isClean = true
            }
            isFirst = false
            switch likelihood {
            case .message: score += Self.messageScore
            case .text: score += 1
            case .garbage: score += Self.garbageScore
            }
        }
        return (score, isClean)
    }
}

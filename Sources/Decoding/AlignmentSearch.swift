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

    /// The alignment of a burst: how many zeros before its first kept bit belong to its character.
    struct Alignment: Equatable {
        var leadingZeros: Int
    }

    /// A burst that outgrows this is judged by what there is.
    static let burstLengthMax = 16_384

    private(set) var burst: [TimedBit] = []
    private(set) var zerosAtEnd = 0
    /// The burst is known to begin behind a zero character, in whatever alignment.
    private(set) var beginsAfterSilence = false

    private let size: CharacterSize

    init(size: CharacterSize) { self.size = size }

    /// So many zeros hold a zero character at every alignment.
    private var silence: Int { 2 * size.bitCount - 1 }

    /// The last bits hold a zero character, in whatever alignment.
    var isSilent: Bool { zerosAtEnd >= silence }

    mutating func restart(afterSilence: Bool) {
        burst.removeAll(keepingCapacity: true)
        zerosAtEnd = afterSilence ? silence : 0
        beginsAfterSilence = afterSilence
    }

    /// Takes a bit; true when the burst is complete and can be judged.
    mutating func take(_ bit: UInt8, at time: Timestamp) -> Bool {
        if bit == 0 {
            zerosAtEnd += 1
            if burst.isEmpty { return false }
        } else {
            if burst.isEmpty { beginsAfterSilence = zerosAtEnd >= silence }
            zerosAtEnd = 0
        }
        burst.append(TimedBit(bit: bit, time: time))
        return zerosAtEnd == silence || burst.count >= Self.burstLengthMax
    }

    /// Forgets a burst that gave no answer.
    mutating func discardBurst() {
        burst.removeAll(keepingCapacity: true)
    }

    /// The one alignment at which the burst makes more sense than at any other.
    func alignment(of sender: LinkEnd, vocabulary: Vocabulary) -> Alignment? {
        var best: Alignment?
        var bestScore = 0
        var isTied = false
        for leadingZeros in 0..<size.bitCount {
            let candidate = Alignment(leadingZeros: leadingZeros)
            let score = self.score(candidate, sender: sender, vocabulary: vocabulary)
            if score > bestScore {
                best = candidate
                bestScore = score
                isTied = false
            } else if score == bestScore {
                isTied = true
            }
        }
        return isTied ? nil : best
    }

    /// Whether some alignment makes messages of the burst.
    func hasMessage(from sender: LinkEnd, vocabulary: Vocabulary) -> Bool {
        (0..<size.bitCount).contains { leadingZeros in
            let candidate = Alignment(leadingZeros: leadingZeros)
            return score(candidate, sender: sender, vocabulary: vocabulary) >= 1_000
        }
    }

    /// Messages count most, then plausible text; what can be neither counts against.
    private func score(
        _ alignment: Alignment, sender: LinkEnd, vocabulary: Vocabulary
    ) -> Int {
        var receiver = LinkReceiver(
            from: sender, size: size, frameLengthMax: Self.burstLengthMax)
        receiver.align(bitInCharacter: alignment.leadingZeros)
        var isHeadless = !beginsAfterSilence
        var score = 0
        for timed in burst {
            guard receiver.receive(timed.bit) == .frame else { continue }
            if isHeadless {
                isHeadless = false
                continue
            }
            switch vocabulary.likelihood(of: receiver.frame, from: sender) {
            case .message: score += 1_000
            case .text: score += 1
            case .garbage: score -= 300
            }
        }
        return score
    }
}

import LinkProtocol
import LinkTesting
import Signals
import Testing

@testable import Decoding

@Suite struct AlignmentSearchTests {
    static let hostFrames = [
        "p|out/a|hello|1|0", "s|cmd/in|1", "w|will/topic|gone|False|1",
        "init|net|secret|broker|user|pass|{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org",
    ]
    static let bridgeFrames = [
        "t|4", "t|5", "u|cmd/in|payload|False", "i|845000000", "m|20000|17000",
        "t|6|Unknown command:|x",
    ]

    /// The zeros before the burst's first 1 that belong to its character, as the search tells them.
    private func search(
        _ frames: [[UInt8]], from sender: LinkEnd, size: CharacterSize, silence: Int,
        vocabulary: Vocabulary = .bridge
    ) -> (found: Int?, right: Int) {
        var bits = [UInt8](repeating: 0, count: silence)
        for frame in frames {
            for character in frame + [0] {
                for place in 0..<size.bitCount { bits.append(character >> UInt8(place) & 1) }
            }
        }
        bits += [UInt8](repeating: 0, count: 3 * size.bitCount)
        var search = AlignmentSearch(size: size)
        search.restart(afterSilence: false)
        for (index, bit) in bits.enumerated()
        where search.take(bit, at: Timestamp(nanoseconds: Int64(index))) {
            let alignment = search.alignment(of: sender, vocabulary: vocabulary)
            let first = frames.first?.first ?? 1
            return (alignment?.leadingZeros, first.trailingZeroBitCount)
        }
        return (nil, -1)
    }

    @Test(arguments: CharacterSize.allCases)
    func everyKindOfMessageIsAlignedBehindASilenceOfAnyLength(size: CharacterSize) {
        for (sender, frames) in [
            (LinkEnd.host, Self.hostFrames), (.bridge, Self.bridgeFrames),
        ] {
            for text in frames {
                for silence in 13..<(13 + 2 * size.bitCount) {
                    let outcome = search(
                        [characters(text)], from: sender, size: size,
                        silence: max(silence, 2 * size.bitCount - 1))
                    #expect(outcome.found == outcome.right, "\(sender) \(text) \(silence)")
                }
            }
        }
    }

    /// In the middle of a frame the first one counts for nothing, the second decides.
    @Test func aBurstThatBeginsInAFrameIsAlignedByTheNext() {
        for dropped in 0..<60 {
            var bits: [UInt8] = []
            for text in ["u|a|beginning lost|False", "t|4"] {
                for character in characters(text) + [0] {
                    for place in 0..<7 { bits.append(character >> UInt8(place) & 1) }
                }
            }
            bits += [UInt8](repeating: 0, count: 20)
            var search = AlignmentSearch(size: .seven)
            search.restart(afterSilence: false)
            var place: Int?
            var right = 0
            for (index, bit) in bits.enumerated().dropFirst(dropped)
            where search.take(bit, at: Timestamp(nanoseconds: Int64(index))) {
                place = search.alignment(of: .bridge, vocabulary: .bridge)?.leadingZeros
                let burst = search.burst
                right = Int(burst.bits[burst.leadingCount].time.nanoseconds) % 7
                let alignment = search.alignment(of: .bridge, vocabulary: .bridge)
                #expect(alignment.map { search.placeBehindBurst($0) } == (index + 1) % 7)
                break
            }
            #expect(place == right, "\(dropped)")
        }
    }

    @Test func zerosAloneGiveNoBurst() {
        var search = AlignmentSearch(size: .seven)
        search.restart(afterSilence: false)
        for bit in 0..<100_000 {
            if search.take(0, at: Timestamp(nanoseconds: Int64(bit))) {
                Issue.record("a burst of nothing")
                return
            }
        }
        #expect(!search.burst.hasBegun)
        #expect(search.burst.bits.count <= 7)
        #expect(search.undecided.isEmpty)
    }

    @Test func aBurstIsBoundedAndThenJudgedByWhatThereIs() {
        var search = AlignmentSearch(size: .seven)
        search.restart(afterSilence: false)
        var judged = 0
        for bit in 0..<150_000 where search.take(1, at: Timestamp(nanoseconds: Int64(bit))) {
            judged += 1
            #expect(search.alignment(of: .host, vocabulary: .bridge) == nil)
            search.setBurstAside(endBit: Int64(bit + 1))
        }
        let kept = search.undecided.map(\.bits.count).reduce(0, +)
        #expect(kept <= AlignmentSearch.undecidedBitsMax)
        #expect(kept > 0)
        #expect(judged == 150_000 / AlignmentSearch.burstLengthMax)
    }

    @Test func garbageHasNoAlignment() {
        var random = Seeded(8)
        var aligned = 0
        for _ in 0..<300 {
            var search = AlignmentSearch(size: .seven)
            search.restart(afterSilence: true)
            for bit in 0..<200 {
                _ = search.take(UInt8(random.below(2)), at: Timestamp(nanoseconds: Int64(bit)))
            }
            if search.hasMessage(from: .bridge, vocabulary: .bridge) { aligned += 1 }
        }
        // 200 random bits hold a `t` and its number by chance now and then, no more.
        #expect(aligned < 30)
    }
}

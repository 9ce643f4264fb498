import LinkTesting
import Signals
import Testing

@testable import Decoding

@Suite struct TurnRoundTallyTests {
    private func bin(of span: Int64) -> TurnRoundTally.Bin? {
        var tally = TurnRoundTally()
        tally.count(span)
        return tally.bins.first
    }

    @Test func shortSpansAreExact() {
        for span in stride(from: Int64(0), to: 256, by: 5) {
            #expect(bin(of: span)?.span == Nanoseconds(span))
        }
    }

    @Test func aNegativeSpanCountsAsZero() {
        for span in [-1, -1_000_000, Int64.min] { #expect(bin(of: span)?.span == .zero) }
    }

    @Test func theMiddleOfABinIsWithinHalfABinOfEverySpan() {
        var random = Seeded(1)
        var spans: [Int64] = [255, 256, 257, 511, 512, 513, .max, .max - 1]
        for power in 8..<63 { spans += [(1 << power) - 1, 1 << power, (1 << power) + 1] }
        for _ in 0..<600 {
            spans.append(Int64(random.next() >> UInt64(1 + random.below(60))))
        }
        for span in spans {
            guard let middle = bin(of: span)?.span.count else {
                Issue.record("\(span) was not counted")
                continue
            }
            if Double((middle - span).magnitude) > Double(span) / 256 + 0.5 {
                Issue.record("\(span) counted as \(middle)")
            }
        }
    }

    @Test func binsComeInOrderWithTheirCounts() {
        var random = Seeded(2)
        var tally = TurnRoundTally()
        for _ in 0..<5_000 { tally.count(Int64(random.below(2_000_000))) }
        let bins = tally.bins
        #expect(bins.map(\.count).reduce(0, +) == 5_000)
        #expect(zip(bins, bins.dropFirst()).allSatisfy { $0.span < $1.span })
        #expect(bins.count < 1_700)
    }

    @Test func everyBinIsTheBinOfItsMiddle() {
        for index in stride(from: 0, to: 7_296, by: 13) {
            let middle = TurnRoundTally.middle(ofBin: index)
            if bin(of: middle)?.span.count != middle { Issue.record("bin \(index): \(middle)") }
        }
    }
}

import Signals
import Testing

@testable import Simulation

/// Sixteen equally likely stretches, and every time in one equally likely.
@Suite struct ResponseTimeTests {
    private static let uneven = ResponseTime(
        nanoseconds: (0...16).map { UInt32($0 * $0 * 1_000 + 5_000) })

    @Test func timesLieBetweenTheFirstQuantileAndTheLast() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<20_000 {
            let time = Self.uneven.time(random.next()).count
            #expect(time >= 5_000 && time < 261_000)
        }
        // The lowest four bits choose the stretch, the upper half the place in it.
        #expect(Self.uneven.time(0).count == 5_000)
        #expect(Self.uneven.time(.max).count == 260_999)
        #expect(Self.uneven.time(3).count == 14_000)
        #expect(Self.uneven.time(1 << 63 | 3).count == 17_500)
    }

    @Test func everyStretchIsEquallyLikely() {
        var random = SeededRandom(seed: 2)
        var counts = [Int](repeating: 0, count: 16)
        let draws = 32_000
        for _ in 0..<draws {
            let time = UInt32(Self.uneven.time(random.next()).count)
            counts[(Self.uneven.quantiles.firstIndex { $0 > time } ?? 16) - 1] += 1
        }
        for count in counts { #expect(abs(count - draws / 16) < draws / 160) }
    }

    @Test func aRangeHasEvenQuantiles() {
        let even = ResponseTime(from: 1_000, to: 17_000)
        #expect(even.quantiles == (1...17).map { UInt32($0 * 1_000) })
        // A range that is turned round is none.
        #expect(ResponseTime(from: 9, to: 3).quantiles == [UInt32](repeating: 9, count: 17))
    }

    @Test func aTimeWithoutSpreadIsThatTime() {
        var random = SeededRandom(seed: 3)
        let constant = ResponseTime(from: 700, to: 700)
        for _ in 0..<100 { #expect(constant.time(random.next()).count == 700) }
    }
}

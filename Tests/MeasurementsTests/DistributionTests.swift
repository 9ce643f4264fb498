import Signals
import Testing

@testable import Measurements

@Suite struct DistributionTests {
    private func distribution(of values: [Int64]) -> Distribution {
        var collector = DistributionCollector()
        for value in values { collector.add(Nanoseconds(value)) }
        return collector.distribution(valueUncertainty: Nanoseconds(5))
    }

    @Test func anEmptyDistributionHasNoFigures() {
        let none = distribution(of: [])
        #expect(none.count == 0)
        #expect(none.min == nil && none.max == nil && none.mean == nil && none[.p50] == nil)
        #expect(none.bins.isEmpty)
    }

    @Test func percentilesAreValuesThatOccurredWithFewerThanTheRestAbove() {
        let values = distribution(of: (1...20).map { $0 * 10 }.shuffled())
        #expect(values[.p50] == Nanoseconds(110))
        #expect(values[.p90] == Nanoseconds(190))
        #expect(values.min == Nanoseconds(10))
        #expect(values.max == Nanoseconds(200))
        #expect(values.mean == Nanoseconds(105))
        #expect(values.valueUncertainty == Nanoseconds(5))
    }

    @Test(arguments: [
        (Distribution.Percentile.p90, 10), (.p99, 100), (.p999, 1_000),
    ])
    func aPercentileNeedsEnoughValues(percentile: Distribution.Percentile, needed: Int) {
        let tooFew = distribution(of: (1..<Int64(needed)).map { $0 })
        let enough = distribution(of: (1...Int64(needed)).map { $0 })
        #expect(tooFew[percentile] == nil)
        #expect(enough[percentile] != nil)
    }

    @Test func upTo4096ValuesAreExact() {
        let values = distribution(of: (1...4_096).map { $0 * 1_000_003 })
        #expect(values.binningErrorPartsPerMillion == 0)
        #expect(values[.p50] == Nanoseconds(2_049 * 1_000_003))
    }

    @Test func moreValuesAreCountedInBinsAndSaySo() throws {
        let values = distribution(of: (1...10_000).map { $0 * 1_000_003 })
        #expect(values.count == 10_000)
        #expect(values.binningErrorPartsPerMillion == 1_000)
        #expect(values.min == Nanoseconds(1_000_003))
        #expect(values.max == Nanoseconds(10_000 * 1_000_003))
        #expect(values.mean == Nanoseconds((10_001 * 1_000_003 + 1) / 2))
        for (percentile, rank) in [
            (Distribution.Percentile.p50, 5_001), (.p90, 9_001), (.p99, 9_901), (.p999, 9_991),
        ] {
            let found = try #require(values[percentile])
            let expected = Int64(rank) * 1_000_003
            #expect(abs(found.count - expected) <= expected / 1_000)
        }
    }

    @Test(
        arguments: [
            [0], [7, 7, 7], [140_822_749, 148_644_148, 164_377_984], [1, 1_000_000_000],
            [0, 0, 1 << 61], [1 << 61, 1 << 62, .max],
        ] as [[Int64]])
    func binsAdjoinAndHoldEveryValue(values: [Int64]) {
        let distribution = distribution(of: values)
        #expect(distribution.bins.reduce(0) { $0 + $1.count } == Int64(values.count))
        #expect(distribution.bins.count <= Distribution.binCountMax)
        for (bin, next) in zip(distribution.bins, distribution.bins.dropFirst()) {
            #expect(bin.upper == next.lower)
        }
        for bin in distribution.bins { #expect(bin.lower < bin.upper) }
    }

    @Test func hugeSpansInHugeNumbersDoNotTrap() {
        var collector = DistributionCollector()
        for _ in 0..<5_000 { collector.add(Nanoseconds(1 << 62)) }
        collector.add(Nanoseconds(-3))
        let values = collector.distribution(valueUncertainty: nil)
        #expect(values.max == Nanoseconds(1 << 62))
        #expect(values.min == .zero)
    }
}

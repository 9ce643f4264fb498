public import Signals

/// How spans of time are spread: counts, order statistics, and bins to draw.
///
/// A percentile is the smallest value that occurred of which fewer than the rest are larger: fewer
/// than a tenth of all values exceed p90 (NumPy calls this the method `higher`). One that the number
/// of values does not support is absent: a p99 of 20 values would be their maximum under a better
/// name.
public struct Distribution: Equatable, Sendable {
    /// A percentile that reports know.
    public enum Percentile: UInt8, Hashable, Sendable, CaseIterable {
        case p50
        case p90
        case p99
        case p999

        /// The name in files, reports and gates.
        public var name: String {
            switch self {
            case .p50: "p50"
            case .p90: "p90"
            case .p99: "p99"
            case .p999: "p99.9"
            }
        }

        /// The fewest values that support it.
        public var countMin: Int64 {
            switch self {
            case .p50: 1
            case .p90: 10
            case .p99: 100
            case .p999: 1_000
            }
        }

        /// Of a thousand values, more than so many do not exceed it.
        var perMille: Int64 {
            switch self {
            case .p50: 500
            case .p90: 900
            case .p99: 990
            case .p999: 999
            }
        }
    }

    /// A range of values and how many fell into it.
    public struct Bin: Hashable, Sendable {
        /// The least value of the range.
        public var lower: Nanoseconds
        /// The first value beyond the range.
        public var upper: Nanoseconds
        /// How many values.
        public var count: Int64
    }

    /// How many values.
    public private(set) var count: Int64 = 0
    /// The shortest; nil when there is no value.
    public private(set) var min: Nanoseconds?
    /// The longest; nil when there is no value.
    public private(set) var max: Nanoseconds?
    /// The mean, rounded to nanoseconds; nil when there is no value.
    public private(set) var mean: Nanoseconds?
    /// Adjoining ranges that hold all values, at most ``binCountMax``.
    public private(set) var bins: [Bin] = []
    /// Percentiles are off by at most so many millionths of their value, because values were
    /// counted in bins; 0 when every value was kept.
    public private(set) var binningErrorPartsPerMillion: Int64 = 0
    /// One value is off by less than this, either way; nil when the stamps do not say.
    public private(set) var valueUncertainty: Nanoseconds?

    private var percentiles: [Nanoseconds?] = []

    /// Bins to draw are never more than this.
    static let binCountMax = 16

    /// No value.
    public init() {}

    /// A percentile; nil when there are too few values for it.
    public subscript(percentile: Percentile) -> Nanoseconds? {
        let index = Int(percentile.rawValue)
        return index < percentiles.count ? percentiles[index] : nil
    }

    /// A value and how often it occurred.
    struct Counted {
        var value: Int64
        var count: Int64
    }

    /// Values in rising order. Precondition: counts are above zero.
    init(
        rising values: [Counted], binningErrorPartsPerMillion: Int64 = 0,
        valueUncertainty: Nanoseconds?, exact: DistributionCollector.Extremes? = nil
    ) {
        self.valueUncertainty = valueUncertainty
        guard let first = values.first, let last = values.last else { return }
        self.binningErrorPartsPerMillion = binningErrorPartsPerMillion
        count = values.reduce(0) { $0 + $1.count }
        min = Nanoseconds(exact?.min ?? first.value)
        max = Nanoseconds(exact?.max ?? last.value)
        let sum =
            exact?.sum ?? values.reduce(Int128(0)) { $0 + Int128($1.value) * Int128($1.count) }
        mean = Nanoseconds(Int64(truncatingIfNeeded: (sum + Int128(count) / 2) / Int128(count)))
        percentiles = Percentile.allCases.map { percentile in
            count < percentile.countMin ? nil : Self.value(at: percentile, of: values, count: count)
        }
        bins = DistributionBins.bins(of: values)
    }

    private static func value(
        at percentile: Percentile, of values: [Counted], count: Int64
    ) -> Nanoseconds? {
        let below = Int128(count) * Int128(percentile.perMille) / 1_000
        let rank = Int64(truncatingIfNeeded: below) + 1
        var seen: Int64 = 0
        for value in values {
            seen += value.count
            if seen >= rank { return Nanoseconds(value.value) }
        }
        return nil
    }
}

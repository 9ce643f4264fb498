import Histogram
public import Signals

/// Collects spans of time into a ``Distribution``, in bounded memory.
///
/// The first ``exactCountMax`` values are kept as they are. When there are more, they are counted in
/// a high dynamic range histogram of three significant digits, and the distribution says so.
public struct DistributionCollector: Sendable {
    /// So many values are kept exactly.
    static let exactCountMax = 4_096
    /// Three significant digits: a bin is at most a thousandth of its value wide.
    static let histogramErrorPartsPerMillion: Int64 = 1_000
    /// Longer spans, of 13 days and more, are counted as this long.
    static let histogramValueMax: Int64 = 1 << 50

    /// No two moments that may enter from outside are further apart.
    static let spanMax = (Timestamp.latest - Timestamp.earliest).count

    /// What stays exact even when values are counted in bins.
    struct Extremes {
        var min: Int64 = .max
        var max: Int64 = .min
        var sum: Int128 = 0
    }

    private var values: [Int64] = []
    private var histogram: Histogram<UInt64>?
    private var extremes = Extremes()

    /// Nothing collected.
    public init() {}

    /// Whether nothing was collected.
    public var isEmpty: Bool { values.isEmpty && histogram == nil }

    /// Takes a span; a negative one counts as zero.
    public mutating func add(_ span: Nanoseconds) {
        let value = Swift.min(Swift.max(0, span.count), Self.spanMax)
        extremes.min = Swift.min(extremes.min, value)
        extremes.max = Swift.max(extremes.max, value)
        extremes.sum += Int128(value)
        if histogram == nil, values.count < Self.exactCountMax { return values.append(value) }
        if histogram == nil {
            histogram = Histogram(numberOfSignificantValueDigits: .three)
            for value in values { record(value) }
            values = []
        }
        record(value)
    }

    private mutating func record(_ value: Int64) {
        histogram?.record(UInt64(Swift.min(value, Self.histogramValueMax)))
    }

    /// What was collected so far.
    ///
    /// - Parameter valueUncertainty: one value is off by less than this; nil when not known.
    public func distribution(valueUncertainty: Nanoseconds?) -> Distribution {
        guard let histogram else {
            let counted = values.sorted().map { Distribution.Counted(value: $0, count: 1) }
            return Distribution(rising: counted, valueUncertainty: valueUncertainty)
        }
        var counted: [Distribution.Counted] = []
        for bin in histogram.recordedValues() {
            let middle = histogram.medianEquivalentForValue(bin.value)
            counted.append(
                .init(
                    value: Swift.min(Swift.max(Int64(middle), extremes.min), extremes.max),
                    count: Int64(bin.countAddedInThisIterationStep)))
        }
        return Distribution(
            rising: counted,
            binningErrorPartsPerMillion: Self.histogramErrorPartsPerMillion,
            valueUncertainty: valueUncertainty, exact: extremes)
    }
}

public import Decoding
public import Signals

/// How long one end took from the other's toggle to its own, bit after bit, and where it stood still.
///
/// A *stall* is a turn-round that is far longer than usual, after which the end went on: the link
/// stood still, and no reset was needed. A silence that ends in a reset is no turn-round at all; the
/// watchdog's figures have it.
public struct TurnRounds: Equatable, Sendable {
    /// A stall lasts at least this long, however fast the link is.
    static let stallMin = Nanoseconds.milliseconds(50)
    /// A stall lasts at least so many times the median turn-round.
    static let stallMedians: Int64 = 50
    /// The tally's bins: their middles are within 0.4 % of every value.
    static let binningErrorPartsPerMillion: Int64 = 4_000

    /// All turn-rounds of completed bits, stalls included.
    public var distribution: Distribution
    /// A turn-round from here on is a stall; nil when there is no turn-round.
    public var stallThreshold: Nanoseconds?
    /// How many stalls there were.
    public var stallCount: Int64
    /// The sum of all stalls.
    public var timeInStalls: Nanoseconds

    /// The turn-rounds that a decoder has counted.
    public init(_ tally: TurnRoundTally, valueUncertainty: Nanoseconds? = nil) {
        let bins = tally.bins
        distribution = Distribution(
            rising: bins.map { .init(value: $0.span.count, count: $0.count) },
            binningErrorPartsPerMillion: Self.binningErrorPartsPerMillion,
            valueUncertainty: valueUncertainty)
        stallCount = 0
        timeInStalls = .zero
        guard let median = distribution[.p50] else { return }
        let scaled = median.count.multipliedReportingOverflow(by: Self.stallMedians)
        let threshold = max(
            Self.stallMin, scaled.overflow ? median : Nanoseconds(scaled.partialValue))
        stallThreshold = threshold
        for bin in bins where bin.span >= threshold {
            stallCount += bin.count
            let length = bin.span.count.multipliedReportingOverflow(by: bin.count)
            if !length.overflow {
                timeInStalls = Nanoseconds(timeInStalls.count &+ length.partialValue)
            }
        }
    }
}

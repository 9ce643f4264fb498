#if Sigrok
public import Signals

/// When samples were taken.
public struct SampleClock: Hashable, Sendable {
    /// Samples a second, in Hz, above 0.
    public let rate: UInt64
    /// The time between two samples, if it is a whole number of nanoseconds; else 0.
    private let wholePeriod: UInt64

    /// Beyond this a sample takes less than a nanosecond, and times cannot tell them apart.
    public static let rateMax: UInt64 = 1_000_000_000
    /// Samples with a time that a capture can hold; more are never seen.
    static let samplesMax: UInt64 = 1 << 61

    /// The clock of a rate of 1 Hz to 1 GHz; nil for any other.
    public init?(rate: UInt64) {
        guard rate > 0, rate <= Self.rateMax else { return nil }
        self.rate = rate
        wholePeriod = Self.rateMax.isMultiple(of: rate) ? Self.rateMax / rate : 0
    }

    /// The time of a sample, rounded to whole nanoseconds; the first one is at 0.
    @inline(__always)
    public func time(of sample: UInt64) -> Timestamp {
        if wholePeriod > 0 {
            let (product, overflow) = sample.multipliedReportingOverflow(by: wholePeriod)
            return Self.time(overflow ? .max : product)
        }
        let (seconds, rest) = sample.quotientAndRemainder(dividingBy: rate)
        // The rest is below the rate, which is at most 2^30: nothing here overflows.
        let fraction = (rest &* 1_000_000_000 &+ rate / 2) / rate
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return Self.time(overflow || whole > Self.samplesMax ? .max : whole &+ fraction)
    }

    /// The number of the first sample at or after a time; one that is at most half a nanosecond
    /// before it counts as at it, as times are rounded.
    public func sample(at time: Timestamp) -> UInt64 {
        guard time.nanoseconds > 0 else { return 0 }
        // (t - 1/2) * rate / 10^9, rounded up.
        let halves = UInt64(time.nanoseconds) &* 2 &- 1
        let (high, low) = halves.multipliedFullWidth(by: rate)
        let divisor: UInt64 = 2_000_000_000
        guard high < divisor else { return .max }
        let (quotient, remainder) = divisor.dividingFullWidth((high, low))
        return quotient &+ (remainder > 0 ? 1 : 0)
    }

    /// The time between two samples, rounded up to whole nanoseconds.
    public var period: Nanoseconds {
        Nanoseconds(Int64(clamping: (1_000_000_000 + rate - 1) / rate))
    }

    @inline(__always)
    private static func time(_ nanoseconds: UInt64) -> Timestamp {
        Timestamp(
            nanoseconds: Int64(min(nanoseconds, UInt64(Timestamp.latest.nanoseconds))))
    }
}
#endif

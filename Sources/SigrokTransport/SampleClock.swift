#if Sigrok
    public import Signals

    /// When samples were taken.
    public struct SampleClock: Hashable, Sendable {
        /// Samples a second, in Hz, above 0.
        public let rate: UInt64

        /// The clock of a rate above 0.
        public init?(rate: UInt64) {
            guard rate > 0 else { return nil }
            self.rate = rate
        }

        /// The time of a sample, rounded to whole nanoseconds; the first one is at 0.
        public func time(of sample: UInt64) -> Timestamp {
            let (seconds, rest) = sample.quotientAndRemainder(dividingBy: rate)
            let (high, low) = rest.multipliedFullWidth(by: 1_000_000_000)
            let (sum, carry) = low.addingReportingOverflow(rate / 2)
            // The remainder is below the rate, so the quotient is at most 10^9.
            let fraction = rate.dividingFullWidth((high + (carry ? 1 : 0), sum)).quotient
            let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            guard !whole.overflow, whole.partialValue < UInt64(Timestamp.latest.nanoseconds) else {
                return .latest
            }
            return Timestamp(nanoseconds: Int64(whole.partialValue + fraction))
        }

        /// The number of the first sample at or after a time that is not negative.
        public func sample(at time: Timestamp) -> UInt64 {
            let nanoseconds = UInt64(clamping: time.nanoseconds)
            let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            let (high, low) = rest.multipliedFullWidth(by: rate)
            let (fraction, remainder) = UInt64(1_000_000_000).dividingFullWidth((high, low))
            let whole = seconds.multipliedReportingOverflow(by: rate)
            if whole.overflow { return .max }
            return whole.partialValue &+ fraction &+ (remainder > 0 ? 1 : 0)
        }

        /// The time between two samples, rounded up to whole nanoseconds.
        public var period: Nanoseconds {
            Nanoseconds(Int64(clamping: (1_000_000_000 + rate - 1) / rate))
        }
    }
#endif

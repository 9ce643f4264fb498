internal import Glibc
public import Signals

/// A delay with Gaussian jitter, in whole nanoseconds.
public struct JitteredDelay: Hashable, Sendable {
    /// The mean.
    public var mean: Nanoseconds
    /// The standard deviation.
    public var deviation: Nanoseconds

    /// A delay.
    public init(mean: Nanoseconds, deviation: Nanoseconds) {
        self.mean = mean
        self.deviation = deviation
    }

    /// The information in one value: the differential entropy of the normal distribution, which is
    /// that of its whole nanoseconds as long as the deviation is many of them.
    public var entropyBits: Double {
        log2(Double(deviation.count) * (2 * Double.pi * exp(1)).squareRoot())
    }

    /// A value, at least 1 ns.
    func sample(_ noise: inout SeededNoise) -> Nanoseconds {
        let value = Double(mean.count) + Double(deviation.count) * noise.gaussian()
        return Nanoseconds(max(1, Int64(value.rounded())))
    }
}

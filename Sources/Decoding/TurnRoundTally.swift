public import Signals

/// Counts spans of time in log-linear bins, cheaply enough for every edge of a capture.
///
/// Bins are 1 ns wide up to 255 ns and at most 1/128 of their value above, so the middle of a bin
/// is within 0.4 % of every span that it counted. A negative span counts as zero.
public struct TurnRoundTally: Hashable, Sendable {
    private static let binCount = 7_296
    private var counts: [UInt64]

    /// Nothing counted.
    public init() { counts = [UInt64](repeating: 0, count: TurnRoundTally.binCount) }

    /// Counts one span, in nanoseconds.
    @inline(__always)
    mutating func count(_ nanoseconds: Int64) {
        let value = UInt64(bitPattern: max(0, nanoseconds))
        let shift = max(0, 56 - value.leadingZeroBitCount)
        counts[shift &<< 7 &+ Int(truncatingIfNeeded: value &>> UInt64(shift))] &+= 1
    }

    /// A bin that counted something.
    public struct Bin: Hashable, Sendable {
        /// The middle of the bin.
        public var span: Nanoseconds
        /// How many spans fell into it.
        public var count: Int64
    }

    /// The bins that counted anything, shortest spans first.
    public var bins: [Bin] {
        var bins: [Bin] = []
        for (index, count) in counts.enumerated() where count > 0 {
            let middle = Nanoseconds(Self.middle(ofBin: index))
            bins.append(Bin(span: middle, count: Int64(truncatingIfNeeded: count)))
        }
        return bins
    }

    static func middle(ofBin bin: Int) -> Int64 {
        if bin < 256 { return Int64(bin) }
        let shift = (bin - 256) / 128 + 1
        return Int64(bin - shift * 128) << Int64(shift) + (1 << Int64(shift)) / 2
    }
}

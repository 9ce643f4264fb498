import Decoding
public import Signals

/// How many bits each end sent over time, in bins of one width.
///
/// The bins begin a second wide. A capture that needs more than ``binCountMax`` of them doubles
/// their width until it does not.
public struct RateSeries: Equatable, Sendable {
    /// A stretch of the capture.
    public struct Bin: Hashable, Sendable {
        /// Bits that the host sent in it.
        public var hostBits: Int64 = 0
        /// Bits that the bridge sent in it.
        public var bridgeBits: Int64 = 0
    }

    /// The most bins.
    static let binCountMax = 512
    /// The width at first.
    static let binWidthMin = Nanoseconds.seconds(1)

    /// Begin of the first bin.
    public private(set) var start: Timestamp?
    /// The width of every bin; only the last may end early, with the capture.
    public private(set) var binWidth = RateSeries.binWidthMin
    /// The bins, without holes.
    public private(set) var bins: [Bin] = []

    /// No traffic.
    public init() {}

    /// Adds an interval; it counts where it begins.
    mutating func add(_ interval: TrafficInterval) {
        let origin = start ?? interval.start
        start = origin
        let place = interval.start - origin
        guard place.count >= 0 else { return }
        while place.count / binWidth.count >= Int64(Self.binCountMax) { halve() }
        let index = Int(place.count / binWidth.count)
        while bins.count <= index { bins.append(Bin()) }
        bins[index].hostBits += interval.hostBits
        bins[index].bridgeBits += interval.bridgeBits
    }

    private mutating func halve() {
        var merged: [Bin] = []
        for (index, bin) in bins.enumerated() {
            if index % 2 == 0 {
                merged.append(bin)
            } else {
                merged[merged.count - 1].hostBits += bin.hostBits
                merged[merged.count - 1].bridgeBits += bin.bridgeBits
            }
        }
        bins = merged
        binWidth = Nanoseconds(binWidth.count * 2)
    }
}

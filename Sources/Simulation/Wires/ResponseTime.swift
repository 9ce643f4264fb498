import Signals

/// How long an end takes from the other's toggle to its own next edge.
///
/// A distribution by its quantiles: sixteen equally likely stretches between seventeen times, within
/// each of which every time is equally likely. That follows any measured distribution, costs one
/// random number, and gives whole nanoseconds.
public struct ResponseTime: Hashable, Sendable {
    /// The seventeen times, in nanoseconds, never falling; the first is the shortest.
    public let quantiles: [UInt32]

    /// A distribution by its quantiles. Precondition: there are seventeen, and none falls.
    public init(nanoseconds quantiles: [UInt32]) {
        precondition(quantiles.count == 17, "a response time has seventeen quantiles")
        for index in 1..<17 {
            precondition(quantiles[index - 1] <= quantiles[index], "quantiles must not fall")
        }
        self.quantiles = quantiles
    }

    /// Equally likely times from the shortest to the longest, in nanoseconds.
    public init(from shortest: UInt32, to longest: UInt32) {
        let span = UInt64(max(longest, shortest) - shortest)
        self.init(
            nanoseconds: (0...16).map { shortest + UInt32(truncatingIfNeeded: span * $0 / 16) })
    }

    /// The time that a random number stands for.
    @inline(__always)
    func time(_ random: UInt64) -> Nanoseconds {
        let place = Int(truncatingIfNeeded: random & 15)
        let low = UInt64(quantiles[place])
        let span = UInt64(quantiles[place + 1]) &- low
        return Nanoseconds(
            Int64(truncatingIfNeeded: low &+ (span &* (random >> 32)) >> 32))
    }
}

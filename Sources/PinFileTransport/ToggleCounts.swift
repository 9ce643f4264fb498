internal import Signals

/// How often the clocks of both ends have toggled, as the ends themselves count it beside their wires.
///
/// An end counts a toggle just before its clock moves, and a count is odd while its clock is high. So
/// whoever sees both knows how many toggles there were between two looks, however long he was away. An
/// end that is not this project's need not count.
/// Ref: Documentation/Protocol.md, Wire file.
struct ToggleCounts: Equatable {
    /// The host's count in the lower half, the bridge's in the upper one, as the file has them.
    var bits: UInt64 = 0

    subscript(end: LinkEnd) -> UInt32 {
        UInt32(truncatingIfNeeded: bits >> Self.shift(of: end))
    }

    private static func shift(of end: LinkEnd) -> UInt64 { end == .host ? 0 : 32 }

    /// Whether an end has counted so many toggles that its clock can have moved and moved back.
    func jumped(since before: ToggleCounts) -> Bool {
        guard bits != before.bits else { return false }
        return LinkEnd.allCases.contains { self[$0] &- before[$0] > 1 }
    }

    /// The count that belongs to a level: the end may have counted a toggle that it had not made yet.
    static func settled(_ count: UInt32, at level: Level) -> UInt32 {
        count &- (count ^ UInt32(level.rawValue)) & 1
    }
}

/// What a watcher knows of one end's count.
struct ToggleTally {
    /// As it was in the file.
    private var count: UInt32
    /// The toggles that had been made.
    private var settled: UInt32
    /// The end counts: its last toggle that was seen is in the count.
    private(set) var isKept = false

    init(_ count: UInt32, at level: Level) {
        self.count = count
        settled = ToggleCounts.settled(count, at: level)
    }

    /// How often the clock has toggled since the last look; −1 when it did once without being counted.
    func toggles(until count: UInt32, at level: Level) -> Int32 {
        Int32(bitPattern: ToggleCounts.settled(count, at: level) &- settled)
    }

    /// Takes the next look.
    ///
    /// - Parameter isInReset: the clock of a bridge is pulled down then, and nobody counts that.
    mutating func take(_ count: UInt32, at level: Level, isInReset: Bool) {
        if toggles(until: count, at: level) < 0 {
            isKept = isKept && isInReset
        } else if count != self.count {
            isKept = true
        }
        self.count = count
        settled = ToggleCounts.settled(count, at: level)
    }
}

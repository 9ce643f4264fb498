internal import Signals

/// How often the clocks of both ends have toggled, as the ends themselves count it beside their wires.
///
/// An end counts a toggle just before it makes it, and a count is odd when the clock is high behind the
/// toggles that it counts. So whoever sees both knows how many toggles there were between two looks,
/// however long he was away. An end that is not this project's need not count.
/// Ref: Documentation/Protocol.md, Wire file.
struct ToggleCounts: Equatable {
    /// The host's count in the lower half, the bridge's in the upper one, as the file has them.
    var bits: UInt64 = 0

    subscript(end: LinkEnd) -> UInt32 {
        UInt32(truncatingIfNeeded: bits >> Self.shift(of: end))
    }

    private static func shift(of end: LinkEnd) -> UInt64 { end == .host ? 0 : 32 }

    /// The count that belongs to a level: the end may have counted a toggle that it had not made yet.
    static func settled(_ count: UInt32, at level: Level) -> UInt32 {
        count &- (count ^ UInt32(level.rawValue)) & 1
    }

    /// The counts that belong to the levels of the clocks.
    func settled(at levels: LevelSet) -> ToggleCounts {
        LinkEnd.allCases.reduce(into: ToggleCounts()) { counts, end in
            let count = Self.settled(self[end], at: levels[end.clock])
            counts.bits |= UInt64(count) << Self.shift(of: end)
        }
    }

    /// Whether an end has counted so many toggles that its clock can have moved and moved back.
    ///
    /// - Parameter settled: the counts that belonged to the levels before.
    @inline(__always) func jumped(since settled: ToggleCounts) -> Bool {
        if bits == settled.bits { return false }
        return self[.host] &- settled[.host] > 1 || self[.bridge] &- settled[.bridge] > 1
    }
}

/// What a watcher knows of one end's count.
struct ToggleTally {
    /// As it was in the file.
    private var count: UInt32
    /// The toggles that had been made.
    private var settled: UInt32
    /// The end counts: its last toggle that was seen is in the count.
    private var isKept = false

    init(_ count: UInt32, at level: Level) {
        self.count = count
        settled = ToggleCounts.settled(count, at: level)
    }

    /// How often the clock has toggled since the last look; nil when the count does not say.
    func toggles(until count: UInt32, at level: Level) -> Int32? {
        let toggles = difference(until: count, at: level)
        guard toggles >= 0, isKept || count != self.count else { return nil }
        return toggles
    }

    /// −1 when the clock toggled once without being counted.
    private func difference(until count: UInt32, at level: Level) -> Int32 {
        Int32(bitPattern: ToggleCounts.settled(count, at: level) &- settled)
    }

    /// Takes the next look.
    ///
    /// - Parameter isPulledDown: the clock can have been brought to rest by the reset circuit, which
    ///   does not count.
    mutating func take(_ count: UInt32, at level: Level, isPulledDown: Bool) {
        if difference(until: count, at: level) < 0 {
            isKept = isKept && isPulledDown
        } else if count != self.count {
            isKept = true
        }
        self.count = count
        settled = ToggleCounts.settled(count, at: level)
    }
}

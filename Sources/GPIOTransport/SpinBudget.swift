#if GPIO
/// Whether it is worth while to look at a line again and again before sleeping.
///
/// It is, as long as the other end answers within that time: it spares both the way through the
/// scheduler. An end that is slower, or pauses, would only cost processor time: after some failures in a
/// row it is tried less and less often.
struct SpinBudget {
    /// How long one look lasts; 0 for never.
    let nanoseconds: UInt64
    private var failures = 0
    private var waitsToSkip = 0

    /// So many failures in a row are an accident.
    private static let failuresTolerated = 3
    /// At most every 64th wait is tried for nothing.
    private static let backOffMax = 6

    init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Whether the next wait should begin with looking.
    mutating func isWorthwhile() -> Bool {
        guard nanoseconds > 0 else { return false }
        if waitsToSkip == 0 { return true }
        waitsToSkip -= 1
        return false
    }

    /// The other end answered in time.
    mutating func succeed() { failures = 0 }

    /// It did not.
    mutating func fail() {
        failures += 1
        let excess = min(failures - Self.failuresTolerated, Self.backOffMax)
        if excess > 0 { waitsToSkip = 1 << excess - 1 }
    }
}
#endif

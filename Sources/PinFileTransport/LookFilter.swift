internal import Signals

/// Which looks are kept to be made edges of: those that saw something new, and those behind which
/// ``LookOrder`` can find a gap.
struct LookFilter {
    /// When the wires last moved.
    private(set) var lastMove: UInt64
    /// When they last moved, or an interruption ended.
    private var lastEvent: UInt64
    private var seen: LevelSet
    private var settled: ToggleCounts

    init(first look: PinLook) {
        lastMove = look.time
        lastEvent = look.time
        seen = look.levels
        settled = look.toggles.settled(at: look.levels)
    }

    /// Whether a look is kept.
    ///
    /// - Parameter isNapping: the watcher sleeps between looks, as nothing has moved for long.
    @inline(__always) mutating func keeps(_ look: PinLook, isNapping: Bool = false) -> Bool {
        let hasMoved = look.levels != seen || look.toggles.jumped(since: settled)
        guard hasMoved || look.followsLoss || !isNapping && matters(look) else { return false }
        if hasMoved { lastMove = look.time }
        if hasMoved || look.followsLoss || look.blindness >= LookOrder.interruptionMin {
            lastEvent = look.time
        }
        seen = look.levels
        settled = look.toggles.settled(at: look.levels)
        return true
    }

    /// Whether a look that saw nothing new can matter: there is a gap before it only if it was blind
    /// for longer than a look takes, or if the link was moving at its pace and the look was blind for
    /// as long as that. Other such looks need not be kept, however slow the watcher is.
    @inline(__always) private func matters(_ look: PinLook) -> Bool {
        guard look.blindness >= LookOrder.blindnessMin else { return false }
        return look.blindness >= LookOrder.interruptionMin
            || look.previousTime &- lastEvent <= LookOrder.patience(pace: look.blindness)
    }
}

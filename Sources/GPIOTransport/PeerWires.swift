// Which line is read when: everything that decides it lives here, and nothing that talks to a kernel.

#if GPIO
internal import LiveEdges
internal import Signals
internal import Synchronization

/// The wires that the other end drives, read with no more system calls than a bit needs.
///
/// **The clock is read before the data.** The other end sets its data and then turns its clock, so data
/// that are read after a clock that has turned are right. One call for both lines would not do: many
/// drivers then read one line after the other, in the order of their numbers (the BCM2835's does), and
/// could find old data and a new clock. So the clock is read alone, and the data once it has turned.
///
/// **Levels decide, events only wake.** A wait sleeps for ``sleepMilliseconds`` at most before it looks
/// at the clock, so an event that the kernel lost delays a bit, and cannot stall the link. That an event
/// brings the level that the kernel read after the edge spares reading it again, if it is the only one
/// and the last level was not read past the events.
final class PeerWires<Lines: PortLines> {
    private let lines: Lines
    private let clock: Channel
    private let data: Channel
    private let clockPlace: Int
    private let dataPlace: Int
    private let resetPlace: Int?
    private var spin: SpinBudget
    /// The levels that were read last; nil before the first time.
    private var known: LevelSet?
    /// The clock as a wait has found it, for the next ``read()``.
    private var clockFound: Level?
    /// `reset` has had events, or was not looked at for ``readsWithoutReset`` bits.
    private var readsUntilReset = 0
    /// The clock was read at a level whose event may still wait in the kernel.
    private var hasOldEvents = true
    /// When the timer is set to end a wait; it may be earlier than wanted.
    private var timer: UInt64?
    private let isCalled = Atomic<Bool>(false)

    /// How long a wait sleeps without looking.
    static var sleepMilliseconds: Int32 { 100 }
    /// While bits follow one another without any sleep, `reset` is read after so many.
    static var readsWithoutReset: Int { 64 }

    /// - Parameter channels: the places of the lines.
    init(
        _ lines: Lines, peer: LinkEnd, clockPlace: Int, dataPlace: Int, resetPlace: Int?,
        spinNanoseconds: UInt64
    ) {
        self.lines = lines
        clock = peer.clock
        data = peer.data
        self.clockPlace = clockPlace
        self.dataPlace = dataPlace
        self.resetPlace = resetPlace
        spin = SpinBudget(nanoseconds: spinNanoseconds)
    }

    /// The levels: the clock's, unless a wait has just read it, then the data's; and `reset` now and then
    /// while bits come, always when none does.
    func read() throws(GPIOError) -> LevelSet {
        var levels = known ?? LevelSet(bits: 0)
        let level = if let clockFound { clockFound } else { try readClock() }
        clockFound = nil
        let hasTurned = known != nil && levels[clock] != level
        levels[clock] = level
        levels[data] = try lines.level(at: dataPlace)
        if let resetPlace {
            readsUntilReset -= 1
            if !hasTurned || readsUntilReset <= 0 {
                levels[.reset] = try lines.level(at: resetPlace)
                readsUntilReset = Self.readsWithoutReset
            }
        }
        known = levels
        return levels
    }

    /// Reads the clock past its events.
    private func readClock() throws(GPIOError) -> Level {
        let level = try lines.level(at: clockPlace)
        if level != known?[clock] { hasOldEvents = true }
        return level
    }

    /// Waits until the clock has another level than `seen`, or `reset` has moved, or somebody calls, or
    /// the time is up.
    func wait(whileAt seen: Level, until deadline: UInt64?) throws(GPIOError) {
        if let clockFound, clockFound != seen { return }
        clockFound = nil
        if isCalled.exchange(false, ordering: .acquiring) { return }
        if spin.isWorthwhile(), try look(whileAt: seen, until: deadline) { return }
        try setTimer(deadline)
        while try sleep(whileAt: seen) {}
    }

    /// Looks at the clock for a while; true if it has turned, or somebody calls.
    private func look(whileAt seen: Level, until deadline: UInt64?) throws(GPIOError) -> Bool {
        let end = min(MonotonicClock.nanoseconds() + spin.nanoseconds, deadline ?? .max)
        repeat {
            if try hasTurned(from: seen) {
                spin.succeed()
                return true
            }
            if isCalled.exchange(false, ordering: .acquiring) { return true }
        } while MonotonicClock.nanoseconds() < end
        spin.fail()
        return false
    }

    /// Reads the clock, and keeps what it finds if it is something new.
    private func hasTurned(from seen: Level) throws(GPIOError) -> Bool {
        let level = try lines.level(at: clockPlace)
        guard level != seen else { return false }
        hasOldEvents = true
        clockFound = level
        return true
    }

    /// Sleeps once; true if there is no reason yet to end the wait.
    private func sleep(whileAt seen: Level) throws(GPIOError) -> Bool {
        let wakeUp = try lines.wait(milliseconds: Self.sleepMilliseconds)
        if wakeUp.isDue { timer = nil }
        if wakeUp.isCalled { isCalled.store(false, ordering: .releasing) }
        var isOver = wakeUp.isCalled || wakeUp.isDue
        if let resetPlace, wakeUp.moved >> UInt32(resetPlace) & 1 == 1 {
            readsUntilReset = 0
            isOver = true
        }
        guard wakeUp.moved >> UInt32(clockPlace) & 1 == 1 else {
            if isOver { return false }
            // It slept for long: an event may have been lost.
            if try hasTurned(from: seen) { return false }
            return try !resetHasMoved()
        }
        let told = Level(bit: UInt8(wakeUp.levels >> UInt32(clockPlace) & 1))
        let isOnlyEvent = wakeUp.movedOnce >> UInt32(clockPlace) & 1 == 1
        if isOnlyEvent, !hasOldEvents, told != seen, spin.nanoseconds == 0 {
            clockFound = told
            return false
        }
        let level = try lines.level(at: clockPlace)
        hasOldEvents = level != told
        if level == seen { return !isOver }
        clockFound = level
        return false
    }

    private func resetHasMoved() throws(GPIOError) -> Bool {
        guard let resetPlace else { return false }
        guard try lines.level(at: resetPlace) != known?[.reset] else { return false }
        readsUntilReset = 0
        return true
    }

    /// Sets the timer, unless it ends the wait before anyway: a deadline that is put off again and again
    /// costs nothing.
    private func setTimer(_ deadline: UInt64?) throws(GPIOError) {
        guard let deadline, deadline < timer ?? .max else { return }
        try lines.setDeadline(deadline)
        timer = deadline
    }

    /// Ends a wait that is under way, or else the next one. From any thread.
    func call() {
        isCalled.store(true, ordering: .releasing)
        lines.wake()
    }
}
#endif

internal import CPinFile
internal import Glibc
internal import LiveEdges
internal import LivePorts
internal import Signals

/// What a thread that waits remembers from one wait to the next.
struct WaitMemory {
    /// When it last slept.
    var awakeSince: UInt64
    /// The last sleep lasted longer than what it waited for.
    var hasOverslept = false
    /// How long the last rest of the other end was; 0 when none is expected.
    var rest: UInt64 = 0
    /// The thread whose sleeps are exact.
    var thread: pthread_t?
}

/// The waits that the first looks do not end.
extension PinFilePort {
    @inline(never) func waitLonger(whileAt seen: LevelSet, until deadline: UInt64) {
        let start = MonotonicClock.nanoseconds()
        let share = (start &- memory.awakeSince) / max(1, policy.spinShare)
        let spin =
            memory.hasOverslept
            ? policy.spinNanosecondsAfterSleep
            : min(max(share, policy.spinNanosecondsMin), policy.spinNanosecondsMax)
        memory.hasOverslept = false
        if isOver(seen, lookingUntil: min(start &+ spin, deadline)) { return }
        for _ in 0..<policy.yieldsMax {
            sched_yield()
            if isOver(seen) { return }
        }
        makeSleepsExact()
        let now = MonotonicClock.nanoseconds()
        guard now < deadline else { return }
        if deadline - now <= policy.sleepNanosecondsKnown {
            sleep(until: deadline, from: now)
        } else if !sleepThroughRest(whileAt: seen, since: start) {
            sleepLongerAndLonger(whileAt: seen, since: start, until: deadline)
        }
    }

    /// Looks again and again; false if the time was up.
    private func isOver(_ seen: LevelSet, lookingUntil end: UInt64) -> Bool {
        while MonotonicClock.nanoseconds() < end {
            for _ in 0..<policy.looksPerReading {
                if isOver(seen) { return true }
                cpinfile_pause()
            }
        }
        return false
    }

    /// Expects a rest like the last one; false if it lasts longer.
    private func sleepThroughRest(whileAt seen: LevelSet, since start: UInt64) -> Bool {
        guard memory.rest > 0, policy.restShare > 0 else { return false }
        let margin = memory.rest / policy.restShare
        let now = MonotonicClock.nanoseconds()
        let wakening = start &+ memory.rest &- margin
        if now < wakening {
            sleep(until: wakening, from: now)
            if isOver(seen) {
                // The moment of its end is not known, but that it came before.
                memory.hasOverslept = true
                memory.rest -= margin
                return true
            }
        }
        guard isOver(seen, lookingUntil: start &+ memory.rest &+ margin) else {
            memory.rest = 0
            return false
        }
        remember(restSince: start)
        return true
    }

    private func sleepLongerAndLonger(
        whileAt seen: LevelSet, since start: UInt64, until deadline: UInt64
    ) {
        var interval = policy.sleepNanosecondsMin
        var now = MonotonicClock.nanoseconds()
        while now < deadline {
            sleep(until: now &+ min(interval, deadline - now), from: now)
            if isOver(seen) {
                memory.hasOverslept = true
                return remember(restSince: start)
            }
            now = MonotonicClock.nanoseconds()
            interval = min(interval &* policy.sleepGrowth, policy.sleepNanosecondsMax)
        }
    }

    private func remember(restSince start: UInt64) {
        let rest = MonotonicClock.nanoseconds() &- start
        let isRest = rest >= policy.restNanosecondsMin && rest <= policy.sleepNanosecondsKnown
        memory.rest = isRest ? rest : 0
    }

    private func sleep(until end: UInt64, from now: UInt64) {
        bed.wait(atMost: end - now) { _ in isCalled }
        memory.awakeSince = MonotonicClock.nanoseconds()
    }

    /// Without this the kernel ends sleeps up to 50 us late, to end several at once.
    private func makeSleepsExact() {
        guard memory.thread != pthread_self() else { return }
        cpinfile_set_timer_slack(1)
        memory.thread = pthread_self()
    }
}

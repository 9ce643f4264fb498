internal import CPinFile
internal import Glibc
internal import LiveEdges
internal import LivePorts
internal import Signals

/// What a thread that waits remembers from one wait to the next.
struct WaitMemory {
    /// When it last slept.
    var awakeSince: UInt64
    /// It has slept since the last wait that a few looks ended.
    var hasSlept = false
    /// How long the rests of the other end were of late; 0 when none is expected.
    var rest: UInt64 = 0
    /// By so much less is it expected to be if it ends too early once more.
    var step: UInt64 = 0
    /// How late sleeps end, in the mean of the last ones.
    var lateness: UInt64 = 0
    /// The thread whose sleeps are exact.
    var thread: pthread_t?
}

/// The waits that the first looks do not end.
extension PinFilePort {
    @inline(never) func waitLonger(whileAt seen: LevelSet, until deadline: UInt64) {
        let start = MonotonicClock.nanoseconds()
        let share = (start &- memory.awakeSince) / max(1, policy.spinShare)
        let hasSlept = memory.hasSlept
        let spin =
            hasSlept
            ? policy.spinNanosecondsAfterSleep
            : min(max(share, policy.spinNanosecondsMin), policy.spinNanosecondsMax)
        memory.hasSlept = false
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
        } else if hasSlept || !sleepThroughRest(whileAt: seen, since: start) {
            let end = sleepLongerAndLonger(whileAt: seen, since: start, until: deadline)
            if !hasSlept, let end { remember(restFrom: start, to: end) }
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
        guard memory.rest > 0 else { return false }
        let margin = memory.lateness + policy.restNanosecondsMargin
        let now = MonotonicClock.nanoseconds()
        let wakening = start &+ memory.rest &- margin
        if now < wakening {
            sleep(until: wakening, from: now)
            if isOver(seen) {
                if memory.awakeSince >= wakening {
                    // The moment of its end is not known, but that it came before.
                    memory.rest -= min(memory.step, memory.rest)
                    memory.step *= 2
                }
                return true
            }
        }
        let isOver = isOver(seen, lookingUntil: start &+ memory.rest &+ margin)
        guard isOver else { return false }
        remember(restFrom: start, to: MonotonicClock.nanoseconds())
        return true
    }

    /// Gives the last moment at which the other end was known to rest; nil when the time was up.
    private func sleepLongerAndLonger(
        whileAt seen: LevelSet, since start: UInt64, until deadline: UInt64
    ) -> UInt64? {
        var interval = policy.sleepNanosecondsMin
        var now = MonotonicClock.nanoseconds()
        while now < deadline {
            let before = now
            sleep(until: now &+ min(interval, deadline - now), from: now)
            if isOver(seen) {
                // It ended while nobody looked: the next end is looked for from there on.
                return before
            }
            now = MonotonicClock.nanoseconds()
            interval = min(interval &* policy.sleepGrowth, policy.sleepNanosecondsMax)
        }
        return nil
    }

    /// Expects the next rest to be as long as this one. Only the host rests.
    private func remember(restFrom start: UInt64, to end: UInt64) {
        guard self.end == .bridge, policy.restNanosecondsMargin > 0 else { return }
        let rest = end &- start
        guard rest >= policy.restNanosecondsMin, rest <= policy.sleepNanosecondsKnown else {
            return
        }
        let known = memory.rest == 0 ? rest : memory.rest
        memory.rest = (known + rest) / 2
        memory.step = policy.restNanosecondsMargin
    }

    private func sleep(until end: UInt64, from now: UInt64) {
        bed.wait(atMost: end - now) { _ in isCalled }
        let woken = MonotonicClock.nanoseconds()
        memory.awakeSince = woken
        memory.hasSlept = true
        guard woken > end else { return }
        let lateness = min(woken - end, policy.latenessNanosecondsMax)
        memory.lateness = (memory.lateness * 7 + lateness) / 8
    }

    /// Without this the kernel ends sleeps up to 50 us late, to end several at once.
    private func makeSleepsExact() {
        guard memory.thread != pthread_self() else { return }
        cpinfile_set_timer_slack(1)
        memory.thread = pthread_self()
    }
}

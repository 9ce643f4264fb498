import Glibc

/// A clock that can be waited for, in nanoseconds.
protocol LabClock {
    func now() -> Int64
    func sleep(until nanoseconds: Int64)
}

/// CLOCK_MONOTONIC, by which the kernel stamps edge events.
struct MonotonicClock: LabClock {
    func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Returns early if somebody wants the work to end.
    func sleep(until nanoseconds: Int64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {
            if EndRequest.isThere { return }
        }
    }
}

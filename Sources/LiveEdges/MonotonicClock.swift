internal import Glibc

/// The time since some moment in the past, by a clock that nobody sets.
public enum MonotonicClock {
    /// Nanoseconds of CLOCK_MONOTONIC, by which the kernel stamps GPIO edges too.
    public static func nanoseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}

internal import Glibc

/// The memory that a bridge tells of: what this computer has left, and what this process has.
struct MachineMemory {
    /// Bytes that are free on this computer.
    let free: Int64
    /// The most bytes of this process that were in memory.
    let allocated: Int64

    init() {
        let pages = Int64(max(0, sysconf(CInt(_SC_AVPHYS_PAGES))))
        free = pages &* Int64(getpagesize())
        var usage = rusage()
        // In kilobytes on Linux, the most that there was.
        allocated =
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0
            ? Int64(usage.ru_maxrss) &* 1_024 : 0
    }
}

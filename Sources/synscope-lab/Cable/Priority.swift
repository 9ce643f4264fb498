import Glibc

/// Whose turn it is on the guest's only processor.
enum Priority {
    /// Below the kernel's own interrupt threads (50), above every usual process.
    private static var ofCables: Int32 { 10 }

    /// Lets this process run at once whenever it has something to do; false if that is not allowed.
    ///
    /// A cable must see each movement of its sources before the program that made it can go on.
    static func raise() -> Bool {
        var parameters = sched_param(sched_priority: ofCables)
        return sched_setscheduler(0, SCHED_FIFO, &parameters) == 0
    }
}

#if GPIO
internal import Signals

/// Lines that were asked for, each at its place: every call is one system call.
protocol PortLines: AnyObject {
    /// The present level.
    func level(at place: Int) throws(GPIOError) -> Level
    /// Drives a line.
    func drive(_ level: Level, at place: Int) throws(GPIOError)
    /// Lets one wait end at a moment of CLOCK_MONOTONIC.
    func setDeadline(_ nanoseconds: UInt64) throws(GPIOError)
    /// Waits for an event, a call or the deadline, or for a time.
    func wait(milliseconds: Int32) throws(GPIOError) -> PortWakeUp
    /// Ends a wait that is under way, or else the next one. From any thread.
    func wake()
    /// Gives the lines back; after that they can only be woken.
    func release()
}

/// What ended a wait; nothing when its time was up or a signal came.
struct PortWakeUp: Hashable, Sendable {
    /// ``PortLines/wake()`` was called.
    var isCalled = false
    /// The deadline is there, and forgotten.
    var isDue = false
    /// The places of the lines that had events, as bits.
    var moved: UInt32 = 0
    /// Of these the ones that had a single event.
    var movedOnce: UInt32 = 0
    /// Their levels by their last event.
    var levels: UInt32 = 0
}
#endif

// A lock with a condition. Synchronization.Mutex has no condition, and Foundation's would bring
// Objective-C's conventions along.

internal import Glibc

/// A value that threads share, and wait for.
public final class Monitor<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    /// A value that nobody waits for yet.
    public init(_ value: Value) {
        self.value = value
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        // Waits end by the clock that no one can set.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the value, alone, and wakes whoever waits if it returns true.
    @discardableResult
    public func change(_ body: (inout Value) -> Bool) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard body(&value) else { return false }
        pthread_cond_broadcast(condition)
        return true
    }

    /// Gives something of the value.
    public func read<Result>(_ body: (borrowing Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(value)
    }

    /// Waits until `body` returns true, and wakes the others then; it is asked whenever somebody
    /// changed the value, and when the time is up.
    ///
    /// - Returns: false if the time was up before that.
    @discardableResult
    public func wait(
        atMost nanoseconds: UInt64 = .max, until body: (inout Value) -> Bool
    ) -> Bool {
        let end = MonotonicClock.nanoseconds().addingReportingOverflow(nanoseconds)
        var limit = timespec()
        limit.tv_sec = Int(clamping: end.partialValue / 1_000_000_000)
        limit.tv_nsec = Int(end.partialValue % 1_000_000_000)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !body(&value) {
            if end.overflow {
                pthread_cond_wait(condition, mutex)
            } else if pthread_cond_timedwait(condition, mutex, &limit) == ETIMEDOUT {
                guard body(&value) else { return false }
                break
            }
        }
        pthread_cond_broadcast(condition)
        return true
    }
}

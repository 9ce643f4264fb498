import Signals

/// Requests that the bridge has not answered, oldest first. It works on one at a time.
struct RequestQueue: Sendable {
    /// What was asked for.
    enum Request: UInt8, Sendable {
        case publication
        case time
        case memory
    }

    private var requests: [Request] = []
    /// Since when the bridge can have worked on the oldest.
    private var oldestSince: Timestamp = .zero
    /// For how long that was put off.
    private var paused = Nanoseconds.zero

    /// An answer is put off by so much at most: one that was lost is noticed under any load.
    static let pauseMax = Nanoseconds.seconds(3_600)

    mutating func append(_ request: Request, at now: Timestamp) {
        if requests.isEmpty { restartDeadline(at: now) }
        requests.append(request)
    }

    /// Takes the oldest request of a kind off the list; false when there is none.
    mutating func answer(_ request: Request, at now: Timestamp) -> Bool {
        for index in requests.indices where requests[index] == request {
            requests.remove(at: index)
            restartDeadline(at: now)
            return true
        }
        return false
    }

    /// The bridge spoke of something else for so long: what it was asked for waits behind that. In a
    /// flood of messages an answer takes its turn, and the bridge is well.
    mutating func pauseDeadline(for time: Nanoseconds, at now: Timestamp) {
        guard paused < Self.pauseMax else { return }
        paused = paused + time
        oldestSince = min(oldestSince + time, max(oldestSince, now))
    }

    /// The bridge has only now begun, or can only now go on.
    mutating func restartDeadline(at now: Timestamp) {
        oldestSince = now
        paused = .zero
    }

    mutating func removeAll() { requests.removeAll(keepingCapacity: true) }

    /// The moment at which all that was asked for must be answered; nil when nothing was.
    func deadline(allowance: (Request) -> Nanoseconds) -> Timestamp? {
        if requests.isEmpty { return nil }
        var sum = Nanoseconds.zero
        for request in requests { sum = sum + allowance(request) }
        return oldestSince + sum
    }
}

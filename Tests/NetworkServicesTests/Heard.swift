import Synchronization

/// What was told, in its order.
final class Heard<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    /// All of it so far.
    var all: [Value] { values.withLock { $0 } }

    func note(_ value: Value) { values.withLock { $0.append(value) } }
}

/// Waits until something is true; false if it is not within 20 s.
func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    for _ in 0..<2_000 {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return try condition()
}

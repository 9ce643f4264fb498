import Glibc
import LiveEdges

/// Waits for the end of a live end: Ctrl-C, a signal, or its own.
final class EndRun: Sendable {
    private let ended = Monitor(false)

    /// So often Ctrl-C is looked for.
    private static let lookNanoseconds: UInt64 = 50_000_000

    /// The end has come by itself.
    func end() {
        ended.change { isOver in
            isOver = true
            return true
        }
    }

    /// Returns when it has, or somebody wants it to.
    func wait() {
        while !Interrupt.isRequested {
            if ended.wait(atMost: Self.lookNanoseconds, until: { $0 }) { return }
        }
    }
}

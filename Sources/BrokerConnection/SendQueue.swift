#if Broker
/// Bytes on their way to the broker: those that wait to be written, and those that are being written.
struct SendQueue {
    /// What is to be done after bytes were added.
    enum Verdict {
        case nothing
        /// The thread must be told to write.
        case write
        /// There are too many; the queue is closed.
        case overflow(bytes: Int)
    }

    private var waiting: [UInt8] = []
    private var leaving = 0
    private var isWriteDue = false
    private(set) var isClosed = false

    /// Whether everything has left.
    var isEmpty: Bool { waiting.isEmpty && leaving == 0 }

    mutating func append(_ bytes: [UInt8], max: Int) -> Verdict {
        guard !isClosed, !bytes.isEmpty else { return .nothing }
        let total = waiting.count + leaving + bytes.count
        guard total <= max else {
            discard()
            return .overflow(bytes: total)
        }
        waiting += bytes
        guard !isWriteDue else { return .nothing }
        isWriteDue = true
        return .write
    }

    /// The write that was due is under way.
    mutating func beginWrite() { isWriteDue = false }

    /// Takes what waits, to write it.
    mutating func take() -> [UInt8] {
        defer { waiting = [] }
        leaving += waiting.count
        return waiting
    }

    /// So many bytes were written.
    mutating func remove(_ count: Int) { leaving -= count }

    /// Takes no more.
    mutating func close() { isClosed = true }

    /// Takes no more, and forgets what waits.
    mutating func discard() {
        isClosed = true
        waiting = []
    }
}
#endif

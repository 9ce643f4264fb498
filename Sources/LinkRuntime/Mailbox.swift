internal import LiveEdges
internal import Synchronization

/// What other threads have for a machine's thread, in order and bounded.
final class Mailbox<Mail: Sendable>: Sendable {
    private let box: Monitor<[Mail]>
    private let limit: Int
    /// Looked at for every bit, so it costs no lock.
    private let isFull = Atomic<Bool>(false)

    /// - Parameter limit: the most that waits.
    init(limit: Int) {
        self.limit = limit
        box = Monitor([])
    }

    /// Whether something waits.
    @inline(__always)
    var hasMail: Bool { isFull.load(ordering: .acquiring) }

    /// Puts something in; false if as much waits as may.
    func post(_ mail: Mail) -> Bool {
        var isTaken = false
        box.change { waiting in
            isTaken = waiting.count < limit
            if isTaken { waiting.append(mail) }
            return false
        }
        if isTaken { isFull.store(true, ordering: .releasing) }
        return isTaken
    }

    /// Puts the last thing in, for which there is always room.
    func postLast(_ mail: Mail) {
        box.change { waiting in
            waiting.append(mail)
            return false
        }
        isFull.store(true, ordering: .releasing)
    }

    /// Takes everything that waits, oldest first.
    func take(into mail: inout [Mail]) {
        isFull.store(false, ordering: .relaxed)
        box.change { waiting in
            swap(&waiting, &mail)
            waiting.removeAll(keepingCapacity: true)
            return false
        }
    }
}

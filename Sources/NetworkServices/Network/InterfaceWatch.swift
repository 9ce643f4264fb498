internal import Glibc
internal import LiveEdges
internal import Synchronization

/// Looks at an interface, on a thread of its own, whenever the kernel says that something changed.
final class InterfaceWatch: Sendable {
    private let work: Work

    private final class Work: Sendable {
        let notices: InterfaceNotices
        let association: Association
        let isEnded = Atomic<Bool>(false)

        init(_ association: Association) throws(NetworkFailure) {
            notices = try InterfaceNotices()
            self.association = association
        }

        func run() {
            var patience: Int32 = -1
            while !isEnded.load(ordering: .acquiring) {
                notices.wait(milliseconds: patience)
                patience = look() ? -1 : InterfaceWatch.retryMilliseconds
            }
        }

        /// Looks at the interface that is asked for; false if the system would not say.
        private func look() -> Bool {
            guard let (name, generation) = association.interface else { return true }
            do throws(NetworkFailure) {
                let interface = try NetworkInterface.all().first { $0.name == name }
                association.take(isUsable: interface?.isUsable ?? false, for: generation)
                return true
            } catch {
                // What was true remains so until the system says otherwise: it lacks memory or files.
                return false
            }
        }
    }

    /// After so long it looks again, when the system would not say.
    private static let retryMilliseconds: Int32 = 1_000

    /// Starts the thread.
    init(_ association: Association) throws(NetworkFailure) {
        work = try Work(association)
        let number = DetachedThread.start { [work] in work.run() }
        guard number == 0 else {
            throw NetworkFailure(doing: "starting a thread", errno: number)
        }
    }

    /// Has it look soon.
    func look() { work.notices.wake() }

    /// Ends the thread soon, and tells nothing more.
    func end() {
        work.association.end()
        work.isEnded.store(true, ordering: .releasing)
        work.notices.wake()
    }
}

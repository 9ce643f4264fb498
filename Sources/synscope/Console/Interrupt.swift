import Glibc
import Synchronization

/// Somebody wants the work under way to end. At file scope, so that a signal handler, which cannot
/// capture anything, can set it.
private let endRequested = Atomic<Bool>(false)

private func requestEnd(_ signal: Int32) {
    if endRequested.exchange(true, ordering: .relaxed) { _exit(128 + signal) }
}

/// Ctrl-C: the first one asks the work under way to finish its file, the second one kills.
enum Interrupt {
    /// Whether somebody wants the work to end.
    static var isRequested: Bool { endRequested.load(ordering: .relaxed) }

    static func install() {
        // Touched here, so that no handler is the first to initialise it.
        endRequested.store(false, ordering: .relaxed)
        signal(SIGINT, requestEnd)
        signal(SIGTERM, requestEnd)
    }
}

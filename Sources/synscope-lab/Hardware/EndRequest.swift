import Glibc
import Synchronization

/// At file scope, so that a signal handler, which cannot capture anything, can set it.
private let endRequested = Atomic<Bool>(false)

/// Ctrl-C, SIGTERM or SIGHUP: the work under way ends, and says what it did.
enum EndRequest {
    static var isThere: Bool { endRequested.load(ordering: .relaxed) }

    static func install() {
        // Touched here, so that no handler is the first to initialise it.
        endRequested.store(false, ordering: .relaxed)
        // Without SA_RESTART: a wait returns.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            endRequested.store(true, ordering: .relaxed)
        }
        sigemptyset(&action.sa_mask)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaction(signal, &action, nil) }
        // A shell starts its background processes with SIGINT ignored, and may have blocked signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        sigprocmask(SIG_UNBLOCK, &signals, nil)
    }
}

import Glibc
import Synchronization

/// Somebody wants the work under way to end. At file scope, so that a signal handler, which cannot
/// capture anything, can set it.
private let endRequested = Atomic<Bool>(false)

private func requestEnd(_ signal: Int32) {
    if endRequested.exchange(true, ordering: .relaxed) { _exit(128 + signal) }
}

/// Whoever started this process may have closed them: then the next file that is opened would get what
/// is told to a user.
private func reserveStandardStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
        if fcntl(stream, F_GETFD) >= 0 || errno != EBADF { continue }
        // The lowest number that is free is the one that is missing.
        _ = open("/dev/null", O_RDWR)
    }
}

/// Ctrl-C: the first one asks the work under way to finish its file, the second one kills.
enum Interrupt {
    /// Whether somebody wants the work to end.
    static var isRequested: Bool { endRequested.load(ordering: .relaxed) }

    static func install() {
        reserveStandardStreams()
        // Touched here, so that no handler is the first to initialise it.
        endRequested.store(false, ordering: .relaxed)
        // Without SA_RESTART: a read that waits for a pipe or a terminal returns.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = requestEnd
        sigemptyset(&action.sa_mask)
        action.sa_flags = 0
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        // A terminal that is closed is a reason to finish the file, unless `nohup` says otherwise.
        var before = sigaction()
        sigaction(SIGHUP, nil, &before)
        if unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self)
            != unsafeBitCast(SIG_IGN, to: Int.self)
        {
            sigaction(SIGHUP, &action, nil)
        }
        // Whoever started this process may have left them blocked.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
    }
}

import Glibc
import Synchronization

/// Ctrl-C: the first one asks the work under way to finish its file, the second one kills.
enum Interrupt {
    private static let requested = Atomic<Bool>(false)

    /// Whether somebody wants the work to end.
    static var isRequested: Bool { requested.load(ordering: .relaxed) }

    static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if requested.exchange(true, ordering: .relaxed) { _exit(128 + number) }
            }
        }
    }
}

import Glibc

/// The exit status of the command.
enum ExitStatus: Int32 {
    /// Done, or the same.
    case same = 0
    /// Differs, or a gate failed.
    case differs = 1
    /// Could not tell, or failed.
    case failed = 2
    /// Ended by Ctrl-C, with everything finished properly.
    case interrupted = 130

    static func leave(_ status: ExitStatus) -> Never { exit(status.rawValue) }
}

/// An end of the command other than success.
struct Failure: Error {
    var status: ExitStatus
    /// What to tell on standard error; nil when all has been said.
    var message: String?

    init(_ status: ExitStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}

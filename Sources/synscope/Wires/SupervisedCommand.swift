import Glibc

/// A command that runs, with all that it starts, in a process group of its own.
struct SupervisedCommand {
    /// How it ended.
    enum Ending {
        case exited(Int32)
        case killed(by: Int32)

        var words: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .killed(let signal): "signal \(signal), \(String(cString: strsignal(signal)))"
            }
        }
    }

    /// Its process, which leads the group.
    let process: pid_t

    /// Starts it, without standard input; throws errno.
    init(_ words: [String]) throws(SystemFailure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A group in the background would be stopped when it reads from the terminal.
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let reason = posix_spawnp(
            &process, words.first ?? "", &actions, &attributes, arguments, environ)
        guard reason == 0 else { throw SystemFailure(errno: reason) }
        self.process = process
    }

    /// Sends a signal to all of the group.
    func send(_ signal: Int32) { kill(-process, signal) }

    /// How it has ended, if it has; what it left behind in its group is killed. Nothing more can be
    /// asked then.
    func ending() -> Ending? {
        var information = siginfo_t()
        // Not yet forgotten by the kernel, so that the number of its group is not another's.
        let number = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
        guard number == 0, information.si_signo != 0 else { return nil }
        send(SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(by: signal)
    }
}

/// What the system says.
struct SystemFailure: Error {
    var errno: Int32
    var words: String { String(cString: strerror(errno)) }
}

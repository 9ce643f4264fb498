import Glibc

/// Another program, run to its end: how long it took and how much memory it had.
struct ChildProcess {
    var seconds: Double
    /// How long it kept processors busy, which other programs on the machine hardly change.
    var processorSeconds: Double
    /// The most memory it had at one time, in bytes.
    var peakBytes: Int64

    /// What went wrong with a program.
    struct Failure: Error, CustomStringConvertible {
        var command: String
        var problem: String
        var description: String { "\(command): \(problem)" }
    }

    /// Runs a program, its output thrown away.
    init(_ program: String, _ arguments: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        var status: Int32 = 0
        var usage = rusage()
        let command = ([program] + arguments).joined(separator: " ")
        seconds = try Trials.seconds {
            let error = posix_spawnp(&process, program, &actions, nil, words, environ)
            guard error == 0 else {
                throw Failure(command: command, problem: String(cString: strerror(error)))
            }
            while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        }
        guard status == 0 else {
            throw Failure(command: command, problem: "ended with status \(status)")
        }
        peakBytes = Int64(usage.ru_maxrss) * 1024
        processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    }

    /// Starts a program that goes on beside this one, its output thrown away.
    static func start(_ program: String, _ arguments: [String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, program, &actions, nil, words, environ)
        guard error == 0 else {
            throw Failure(command: program, problem: String(cString: strerror(error)))
        }
        return process
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
    }

    /// The path of a program, if it is installed.
    static func find(_ name: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }
            .first { access($0, X_OK) == 0 }
    }

    /// The size of a file.
    static func fileSize(_ path: String) -> Int64 {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : 0
    }
}

import Foundation
import Glibc

/// The built `synscope`, run as a user runs it.
enum Command {
    /// How a run ended and what it said.
    struct Outcome {
        /// The exit status; nil when a signal ended the process, as a trap does.
        var status: Int32?
        var output: String
        var complaint: String
    }

    /// What could not be done to run a command at all.
    struct CannotRun: Error {
        var command: String
        var errno: Int32
    }

    /// The executable beside the test bundle.
    static let executable: String = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var folder = bundle.deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appending(path: "synscope").path
            if access(candidate, X_OK) == 0, !isFolder(candidate) { return candidate }
            folder.deleteLastPathComponent()
        }
        return "synscope"
    }()

    /// Runs `synscope` in a folder.
    static func synscope(_ arguments: [String], in folder: URL) throws -> Outcome {
        try run(executable, arguments, in: folder)
    }

    /// Runs any program; its output goes through files, which never fill up as pipes do.
    static func run(_ program: String, _ arguments: [String], in folder: URL) throws -> Outcome {
        let scratch = try ScratchFolder()
        let output = scratch.path("output")
        let complaint = scratch.path("complaint")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, complaint, flags, 0o600)

        // `env` changes the folder and then becomes the program, signals included.
        let line = ["env", "--chdir", folder.path, program] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, "env", &actions, nil, words, environ)
        guard error == 0 else { throw CannotRun(command: program, errno: error) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw CannotRun(command: program, errno: errno) }
        }
        return Outcome(
            status: status & 0x7f == 0 ? (status >> 8) & 0xff : nil,
            output: try String(contentsOfFile: output, encoding: .utf8),
            complaint: try String(contentsOfFile: complaint, encoding: .utf8))
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }
}

/// A folder of its own, removed with its last reference.
final class ScratchFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "synscope-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

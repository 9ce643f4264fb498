import ArgumentParser
import CaptureStore
import Glibc

/// Where a new file goes.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "The file to write.")
    var output: String

    @Flag(help: "Replace the file if it exists.")
    var force = false
}

/// No output takes the place of what it was made from, not even with --force: the same file under
/// another name is found by its device and number.
enum OutputGuard {
    /// What SQLite keeps beside a database, and takes for a part of it.
    private static let companions = ["", "-wal", "-shm", "-journal"]

    static func check(_ output: String, isNone inputs: [String]) throws {
        guard output != "-" else { return }
        let places = companions.compactMap { identity(output + $0) }
        for input in inputs {
            let own = input == "-" ? [input] : companions.map { input + $0 }
            for place in own.compactMap(identity) where places.contains(where: { $0 == place }) {
                throw Failure(
                    .failed,
                    "\(output) is the input itself (\(input)), or one is a part of the other; "
                        + "name another file to write")
            }
        }
    }

    private static func identity(_ path: String) -> (UInt, UInt)? {
        var status = stat()
        guard (path == "-" ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return (UInt(status.st_dev), UInt(status.st_ino))
    }
}

/// Writes a report or a picture: to a file if one is named, else to standard output.
enum TextOutput {
    static func write(_ text: String, to path: String?, replacing: Bool) throws {
        guard let path, path != "-" else {
            try Console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            return
        }
        let file = try OutputFile(path: path, replacing: replacing)
        try file.write(Array(text.utf8))
        try file.finish()
    }
}

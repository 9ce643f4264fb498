#if Broker
import Foundation
import Testing

/// A folder for the files of a test, gone with it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "broker-connection-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }
}

/// A program that the tests need is not there.
struct MissingProgram: Error, CustomStringConvertible {
    let name: String
    var description: String { "there is no \(name) here; run `Scripts/set-up test`" }
}

/// A program did not do what it should.
struct ProgramFailure: Error, CustomStringConvertible {
    let description: String
}

/// The programs that the tests run.
enum Programs {
    /// Where a program is; servers are often where ordinary users do not look.
    static func find(_ name: String) throws -> URL {
        let folders =
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
        for folder in folders {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) {
                return URL(fileURLWithPath: path)
            }
        }
        throw MissingProgram(name: name)
    }

    /// Starts a program whose output goes to a file.
    static func start(
        _ name: String, _ arguments: [String], in folder: TestFolder, output: String
    ) throws -> Process {
        let process = Process()
        process.executableURL = try find(name)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        _ = FileManager.default.createFile(atPath: folder.file(output), contents: nil)
        let file = try #require(FileHandle(forWritingAtPath: folder.file(output)))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = file
        try process.run()
        return process
    }

    /// Runs a program to its end.
    @discardableResult
    static func run(
        _ name: String, _ arguments: [String], in folder: TestFolder
    ) throws -> String {
        let output = "\(UUID().uuidString).out"
        let process = try start(name, arguments, in: folder, output: output)
        process.waitUntilExit()
        let text = try String(contentsOfFile: folder.file(output), encoding: .utf8)
        guard process.terminationStatus == 0 else {
            throw ProgramFailure(
                description: "\(name) \(arguments.joined(separator: " ")): \(text)")
        }
        return text
    }
}

/// Waits until something is so; false if it is not so in time.
func eventually(within seconds: Double = 20, _ isSo: () throws -> Bool) rethrows -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while try !isSo() {
        guard Date() < end else { return false }
        usleep(10_000)
    }
    return true
}
#endif

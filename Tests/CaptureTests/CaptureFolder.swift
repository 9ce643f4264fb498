import Foundation

/// The project's captures, beside the sources of this test.
enum CaptureFolder {
    static let url = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Captures")

    /// Names of captures of the reference, without their ending.
    static let names: [String] = files(in: "", ending: ".syn").map { String($0.dropLast(4)) }

    /// Names of captures of simulated worlds, one for each fault, without their ending.
    static let simulated: [String] =
        files(in: "simulated", ending: ".syn").map { String($0.dropLast(4)) }

    /// Files that no verb can read, such as `malformed/empty.syn`.
    static let malformed: [String] =
        (files(in: "malformed", ending: ".syn") + files(in: "malformed", ending: ".vcd"))
        .map { "malformed/\($0)" }

    /// Dumps that are not what we write, and can be read all the same.
    static let unusual: [String] =
        files(in: "unusual", ending: ".vcd").map { "unusual/\($0)" }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    static func path(_ name: String) -> String { url.appending(path: name).path }

    private static func files(in folder: String, ending: String) -> [String] {
        let place = folder.isEmpty ? url : url.appending(path: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted()
    }
}

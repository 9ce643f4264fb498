import FoundationEssentials
import LinkSetup
import Testing

/// A directory for the files of one test.
final class SettingsBench {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Writes a file, and gives its path.
    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let url = directory.appendingPathComponent(name)
        try Data(bytes).write(to: url)
        return url.path
    }

    /// What a file's settings are refused with, its directory left out.
    func fault(_ name: String, _ text: String) throws -> String {
        let path = try file(name, text)
        var said = ""
        do {
            _ = try LinkSettings(files: [path])
        } catch {
            said = "\(error)"
        }
        return said.hasPrefix(path) ? name + said.dropFirst(path.count) : said
    }
}

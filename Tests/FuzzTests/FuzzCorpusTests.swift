import Foundation
import FuzzTargets
import Testing

/// What the fuzzer has found, and what it starts from, through each target again.
@Suite struct FuzzCorpusTests {
    /// The folder `Fuzz` of the project.
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz")

    private static func files(_ target: FuzzTarget) throws -> [URL] {
        try ["corpus", "found"].flatMap { kind in
            let folder = folder.appending(path: "\(kind)/\(target.rawValue)")
            guard FileManager.default.fileExists(atPath: folder.path) else { return [URL]() }
            return try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil
            ).sorted { $0.path < $1.path }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func nothingTraps(target: FuzzTarget) throws {
        let files = try Self.files(target)
        #expect(!files.isEmpty, "there are no files for this target")
        for file in files { target.run([UInt8](try Data(contentsOf: file))) }
    }
}

import Foundation

@testable import PinFileTransport

/// A file of wires in a folder of its own, removed with its last reference.
final class WireFile: Sendable {
    let path: String
    private let folder: URL

    /// - Parameter content: instead of wires at rest.
    init(content: [UInt8]? = nil) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "synscope-wires-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        path = folder.appending(path: "wires").path
        if let content {
            try Data(content).write(to: URL(fileURLWithPath: path))
        } else {
            try PinPage.create(path)
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var bytes: [UInt8] { get throws { try Array(Data(contentsOf: URL(fileURLWithPath: path))) } }
}

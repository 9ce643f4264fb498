import Glibc

/// A file of text that fits into memory.
enum SmallFile {
    private static let bytesMax = 16 << 20

    /// The text of a file, what is no UTF-8 in it replaced.
    static func text(_ path: String, missingIsEmpty: Bool) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if missingIsEmpty, errno == ENOENT { return "" }
            throw Failure(.failed, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw Failure(.failed, "\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer[..<count]
            if bytes.count > bytesMax {
                throw Failure(.failed, "\(path) is longer than \(bytesMax >> 20) MB of text")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Whether a path is a folder.
enum FolderKind {
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

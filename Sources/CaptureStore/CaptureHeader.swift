// The first hundred bytes of a file, read before SQLite sees it: they tell what is wrong with a
// file far better than SQLite's "file is not a database" does.

internal import Glibc

/// Decides whether a file can be opened as a capture.
enum CaptureHeader {
    /// The bytes of SQLite's file header.
    private static let length = 100

    /// Throws what is wrong with the file, if anything is.
    static func check(path: String) throws(CaptureError) {
        // Opening a pipe waits for somebody to write into it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .reading(path, doing: "opening", errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .reading(path, doing: "looking at it", errno: errno)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .isDirectory(path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .invalidInput("\(path) is a pipe or a device, and no capture; name a file")
        }

        var bytes = [UInt8](repeating: 0, count: 512)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw .reading(path, doing: "reading", errno: errno) }
        guard count > 0 else { throw .emptyFile(path: path) }
        bytes.removeLast(bytes.count - count)

        let kind = FileKind(firstBytes: bytes)
        guard kind == .capture || kind == .database else {
            throw .notACapture(path: path, looksLike: kind)
        }
        guard count >= length else {
            throw .truncatedFile(
                path: path, bytesExpected: Int64(CaptureSchema.pageSize), bytesActual: Int64(count))
        }
        guard word(bytes, 68) == CaptureSchema.applicationID else {
            throw .notACapture(path: path, looksLike: .database)
        }
        let version = Int32(bitPattern: word(bytes, 60))
        guard version == CaptureSchema.version else {
            throw .unsupportedVersion(
                path: path, of: .fileFormat, found: Int(version),
                supported: Int(CaptureSchema.version))
        }
        // While it is recorded, part of a capture is in the write-ahead log beside it.
        let isLogged = bytes[18] == 2
        let page = Int64(bytes[16]) << 8 | Int64(bytes[17])
        let expected = (page == 1 ? 65_536 : page) * Int64(word(bytes, 28))
        let actual = Int64(status.st_size)
        guard isLogged || actual >= expected else {
            throw .truncatedFile(path: path, bytesExpected: expected, bytesActual: actual)
        }
    }

    /// Whether a file says that a write-ahead log belongs to it.
    static func isLogged(path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var version: UInt8 = 0
        return pread(descriptor, &version, 1, 18) == 1 && version == 2
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

// Whether a file that is open is still where it was created.

internal import Glibc

/// Watches the place of a file that is written for hours: somebody may delete or move it, or its
/// folder, and writing goes on as if nothing had happened.
final class FilePlace {
    private let path: String
    /// Open for nothing but questions about the file: closing it lets go of none of the locks that
    /// SQLite holds on the same file.
    private let descriptor: Int32
    private let device: dev_t
    private let node: ino_t

    /// What became of the file.
    enum Finding: Hashable {
        case inPlace
        /// It has another path now; nil when that cannot be told.
        case moved(to: String?)
        case deleted
    }

    /// Remembers the file that is at `path` now.
    init(_ path: String) throws(CaptureError) {
        self.path = path
        descriptor = open(path, Self.pathOnly | O_CLOEXEC)
        guard descriptor >= 0 else { throw .writing(path, doing: "looking at it", errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .writing(path, doing: "looking at it", errno: number)
        }
        device = status.st_dev
        node = status.st_ino
    }

    deinit { close(descriptor) }

    /// Looks whether the path still leads to the file.
    func find() -> Finding {
        var status = stat()
        if stat(path, &status) == 0, status.st_dev == device, status.st_ino == node {
            return .inPlace
        }
        guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return .deleted }
        return .moved(to: presentPath)
    }

    private var presentPath: String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(descriptor)", &bytes, bytes.count)
        guard count > 0 else { return nil }
        let present = String(
            decoding: bytes[..<count].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        var status = stat()
        guard stat(present, &status) == 0, status.st_ino == node else { return nil }
        return present
    }

    /// `O_PATH`, which Swift's Glibc leaves out; the same number on all of Linux but Alpha, PA-RISC
    /// and SPARC.
    private static let pathOnly: Int32 = 0o10000000
}

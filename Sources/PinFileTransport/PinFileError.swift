import Glibc

/// Why wires in shared memory cannot be had.
public enum PinFileError: Error, Hashable, Sendable {
    /// There is no file of this name.
    case noSuchFile(path: String)
    /// There is a file of this name already.
    case exists(path: String)
    /// The file may not be read, or not be written to.
    case noPermission(path: String)
    /// The path is a folder, a device or the like.
    case notAFile(path: String)
    /// The file has fewer bytes than wires take.
    case tooShort(path: String, bytes: Int)
    /// The file does not say that it holds wires.
    case notWires(path: String)
    /// The file would be replaced under somebody who uses it.
    case inUse(path: String, PinRole, by: PinHolder)
    /// Somebody plays this part already.
    case taken(PinRole, path: String?, by: PinHolder)
    /// Anything else that the system reports.
    case system(path: String?, doing: String, errno: Int32)

    /// What the system says of a path.
    static func system(_ path: String, doing: String, reason: Int32) -> PinFileError {
        switch reason {
        case ENOENT, ENOTDIR: .noSuchFile(path: path)
        case EEXIST: .exists(path: path)
        case EACCES, EPERM, EROFS: .noPermission(path: path)
        case EISDIR, ENXIO, ENODEV: .notAFile(path: path)
        default: .system(path: path, doing: doing, errno: reason)
        }
    }
}

extension PinFileError: CustomStringConvertible {
    /// What is wrong, with the evidence, and what to do next.
    public var description: String {
        switch self {
        case .noSuchFile(let path):
            "\(path): there is no such file; `synscope wires create \(path)` makes one"
        case .exists(let path):
            "\(path) exists already; --force replaces it"
        case .noPermission(let path):
            "\(path): permission denied; both ends need to read and write it"
        case .notAFile(let path):
            "\(path) is no file; wires are an ordinary one, best in /dev/shm"
        case .tooShort(let path, let bytes):
            "\(path) holds no wires: it has \(bytes) bytes, and wires take \(PinPage.bytes)"
        case .notWires(let path):
            "\(path) holds no wires: bytes 32 to 39 are not SYNPINS1; "
                + "`synscope wires create` makes such a file"
        case .inUse(let path, let role, let holder):
            "\(path) is in use: \(holder) is \(role.words); end that, or name another file"
        case .taken(let role, let path, let holder):
            "\(path.map { "\($0): " } ?? "")\(holder) is \(role.words) already"
        case .system(let path, let doing, let errno):
            "\(path.map { "\($0): " } ?? "")\(doing): \(String(cString: strerror(errno)))"
        }
    }
}

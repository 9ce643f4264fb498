// Numbers of the operating system as words and as errors of ours.

internal import Glibc

/// The operating system's words for an error number.
func systemMessage(_ number: Int32) -> String {
    guard let text = strerror(number) else { return "error \(number)" }
    return String(cString: text)
}

extension CaptureError {
    /// The error for a failed call of the operating system on a file that is read.
    static func reading(_ path: String, doing: String, errno number: Int32) -> CaptureError {
        switch number {
        case ENOENT, ENOTDIR: .noSuchFile(path: path)
        case EISDIR: .isDirectory(path: path)
        case EACCES, EPERM: .cannotRead(path: path, doing: doing, errno: number)
        default: .inputOutput(path: path, doing: doing, errno: number)
        }
    }

    /// The error for a failed call of the operating system on a file that is written.
    static func writing(_ path: String, doing: String, errno number: Int32) -> CaptureError {
        switch number {
        case EISDIR: .isDirectory(path: path)
        case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path, doing: doing)
        case EACCES, EPERM, EROFS, ENOENT, ENOTDIR:
            .cannotWrite(path: path, doing: doing, errno: number)
        default: .inputOutput(path: path, doing: doing, errno: number)
        }
    }
}

import CaptureStore
import Decoding
import Glibc

/// An application's log as a file; `-` is standard input.
enum ApplicationLogFile {
    private static let blockSize = 1 << 16

    /// Reads a whole log; what is wrong with it is told with its file and line.
    static func read(_ path: String) throws -> ApplicationLog {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "opening it") }
        defer { close(descriptor) }
        var log = ApplicationLog()
        var block = [UInt8](repeating: 0, count: blockSize)
        while true {
            if Interrupt.isRequested { throw Failure(.interrupted, "interrupted") }
            let count = block.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "reading it") }
            do throws(ApplicationLogFault) {
                if count == 0 {
                    try log.finish()
                    return log
                }
                try log.read(block[..<count])
            } catch {
                throw Failure(.failed, "\(path): \(error)")
            }
        }
    }

    private static func failure(_ path: String, _ doing: String) -> Failure {
        Failure(.failed, "\(path): \(doing) failed: \(String(cString: strerror(errno)))")
    }
}

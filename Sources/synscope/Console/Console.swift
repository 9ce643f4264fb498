import Glibc
import Reporting
import Synchronization

/// Standard output, buffered, and standard error.
///
/// Data goes to standard output and nothing else does. A write that fails (a full disk behind a
/// redirection) is an error like any other.
enum Console {
    private static let buffer = Mutex<[UInt8]>([])
    private static let bufferedBytesMax = 1 << 16

    /// Writes a line to standard output.
    static func print(_ line: String = "") throws {
        let isFull = buffer.withLock { buffer in
            buffer.append(contentsOf: line.utf8)
            buffer.append(UInt8(ascii: "\n"))
            return buffer.count >= bufferedBytesMax
        }
        if isFull { try flush() }
    }

    /// Writes out what is buffered.
    static func flush() throws {
        let bytes = buffer.withLock { buffer in
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR {
                    if Interrupt.isRequested { throw Failure(.interrupted) }
                    continue
                }
                let reason = String(cString: strerror(errno))
                throw Failure(.failed, "cannot write to standard output: \(reason)")
            }
            written += count
        }
    }

    /// Writes to standard output what its reader takes without being waited for, and removes it from
    /// `bytes`.
    ///
    /// - Parameter patience: how long it may keep us waiting each time, in milliseconds.
    static func offer(_ bytes: inout [UInt8], patience: Int32) throws {
        var written = 0
        defer { bytes.removeFirst(written) }
        while written < bytes.count {
            var output = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
            guard poll(&output, 1, patience) > 0 else { return }
            // A pipe that is ready takes so much at once, and no more is promised.
            let end = min(written + pipeBytes, bytes.count)
            let count = bytes[written..<end].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { return }
                let reason = String(cString: strerror(errno))
                throw Failure(.failed, "cannot write to standard output: \(reason)")
            }
            written += count
        }
    }

    /// PIPE_BUF: a pipe that is ready for writing has room for it.
    private static let pipeBytes = 4096

    /// Whether standard error can be written to without waiting: a terminal can be stopped.
    static var errorIsReady: Bool {
        var output = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
        return poll(&output, 1, 0) > 0
    }

    /// Tells something on standard error.
    static func note(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }

    /// Tells on standard error what went wrong.
    static func complain(_ text: String, prefix: String = "synscope: ") {
        note(prefix + text)
    }

    /// The columns of the terminal; 80 when standard output is none, so that files do not depend on
    /// where they are made.
    static var width: Int {
        guard isatty(1) == 1 else { return TextWidth.standard }
        let told = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }
        return TextWidth.clamped(told ?? terminalWidth ?? TextWidth.standard)
    }

    private static var terminalWidth: Int? {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Whether standard error is a terminal, so that progress can be shown.
    static var errorIsTerminal: Bool { isatty(2) == 1 }

    /// Whether standard output is a terminal that wants colour. Ref: no-color.org.
    static var wantsColour: Bool {
        guard isatty(1) == 1, getenv("NO_COLOR").map({ $0.pointee == 0 }) ?? true else {
            return false
        }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    }
}

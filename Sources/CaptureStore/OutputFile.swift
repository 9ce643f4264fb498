// Bytes out to a file that appears under its name only when it is complete.

internal import Glibc

/// A file written from front to back; `-` is the standard output.
public final class OutputFile {
    /// The path of the finished file.
    public let path: String
    private let replacing: Bool
    private let descriptor: Int32
    private var isOpen = true
    /// Bytes that are not yet handed to the operating system.
    private var buffer: [UInt8]
    private var used = 0

    private static var bufferSize: Int { 1 << 18 }
    private var partial: String { path + ".partial" }
    private var isStandardOutput: Bool { path == "-" }

    /// Opens `PATH.partial` for writing; `-` is standard output.
    public init(path: String, replacing: Bool) throws(CaptureError) {
        self.path = path
        self.replacing = replacing
        buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        if path == "-" {
            descriptor = dup(STDOUT_FILENO)
            guard descriptor >= 0 else { throw .writing(path, doing: "opening", errno: errno) }
            return
        }
        try OutputPlace.check(path, replacing: replacing)
        unlink(path + ".partial")
        descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            isOpen = false
            throw .writing(path, doing: "creating \(path).partial", errno: errno)
        }
    }

    deinit {
        guard isOpen else { return }
        close(descriptor)
        if path != "-" { unlink(partial) }
    }

    /// Appends bytes.
    public func write(_ bytes: some Collection<UInt8>) throws(CaptureError) {
        for byte in bytes {
            if used == buffer.count { try flush() }
            buffer[used] = byte
            used += 1
        }
    }

    /// Lets `body` write up to `count` bytes in place; it returns how many it wrote.
    @inline(__always)
    func write(
        upTo count: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) throws(CaptureError) {
        precondition(count <= buffer.count, "more than the buffer holds")
        if buffer.count - used < count { try flush() }
        let first = used
        used += buffer.withUnsafeMutableBufferPointer { buffer in
            body(UnsafeMutableBufferPointer(rebasing: buffer[first...]))
        }
    }

    /// Completes the file and moves it to its place.
    public func finish() throws(CaptureError) {
        try flush()
        isOpen = false
        guard close(descriptor) == 0 else {
            let number = errno
            if !isStandardOutput { unlink(partial) }
            throw .writing(path, doing: "closing", errno: number)
        }
        if isStandardOutput { return }
        do throws(CaptureError) {
            try OutputPlace.move(partial, to: path, replacing: replacing)
        } catch {
            unlink(partial)
            throw error
        }
    }

    private func flush() throws(CaptureError) {
        var first = 0
        while first < used {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + first }, used - first)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .writing(path, doing: "writing", errno: errno) }
            first += count
        }
        used = 0
    }
}

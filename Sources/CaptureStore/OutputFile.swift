// Bytes out to a file that appears under its name only when it is complete.

internal import Glibc

/// A file written from front to back; `-` is the standard output.
///
/// A device or a pipe gets the bytes as they come. Any other file is written under a name of its own
/// beside its place, and moved there when finished.
public final class OutputFile {
    /// The path of the finished file.
    public let path: String
    private let replacing: Bool
    private let descriptor: Int32
    private var isOpen = true
    /// Bytes that are not yet handed to the operating system.
    private var buffer: [UInt8]
    private var used = 0
    /// The name under which the file is written; nil for what takes bytes as they come.
    private let partial: String?

    private static var bufferSize: Int { 1 << 18 }

    /// Opens a file for writing; `-` is standard output.
    ///
    /// - Parameter replacing: whether a file that exists there may be replaced.
    public init(path: String, replacing: Bool) throws(CaptureError) {
        self.path = path
        self.replacing = replacing
        buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        if path == "-" {
            partial = nil
            descriptor = dup(STDOUT_FILENO)
            guard descriptor >= 0 else { throw .writing(path, doing: "opening", errno: errno) }
            return
        }
        switch try OutputPlace.find(path, replacing: replacing) {
        case .file(let file):
            let created = try OutputPlace.createPartial(for: file, path: path)
            partial = created.path
            descriptor = created.descriptor
        case .stream:
            partial = nil
            let opened = open(path, O_WRONLY | O_CLOEXEC)
            guard opened >= 0 else { throw .writing(path, doing: "opening", errno: errno) }
            descriptor = opened
        }
    }

    deinit {
        guard isOpen else { return }
        close(descriptor)
        if let partial { unlink(partial) }
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
        guard close(descriptor) == 0 || errno == EINTR else {
            let number = errno
            if let partial { unlink(partial) }
            throw .writing(path, doing: "closing", errno: number)
        }
        guard let partial else { return }
        do throws(CaptureError) {
            try OutputPlace.moveFile(partial, to: path, replacing: replacing)
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

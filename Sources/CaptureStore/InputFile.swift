// Bytes of a text file in blocks that always end behind a whole word, in bounded memory.

internal import Glibc

/// A file read from front to back; `-` is the standard input.
final class InputFile {
    let path: String
    /// The size of the file; nil for pipes.
    private(set) var size: Int64?
    /// The bytes read; those in `position ..< limit` are whole words still to be used.
    var bytes: [UInt8]
    /// The first byte not used yet.
    var position = 0
    /// The end of the last whole word in ``bytes``.
    private(set) var limit = 0
    /// The line of the byte at ``position``, from 1.
    var line = 1
    /// The number of bytes read from the file so far.
    private(set) var bytesRead: Int64 = 0
    /// Whether the last byte of the file ends a line; known at the end of the file.
    private(set) var endsWithNewline = true

    private let descriptor: Int32
    private let blockSize: Int
    private var end = 0
    /// Whether everything has been read.
    private(set) var isAtEnd = false
    /// Whether reading ended because somebody wanted it to, and not at the end of the file.
    private(set) var isInterrupted = false
    private let isEndRequested: () -> Bool

    /// What came of asking for more bytes.
    enum Refill {
        case bytes
        case end
        /// Nothing came for a while; ask again.
        case dry
    }

    /// So long a pipe can be silent before it is called dry, and somebody who wants an end is asked.
    private static var patienceMilliseconds: Int32 { 100 }
    /// The longest word that can be meant: longer ones are refused, which bounds memory.
    static var wordLengthMax: Int { 65_536 }

    /// Opens a file.
    ///
    /// - Parameter isEndRequested: asked before every read, and when a signal interrupts one;
    ///   when true, the file ends before the word under way.
    init(
        path: String, blockSize: Int = 1 << 18, isEndRequested: @escaping () -> Bool = { false }
    ) throws(CaptureError) {
        self.path = path
        self.isEndRequested = isEndRequested
        self.blockSize = max(1, blockSize)
        bytes = [UInt8](repeating: 0, count: self.blockSize)
        var opened: Int32
        repeat {
            opened = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        } while opened < 0 && errno == EINTR && !isEndRequested()
        descriptor = opened
        guard descriptor >= 0 else { throw .reading(path, doing: "opening", errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .reading(path, doing: "looking at it", errno: errno)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .isDirectory(path: path) }
        size = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    }

    deinit { close(descriptor) }

    /// Gets more whole words behind ``position``; false at the end of the file.
    ///
    /// Precondition: all words up to ``limit`` are used.
    func refill() throws(CaptureError) -> Bool {
        while true {
            switch try refillUnlessDry() {
            case .bytes: return true
            case .end: return false
            case .dry: continue
            }
        }
    }

    /// Gets more whole words behind ``position``, unless a pipe has none for a while.
    ///
    /// Precondition: all words up to ``limit`` are used.
    func refillUnlessDry() throws(CaptureError) -> Refill {
        precondition(position == limit, "a word would be lost")
        // What follows the limit is the beginning of a word.
        bytes.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            memmove(base, base + limit, end - limit)
        }
        end -= limit
        position = 0
        limit = 0
        while limit == 0 {
            if isAtEnd { return .end }
            guard end < Self.wordLengthMax else {
                throw .valueChangeDump(
                    path: path, line: line, problem: .wordTooLong(limit: Self.wordLengthMax))
            }
            if bytes.count < end + blockSize {
                bytes.append(contentsOf: repeatElement(0, count: end + blockSize - bytes.count))
            }
            let before = end
            guard try readBlock() else { return .dry }
            if isInterrupted {
                end = 0
                return .end
            }
            if isAtEnd {
                if end > 0 { endsWithNewline = bytes[end - 1] == UInt8(ascii: "\n") }
                limit = end
                return limit > 0 ? .bytes : .end
            }
            var last = end
            while last > before, bytes[last - 1] > 32 { last -= 1 }
            if last > before {
                limit = last
                endsWithNewline = bytes[end - 1] == UInt8(ascii: "\n")
            }
        }
        return .bytes
    }

    /// Reads once; false if a pipe is dry.
    private func readBlock() throws(CaptureError) -> Bool {
        while true {
            if isEndRequested() {
                isInterrupted = true
                isAtEnd = true
                return true
            }
            if size == nil {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let ready = poll(&wanted, 1, Self.patienceMilliseconds)
                if ready == 0 { return false }
                if ready < 0, errno == EINTR { continue }
            }
            let count = bytes.withUnsafeMutableBytes { bytes in
                read(descriptor, bytes.baseAddress.map { $0 + end }, blockSize)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .reading(path, doing: "reading", errno: errno) }
            isAtEnd = count == 0
            end += count
            bytesRead += Int64(count)
            return true
        }
    }
}

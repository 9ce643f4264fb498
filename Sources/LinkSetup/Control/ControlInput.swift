import Glibc

/// The lines of a file descriptor, each bounded.
struct ControlInput {
    /// What there is to read.
    enum Outcome {
        /// A line without its line feed.
        case line([UInt8])
        /// A line that was too long, and is passed over.
        case tooLong
        /// Nothing for a while; ask again.
        case quiet
        case end
    }

    private let descriptor: Int32
    private let lengthMax: Int
    private var bytes: [UInt8] = []
    /// The first byte of ``bytes`` that is in no line yet.
    private var start = 0
    /// Up to here there is no line feed.
    private var searched = 0
    /// Whether the line under way is too long, and what comes of it is dropped.
    private var isSkipping = false
    private var isAtEnd = false

    /// So long a descriptor can be silent before somebody else is asked.
    private static let patienceMilliseconds: Int32 = 100
    private static let blockSize = 1 << 16

    init(_ descriptor: Int32, lengthMax: Int) {
        self.descriptor = descriptor
        self.lengthMax = lengthMax
    }

    /// Looks for a line for a tenth of a second at most.
    mutating func next() -> Outcome {
        while true {
            if let outcome = takeLine() { return outcome }
            if isAtEnd { return takeRest() }
            guard let isThere = wait() else { return .quiet }
            if isThere { fill() } else { isAtEnd = true }
        }
    }

    private mutating func takeLine() -> Outcome? {
        guard let end = bytes[searched...].firstIndex(of: 0x0a) else {
            searched = bytes.count
            if bytes.count - start > lengthMax {
                isSkipping = true
                drop(to: bytes.count)
            }
            return nil
        }
        let line = bytes[start..<end]
        defer { drop(to: end + 1) }
        if isSkipping || line.count > lengthMax {
            isSkipping = false
            return .tooLong
        }
        return .line(Array(line))
    }

    /// The line that is not ended when the input ends.
    private mutating func takeRest() -> Outcome {
        defer { drop(to: bytes.count) }
        if isSkipping {
            isSkipping = false
            return .tooLong
        }
        return start < bytes.count ? .line(Array(bytes[start...])) : .end
    }

    private mutating func drop(to place: Int) {
        start = place
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 2 * Self.blockSize)
            start = 0
        } else if start >= Self.blockSize {
            bytes.removeFirst(start)
            start = 0
        }
        searched = start
    }

    /// Whether there is something to read; nil when there was nothing for a while, false when
    /// there never will be.
    private func wait() -> Bool? {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = poll(&request, 1, Self.patienceMilliseconds)
        if count < 0 { return errno == EINTR ? nil : false }
        if count == 0 { return nil }
        return request.revents & Int16(POLLNVAL) == 0
    }

    private mutating func fill() {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        let count = read(descriptor, &block, block.count)
        if count > 0 {
            bytes.append(contentsOf: block[..<count])
        } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
            isAtEnd = true
        }
    }
}

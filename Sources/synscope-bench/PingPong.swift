import Glibc
import LiveEdges
import PinFileTransport
import Synchronization

/// Two bytes of a page that two processes share: one process sets the first, the other answers in the
/// second. Nothing is faster between two processors.
enum PingPong {
    /// What the two say, and the word by which this program becomes the other process.
    enum Exchange: String {
        /// That it is the other's turn, and nothing else.
        case turns = "ping-pong-turns"
        /// A bit each way as well, as on the link: a byte that is stored before the one that announces
        /// it, and read behind that.
        case bits = "ping-pong-bits"
        /// The same, and each reads the clock once before it answers.
        case stampedBits = "ping-pong-stamped-bits"
    }

    /// Round trips a second with another process of this program.
    static func roundTrips(
        _ exchange: Exchange = .turns, folder: String, seconds: Double
    ) throws -> Double {
        let path = "\(folder)/ping-pong"
        unlink(path)
        try PinPage.create(path)
        let page = try SharedBytes(path)
        let other = try ChildProcess.start(
            "/proc/self/exe", [exchange.rawValue, path])
        defer {
            kill(other, SIGKILL)
            var status: Int32 = 0
            waitpid(other, &status, 0)
        }
        let end = MonotonicClock.nanoseconds() + UInt64(seconds * 1e9)
        let start = MonotonicClock.nanoseconds()
        var count = 0
        var stamp: UInt64 = 0
        var level: UInt8 = 0
        var data: UInt8 = 0
        while MonotonicClock.nanoseconds() < end {
            for _ in 0..<1_000 {
                level ^= 1
                if exchange != .turns { page.store(data ^ level, at: 2) }
                page.store(level, at: 0)
                while page.load(at: 1) != level {}
                if exchange != .turns { data = page.load(at: 3) }
                if exchange == .stampedBits { stamp = MonotonicClock.nanoseconds() }
            }
            count += 1_000
        }
        return Double(count) / (Double(max(stamp, MonotonicClock.nanoseconds()) - start) * 1e-9)
    }

    /// What the other process does until it is killed.
    static func answer(_ path: String, _ exchange: Exchange) throws -> Never {
        let page = try SharedBytes(path)
        var level: UInt8 = 0
        var data: UInt8 = 0
        while true {
            let seen = page.load(at: 0)
            if seen != level {
                level = seen
                if exchange != .turns {
                    data ^= page.load(at: 2)
                    if exchange == .stampedBits, MonotonicClock.nanoseconds() == 0 { data = 0 }
                    page.store(data, at: 3)
                }
                page.store(level, at: 1)
            }
        }
    }

    /// Bytes of a file that is mapped shared, in one cache line as the wires of a pin file are.
    private struct SharedBytes {
        private let bytes: UnsafeMutablePointer<Atomic<UInt8>>

        init(_ path: String) throws {
            let file = open(path, O_RDWR)
            guard file >= 0,
                let place = mmap(nil, 4_096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
                place != MAP_FAILED
            else { throw ChildProcess.Failure(command: "mmap", problem: path) }
            close(file)
            bytes = (place + 64).bindMemory(to: Atomic<UInt8>.self, capacity: 4)
        }

        @inline(__always) func load(at place: Int) -> UInt8 {
            bytes[place].load(ordering: .acquiring)
        }

        @inline(__always) func store(_ value: UInt8, at place: Int) {
            bytes[place].store(value, ordering: .releasing)
        }
    }
}

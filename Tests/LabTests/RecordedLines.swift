import Signals
import Synchronization

@testable import synscope_lab

/// A line that writes down how it was moved.
final class RecordedLine: LineOutput {
    enum Move: Hashable {
        case event(Level)
        case silent(Level)
    }

    let name: String
    private(set) var moves: [Move] = []

    init(_ name: String) { self.name = name }

    func drive(_ level: Level) { moves.append(.event(level)) }
    func driveSilently(_ level: Level) { moves.append(.silent(level)) }
}

/// A clock that goes on by 1 ns whenever it is read.
final class CountingClock: LabClock {
    private let time = Mutex<Int64>(0)

    func now() -> Int64 {
        time.withLock { time in
            time += 1
            return time
        }
    }

    func sleep(until nanoseconds: Int64) { time.withLock { $0 = max($0, nanoseconds) } }
}

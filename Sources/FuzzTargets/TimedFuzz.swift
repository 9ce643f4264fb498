import Signals

/// A machine that is fed by a fuzzer, and its time.
protocol TimedFuzz {
    var clock: FuzzClock { get set }
    var deadline: Timestamp? { get }
    mutating func fire()
}

extension TimedFuzz {
    /// Lets time pass, with every deadline on the way kept or with all of them overslept.
    mutating func pass(_ detail: UInt8, firing: Bool) {
        let time = clock.moment(behind: detail)
        for _ in 0..<FuzzClock.firingsMax where firing {
            guard let next = deadline, next <= time else { break }
            clock.now = max(clock.now, next)
            fire()
        }
        clock.now = time
    }
}

/// A time that only goes forward.
struct FuzzClock {
    var now = Timestamp.zero
    /// So many deadlines are kept in one wait; the rest is overslept.
    static var firingsMax: Int { 64 }

    /// The moment behind a wait: 1 ns, 4 ns and so on up to a quarter of a second, then an hour.
    func moment(behind detail: UInt8) -> Timestamp {
        detail == 15 ? now + .seconds(3_600) : now + Nanoseconds(1 << (2 * Int64(detail)))
    }
}

#if GPIO
import Signals

/// One end's four wires of a link, for as many round trips as can be made.
protocol PingPongWires {
    /// The other end's clock as it is now.
    mutating func clock() throws -> Level
    /// Waits until the other end's clock has another level than this one; gives its level, which is the
    /// same if that took too long.
    mutating func clock(after level: Level) throws -> Level
    /// The other end's data, after its clock has turned.
    mutating func data() throws -> Level
    mutating func driveData(_ level: Level) throws
    mutating func driveClock(_ level: Level) throws
}

/// What is on the data wires.
enum PingPongBits: String, CaseIterable {
    /// They are neither read nor driven.
    case none
    /// They are read, and stay low: a link that is idle.
    case zeros
    /// Each end sends random bits, and checks those of the other.
    case random
}

/// Round trips of two clocks, as the link makes them: each end turns its clock when the other has.
struct PingPong<Wires: PingPongWires> {
    var wires: Wires
    let end: LinkEnd
    let bits: PingPongBits
    /// Even, so that both clocks are low again afterwards.
    let count: Int

    /// Received bits that are not as they were sent.
    private(set) var wrongBits = 0
    private var sent: BitSequence
    private var expected: BitSequence
    private var driven = Level.low

    /// The other end may start so much later, in waits without anything.
    private static var patience: Int { 100 }
    private static var lingerNanoseconds: Int64 { 200_000_000 }

    init(_ wires: Wires, end: LinkEnd, bits: PingPongBits, count: Int) {
        self.wires = wires
        self.end = end
        self.bits = bits
        self.count = count
        sent = BitSequence(of: end)
        expected = BitSequence(of: end.peer)
    }

    /// Makes all round trips; the nanoseconds from the first answer to the last.
    mutating func run() throws -> Int64 {
        let clock = MonotonicClock()
        var start = clock.now()
        var other = try wires.clock()
        for round in 0..<count {
            let level: Level = round.isMultiple(of: 2) ? .high : .low
            if end == .host { try turn(to: level) }
            var silence = 0
            while other != level {
                other = try wires.clock(after: other)
                silence += 1
                guard silence < Self.patience else { throw LabError.noAnswer(round: round) }
            }
            if round == 0 { start = clock.now() }
            try receive()
            if end == .bridge { try turn(to: level) }
        }
        let nanoseconds = clock.now() - start
        // Whoever leaves lets its data fall, which the other end may not have read yet.
        clock.sleep(until: clock.now() + Self.lingerNanoseconds)
        return nanoseconds
    }

    private mutating func turn(to level: Level) throws {
        if bits == .random {
            let bit = sent.next()
            if bit != driven { try wires.driveData(bit) }
            driven = bit
        }
        try wires.driveClock(level)
    }

    private mutating func receive() throws {
        guard bits != .none else { return }
        let bit = try wires.data()
        if bit != (bits == .random ? expected.next() : .low) { wrongBits += 1 }
    }
}

/// Random bits that both ends know; each end sends its own.
private struct BitSequence {
    private var state: UInt32

    init(of end: LinkEnd) { state = end == .host ? 0x9d2c_5680 : 0xefc6_0001 }

    mutating func next() -> Level {
        state ^= state << 13
        state ^= state >> 17
        state ^= state << 5
        return Level(bit: UInt8(state >> 16 & 1))
    }
}
#endif

// From samples to edges. A link that toggles 4,000 times a second and is sampled 24 million times leaves
// 6,000 samples between two edges: what is done for a sample that changes nothing decides how fast
// this is.

#if Sigrok
internal import Signals

/// Turns runs of samples into edges, in one pass.
struct SampleRun {
    /// A wire's place in a sample: bit n is in byte n / 8.
    struct Wire: Hashable {
        var channel: Channel
        var bit: Int
    }

    /// The levels by the last sample; wires without a channel are at rest.
    private(set) var levels = LevelSet.rest
    /// The number of samples seen.
    private(set) var count: UInt64 = 0
    /// Whether a sample was seen.
    private(set) var hasBegun = false

    private let clock: SampleClock
    /// In the order of their channels.
    private let wires: [Wire]
    private let mask: UInt64
    private var last: UInt64 = 0

    /// The highest bit that a wire can have.
    static let bitMax = 63

    /// Precondition: no bit is above ``bitMax``.
    init(clock: SampleClock, wires: [Wire]) {
        precondition(wires.allSatisfy { (0...Self.bitMax).contains($0.bit) }, "a bit too high")
        self.clock = clock
        self.wires = wires
        mask = wires.reduce(0) { $0 | 1 << UInt64($1.bit) }
    }

    /// The time of the sample behind the last one.
    var end: Timestamp { clock.time(of: count) }

    /// Takes samples until there are enough edges; returns the number of bytes that it took.
    ///
    /// All edges of a sample come together, so there can be a few more than `edgesMax`. What is
    /// beyond the eighth byte of a sample is not looked at, and neither is an incomplete sample at
    /// the end.
    mutating func take(
        _ bytes: UnsafeRawBufferPointer, unitSize: Int, into edges: inout [Edge], edgesMax: Int
    ) -> Int {
        let samples = bytes.count / unitSize
        var sample = 0
        if !hasBegun, samples > 0 {
            begin(with: Self.load(bytes, at: 0, unitSize: unitSize))
            sample = 1
        }
        while sample < samples, edges.count < edgesMax {
            sample = skipUnchanged(bytes, from: sample, to: samples, unitSize: unitSize)
            guard sample < samples else { break }
            let value = Self.load(bytes, at: sample &* unitSize, unitSize: unitSize) & mask
            var changed = value ^ last
            last = value
            let time = clock.time(of: count &+ UInt64(sample))
            for wire in wires {
                let bit: UInt64 = 1 &<< UInt64(wire.bit)
                guard changed & bit != 0 else { continue }
                levels.toggle(wire.channel)
                edges.append(
                    Edge(time: time, channel: wire.channel, level: levels[wire.channel]))
                changed &= ~bit
                if changed == 0 { break }
            }
            sample &+= 1
        }
        count &+= UInt64(sample)
        return sample * unitSize
    }

    private mutating func begin(with value: UInt64) {
        hasBegun = true
        last = value & mask
        for wire in wires {
            levels[wire.channel] = Level(
                bit: UInt8(truncatingIfNeeded: value >> UInt64(wire.bit)))
        }
    }

    /// The first sample from one on that differs from the last one, or `end`.
    @inline(__always)
    private func skipUnchanged(
        _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, unitSize: Int
    ) -> Int {
        var sample = start
        // Eight bytes at a time are some samples in which all must be as before.
        let repeats: UInt64
        switch unitSize {
        case 1: repeats = 0x0101_0101_0101_0101
        case 2: repeats = 0x0001_0001_0001_0001
        case 4: repeats = 0x0000_0001_0000_0001
        case 8: repeats = 1
        default:
            while sample < end,
                Self.load(bytes, at: sample &* unitSize, unitSize: unitSize) & mask == last
            {
                sample &+= 1
            }
            return sample
        }
        let pattern = last &* repeats
        let masks = mask &* repeats
        let step = 8 / unitSize
        while sample &+ 4 &* step <= end {
            let place = sample &* unitSize
            let differing =
                (Self.word(bytes, at: place) ^ pattern)
                | (Self.word(bytes, at: place &+ 8) ^ pattern)
                | (Self.word(bytes, at: place &+ 16) ^ pattern)
                | (Self.word(bytes, at: place &+ 24) ^ pattern)
            if differing & masks != 0 { break }
            sample &+= 4 &* step
        }
        while sample &+ step <= end {
            let differing = (Self.word(bytes, at: sample &* unitSize) ^ pattern) & masks
            if differing != 0 {
                return sample &+ differing.trailingZeroBitCount / (8 &* unitSize)
            }
            sample &+= step
        }
        while sample < end,
            Self.load(bytes, at: sample &* unitSize, unitSize: unitSize) & mask == last
        {
            sample &+= 1
        }
        return sample
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// A sample, or its first eight bytes.
    @inline(__always)
    private static func load(
        _ bytes: UnsafeRawBufferPointer, at place: Int, unitSize: Int
    ) -> UInt64 {
        if unitSize == 1 { return UInt64(bytes[place]) }
        var value: UInt64 = 0
        for index in 0..<min(unitSize, 8) {
            value |= UInt64(bytes[place + index]) << UInt64(8 * index)
        }
        return value
    }
}
#endif

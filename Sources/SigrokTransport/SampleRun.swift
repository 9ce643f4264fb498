// From samples to edges. A link that toggles 4,000 times a second and is sampled 24 million times leaves
// 6,000 samples between two edges: what is done for a sample that changes nothing decides how fast this is.

#if Sigrok
    internal import Signals

    /// Turns runs of samples into edges, in one pass.
    struct SampleRun {
        /// The levels by the last sample; wires without a channel are at rest.
        private(set) var levels: LevelSet
        /// The number of samples seen.
        private(set) var count: UInt64 = 0
        /// Whether a sample was seen.
        private(set) var hasBegun = false

        private let clock: SampleClock
        /// The wires' bits in a sample, by the wires in the order of their channels.
        private let wires: [(channel: Channel, bit: Int)]
        private let mask: UInt64
        private var last: UInt64 = 0

        /// - Parameter wires: where the wires are in a sample: bit n is in byte n / 8. At most 64.
        init(clock: SampleClock, wires: [(channel: Channel, bit: Int)]) {
            self.clock = clock
            self.wires = wires
            mask = wires.reduce(0) { $0 | 1 << UInt64($1.bit) }
            levels = .rest
        }

        /// The time of the sample behind the last one.
        var end: Timestamp { clock.time(of: count) }

        /// Takes samples until there are enough edges; returns the number of bytes that it took.
        ///
        /// - Parameters:
        ///   - unitSize: the bytes of a sample, 1 to 8 or more; what is beyond the eighth is not looked at.
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
                let value = Self.load(bytes, at: sample * unitSize, unitSize: unitSize) & mask
                let time = clock.time(of: count + UInt64(sample))
                var changed = value ^ last
                last = value
                for wire in wires where changed != 0 {
                    let bit: UInt64 = 1 << UInt64(wire.bit)
                    guard changed & bit != 0 else { continue }
                    changed &= ~bit
                    levels.toggle(wire.channel)
                    edges.append(
                        Edge(time: time, channel: wire.channel, level: levels[wire.channel]))
                }
                sample += 1
            }
            count += UInt64(sample)
            return sample * unitSize
        }

        private mutating func begin(with value: UInt64) {
            hasBegun = true
            last = value & mask
            for wire in wires { levels[wire.channel] = Level(bit: UInt8(value >> UInt64(wire.bit) & 1)) }
        }

        /// The first sample from one on that differs from the last one, or `end`.
        @inline(__always)
        private func skipUnchanged(
            _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, unitSize: Int
        ) -> Int {
            var sample = start
            if unitSize == 1 || unitSize == 2 || unitSize == 4 || unitSize == 8 {
                // Eight bytes at a time are some samples in which all must be as before.
                let repeats: UInt64 =
                    switch unitSize {
                    case 1: 0x0101_0101_0101_0101
                    case 2: 0x0001_0001_0001_0001
                    case 4: 0x0000_0001_0000_0001
                    default: 1
                    }
                let pattern = last &* repeats
                let masks = mask &* repeats
                let step = 8 / unitSize
                while sample + 4 * step <= end {
                    let place = sample * unitSize
                    var differing: UInt64 = 0
                    for word in 0..<4 {
                        differing |=
                            bytes.loadUnaligned(fromByteOffset: place + 8 * word, as: UInt64.self)
                            ^ pattern
                    }
                    if differing & masks != 0 { break }
                    sample += 4 * step
                }
            }
            while sample < end,
                Self.load(bytes, at: sample * unitSize, unitSize: unitSize) & mask == last
            {
                sample += 1
            }
            return sample
        }

        /// A sample of up to eight bytes.
        @inline(__always)
        private static func load(
            _ bytes: UnsafeRawBufferPointer, at place: Int, unitSize: Int
        ) -> UInt64 {
            var value: UInt64 = 0
            for index in 0..<min(unitSize, 8) {
                value |= UInt64(bytes[place + index]) << UInt64(8 * index)
            }
            return UInt64(littleEndian: value)
        }
    }
#endif

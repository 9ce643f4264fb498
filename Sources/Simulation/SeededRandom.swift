/// Random numbers that a seed decides: the same ones on every machine.
///
/// SplitMix64. Parts of a world that must not disturb each other have a stream each, so that one more
/// fault does not change the wires. Ref: Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// One stream of a seed's numbers.
    public init(seed: UInt64, stream: UInt64 = 0) {
        state = seed
        // Streams must be far apart, whatever the seeds are.
        var mixer = stream &* 0xd134_2543_de82_ef95 &+ 1
        mixer ^= mixer >> 29
        state = state &+ mixer &* 0xbf58_476d_1ce4_e5b9
        _ = next()
    }

    /// The next 64 bits.
    @inline(__always)
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// A whole number below a limit that is at least 1.
    public mutating func below(_ limit: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(1, limit))).high)
    }

    /// A whole number in a range.
    public mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True once in so many times.
    public mutating func once(in times: Int) -> Bool { below(times) == 0 }
}

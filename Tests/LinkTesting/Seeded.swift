/// Numbers that look random and are the same for the same seed, everywhere (SplitMix64).
package struct Seeded: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(_ seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number of 0 ..< `bound`, which is at least 1.
    package mutating func below(_ bound: Int) -> Int { Int(next() >> 1) % bound }

    package mutating func flag() -> Bool { next() & 1 == 1 }

    /// Characters that an end can send, from 1 to the given largest.
    package mutating func text(_ count: Int, largest: UInt8 = 0x7f) -> [UInt8] {
        (0..<count).map { _ in UInt8(1 + below(Int(largest))) }
    }
}

// Random numbers that a seed determines.

internal import Glibc

/// xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64, with a Gaussian on top.
struct SeededNoise: RandomNumberGenerator, Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64
    private var spare: Double?

    init(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed >> 31
        }
        (a, b, c, d) = (next(), next(), next(), next())
    }

    mutating func next() -> UInt64 {
        let product = b &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = d << 45 | d >> 19
        return result
    }

    /// A value of the normal distribution with mean 0 and deviation 1 (Marsaglia's polar method).
    mutating func gaussian() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let x = Double(Int64(bitPattern: next())) * 0x1p-63
            let y = Double(Int64(bitPattern: next())) * 0x1p-63
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }
}

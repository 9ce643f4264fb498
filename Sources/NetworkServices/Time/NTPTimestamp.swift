/// A moment as NTP writes it: seconds since 1900 and their fraction, 32 bits each.
///
/// The seconds begin anew on 2036-02-07. As long as nobody means a moment before 1968 they still say
/// which one is meant, up to 2104. Ref: RFC 4330 §3, RFC 5905 §6.
struct NTPTimestamp: Hashable, Sendable {
    /// Both halves, the seconds on top.
    var bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    /// Eight bytes, in the order of the network.
    init(_ bytes: ArraySlice<UInt8>) {
        bits = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A reading of a clock that counts from any moment; no two readings give the same.
    init(clockNanoseconds nanoseconds: UInt64) {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        bits = seconds << 32 | (rest << 32) / 1_000_000_000
    }

    /// Eight bytes, in the order of the network.
    var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) } }

    /// Nanoseconds since 2000-01-01 00:00 UTC, negative before.
    var nanosecondsSince2000: Int64 {
        var seconds = Int64(bits >> 32)
        if bits >> 63 == 0 { seconds += 1 << 32 }
        return (seconds - Self.secondsFrom1900To2000) * 1_000_000_000 + fractionNanoseconds
    }

    private var fractionNanoseconds: Int64 { Int64(((bits & 0xffff_ffff) * 1_000_000_000) >> 32) }

    private static let secondsFrom1900To2000: Int64 = 3_155_673_600

    /// From an earlier moment to this one in nanoseconds; right for up to 68 years either way, across
    /// the beginning of an era too.
    func nanoseconds(since earlier: NTPTimestamp) -> Int64 {
        let difference = Int64(bitPattern: bits &- earlier.bits)
        let fraction = ((UInt64(bitPattern: difference) & 0xffff_ffff) * 1_000_000_000) >> 32
        return (difference >> 32) * 1_000_000_000 + Int64(fraction)
    }
}

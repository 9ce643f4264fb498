/// The last bits of one end, and some that follow, to be shown around a divergence.
struct BitTrace {
    /// Bits kept before a divergence.
    static let before = 8
    /// Bits awaited behind it.
    static let after = 6

    private(set) var bits: [UInt8] = []
    /// The number of the first kept bit.
    private(set) var first: Int64 = 0
    /// Bits seen in the session.
    private(set) var count: Int64 = 0
    private var isFrozen = false
    private var left = 0

    /// No more bits than ``after`` are wanted from here on.
    mutating func freeze() {
        isFrozen = true
        left = Self.after
    }

    var isComplete: Bool { isFrozen && left == 0 }

    mutating func append(_ bit: UInt8) {
        count += 1
        if isFrozen {
            guard left > 0 else { return }
            left -= 1
        } else if bits.count >= 4 * Self.before {
            let surplus = bits.count - Self.before
            bits.removeFirst(surplus)
            first += Int64(surplus)
        }
        bits.append(bit)
    }

    mutating func restart() {
        bits.removeAll(keepingCapacity: true)
        first = 0
        count = 0
    }
}

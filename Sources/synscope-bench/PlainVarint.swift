import Signals

/// The simplest code for edges that is worth comparing with: a variable-length number per edge, the
/// time since the edge before and the channel in its low three bits.
enum PlainVarint {
    static func encode(_ edges: [Edge]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(edges.count * 4)
        var last = Timestamp.zero
        for edge in edges {
            var number = UInt64((edge.time - last).count) << 3 | UInt64(edge.channel.index)
            last = edge.time
            while number >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
                number >>= 7
            }
            bytes.append(UInt8(number))
        }
        return bytes
    }

    /// Decodes and mixes everything into a number that is passed on from run to run.
    static func mix(_ bytes: [UInt8], into sum: UInt64) -> UInt64 {
        let bytes = bytes.span
        var sum = sum
        var time: UInt64 = 0
        var position = 0
        while position < bytes.count {
            var number: UInt64 = 0
            var shift: UInt64 = 0
            while true {
                let byte = bytes[position]
                position += 1
                number |= UInt64(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 || shift > 56 { break }
            }
            time &+= number >> 3
            sum = mixed(sum, time, UInt8(truncatingIfNeeded: number & 7))
        }
        return sum
    }

    /// The same for edges in memory: the least that a pass over them costs.
    static func mix(_ edges: [Edge], into sum: UInt64) -> UInt64 {
        var sum = sum
        for edge in edges {
            sum = mixed(sum, UInt64(bitPattern: edge.time.nanoseconds), edge.channel.index)
        }
        return sum
    }

    /// Depends on the order, so that no pass can be done once for all runs.
    @inline(__always)
    private static func mixed(_ sum: UInt64, _ time: UInt64, _ channel: UInt8) -> UInt64 {
        (sum << 1 | sum >> 63) ^ time &+ UInt64(channel)
    }
}

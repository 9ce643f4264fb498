// Numbers of one to ten bytes, seven bits a byte, least significant first (LEB128), in their
// shortest form only: one number has one coding, so one chunk has one payload.

extension [UInt8] {
    /// Appends a number in one to ten bytes.
    mutating func appendNumber(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Reads a number at `offset`, which must lie within `end`, and moves the offset behind it.
    func readNumber(at offset: inout Int, end: Int) throws(PayloadFault) -> UInt64 {
        let first = offset
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard offset < end else {
                throw .truncated(offset: first, needed: offset - first + 1, available: end - first)
            }
            let byte = self[offset]
            offset += 1
            let bits = UInt64(byte & 0x7f)
            // The tenth byte has room for one bit.
            guard shift < 63 || bits <= 1 else { throw .number(offset: first) }
            number |= bits << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw .number(offset: first) }
                return number
            }
            guard shift < 63 else { throw .number(offset: first) }
            shift += 7
        }
    }
}

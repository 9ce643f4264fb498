/// The remaining length of a packet: its bytes behind the fixed header, 7 bits a byte.
///
/// Ref: MQTT 3.1.1 §2.2.3.
enum PacketLength {
    /// The most that four bytes can say.
    static var valueMax: Int { 268_435_455 }

    /// The most bytes that say it.
    static var byteCountMax: Int { 4 }

    /// How many bytes say a length of 0 ... ``valueMax``.
    static func byteCount(of length: Int) -> Int {
        switch length {
        case ..<128: 1
        case ..<16_384: 2
        case ..<2_097_152: 3
        default: 4
        }
    }

    /// Appends a length of 0 ... ``valueMax``.
    static func append(_ length: Int, to bytes: inout [UInt8]) {
        var left = length
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: left))
    }
}

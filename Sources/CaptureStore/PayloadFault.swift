// Every way in which the bytes of a chunk can contradict the format or the header beside them.

/// Why a payload could not be decoded.
public enum PayloadFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The checksum of header and payload differs from the stored one.
    case checksum(expected: UInt32, actual: UInt32)
    /// The payload is coded in a version that this build does not know.
    case unsupportedCoding(version: UInt8)
    /// The header asks for a number of edges outside 0 ... `EdgeCodec.edgesMax`.
    case edgeCount(Int)
    /// The payload ends before what its header announces.
    case truncated(offset: Int, needed: Int, available: Int)
    /// Bytes follow the last section.
    case trailingBytes(offset: Int, count: Int)
    /// A variable-length number is longer than 64 bits, or not in its shortest form.
    case number(offset: Int)
    /// The time unit is zero or too large.
    case timeUnit(UInt64)
    /// A plane's length does not fit the number of edges.
    case planeLength(plane: Int, expected: Int, actual: Int)
    /// A plane uses a coding that the version does not have.
    case planeCoding(plane: Int)
    /// zstd refuses a plane.
    case compression(plane: Int)
    /// A delta lies outside what a capture can span.
    case timeOverflow(edge: Int)
    /// The first delta is not 0.
    case firstDelta
    /// The edges have more or fewer leads than the payload stores.
    case leadCount(expected: Int, actual: Int)
    /// The times do not add up to the end in the header.
    case endTime(expected: Int64, actual: Int64)
    /// The list of escapes holds more or fewer numbers than the third plane uses.
    case escapeCount(expected: Int, actual: Int)
    /// An exception names an edge out of order, out of range, or one that the bits call expected.
    case exceptionEdge(Int)
    /// An exception names a channel above 31.
    case exceptionChannel(UInt8)
    /// Unused bits of the last byte of channel bits are set.
    case padding

    /// What contradicts what, with the evidence.
    public var description: String {
        switch self {
        case .checksum(let expected, let actual):
            "its CRC-32 is \(hex(actual)), \(hex(expected)) was stored"
        case .unsupportedCoding(let version):
            "its payload coding is version \(version), this build reads \(EdgeCodec.version)"
        case .edgeCount(let count):
            "it claims \(count) edges, the limit is \(EdgeCodec.edgesMax)"
        case .truncated(let offset, let needed, let available):
            "\(needed) bytes are needed at byte \(offset), \(available) are there"
        case .trailingBytes(let offset, let count):
            "\(count) bytes too many follow byte \(offset)"
        case .number(let offset):
            "the number at byte \(offset) is malformed"
        case .timeUnit(let unit):
            "its time unit is \(unit) ns"
        case .planeLength(let plane, let expected, let actual):
            "plane \(plane) has \(actual) bytes instead of \(expected)"
        case .planeCoding(let plane):
            "plane \(plane) has an unknown coding"
        case .compression(let plane):
            "plane \(plane) is not what zstd wrote"
        case .timeOverflow(let edge):
            "the time of its edge \(edge) is out of range"
        case .firstDelta:
            "its first delta is not 0"
        case .leadCount(let expected, let actual):
            "it stores \(expected) leads, its edges have \(actual)"
        case .endTime(let expected, let actual):
            "its last edge is at \(actual) ns, \(expected) ns was stored"
        case .escapeCount(let expected, let actual):
            "it lists \(actual) long deltas and uses \(expected)"
        case .exceptionEdge(let edge):
            "it lists edge \(edge) as an exception, wrongly"
        case .exceptionChannel(let index):
            "it names channel \(index)"
        case .padding:
            "its padding is not 0"
        }
    }

    private func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

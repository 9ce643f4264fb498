// The law of this file: what is written here reads back with RecordReader, value for value.

/// Writes the payload of a journal record: numbers, flags and byte strings, one after the other.
///
/// A machine's inputs and outputs encode themselves with it. Numbers are zigzag LEB128, so that
/// small ones of either sign are short; byte strings carry their length.
/// Ref: Documentation/Journal.md.
public struct RecordWriter: Sendable {
    /// The payload so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty payload.
    public init() {}

    /// Appends one byte.
    public mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    /// Appends a flag.
    public mutating func flag(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    /// Appends a number of either sign.
    public mutating func number(_ number: Int64) {
        var left = UInt64(bitPattern: number << 1 ^ number >> 63)
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: left))
    }

    /// Appends a string of bytes.
    public mutating func string(_ string: [UInt8]) {
        number(Int64(string.count))
        bytes.append(contentsOf: string)
    }
}

// The law of this file: any bytes can be read; those that are no payload give a fault, never a trap.

/// Why the payload of a record cannot be read.
public struct RecordFault: Error, Hashable, Sendable {
    /// The first byte at fault, counted from the payload's first.
    public var offset: Int
    /// What is wrong there.
    public var reason: Reason

    /// A fault at a place.
    public init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// What is wrong with a payload.
    public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
        /// It ends before the value does.
        case truncated
        /// It goes on behind its last value.
        case surplus
        /// A number has more than 64 bits, a flag is neither 0 nor 1, or a case does not exist.
        case outOfRange

        /// The reason in words.
        public var name: StaticString {
            switch self {
            case .truncated: "ends too early"
            case .surplus: "goes on behind its end"
            case .outOfRange: "holds a value that does not exist"
            }
        }
    }
}

/// Reads what ``RecordWriter`` wrote.
public struct RecordReader: Sendable {
    private let bytes: [UInt8]
    /// The number of bytes read.
    public private(set) var offset = 0

    /// A reader at the start of a payload.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all of it was read.
    public var isAtEnd: Bool { offset == bytes.count }

    /// A fault at the present place.
    public func fault(_ reason: RecordFault.Reason) -> RecordFault {
        RecordFault(offset: offset, reason: reason)
    }

    /// The next byte.
    public mutating func byte() throws(RecordFault) -> UInt8 {
        guard offset < bytes.count else { throw fault(.truncated) }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// The next flag.
    public mutating func flag() throws(RecordFault) -> Bool {
        let start = offset
        let value = try byte()
        if value > 1 { throw RecordFault(offset: start, reason: .outOfRange) }
        return value == 1
    }

    /// The next number.
    public mutating func number() throws(RecordFault) -> Int64 {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            let group = UInt64(next & 0x7f)
            if shift > 63 || (shift == 63 && group > 1) {
                throw RecordFault(offset: start, reason: .outOfRange)
            }
            value |= group << shift
            if next & 0x80 == 0 { break }
            shift += 7
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// The next number, which must lie in a range.
    public mutating func number(in range: ClosedRange<Int64>) throws(RecordFault) -> Int64 {
        let start = offset
        let value = try number()
        guard range.contains(value) else { throw RecordFault(offset: start, reason: .outOfRange) }
        return value
    }

    /// The next number as one of this machine's width.
    public mutating func count() throws(RecordFault) -> Int {
        let start = offset
        guard let count = Int(exactly: try number()) else {
            throw RecordFault(offset: start, reason: .outOfRange)
        }
        return count
    }

    /// The next byte as a case of an enumeration.
    public mutating func value<Value: RawRepresentable>(
        of type: Value.Type
    ) throws(RecordFault) -> Value where Value.RawValue == UInt8 {
        let start = offset
        guard let value = Value(rawValue: try byte()) else {
            throw RecordFault(offset: start, reason: .outOfRange)
        }
        return value
    }

    /// The next string of bytes.
    public mutating func string() throws(RecordFault) -> [UInt8] {
        let start = offset
        let count = try number()
        if count < 0 { throw RecordFault(offset: start, reason: .outOfRange) }
        guard count <= Int64(bytes.count - offset) else { throw fault(.truncated) }
        let end = offset + Int(count)
        defer { offset = end }
        return Array(bytes[offset..<end])
    }

    /// Checks that nothing follows.
    public func finish() throws(RecordFault) {
        if !isAtEnd { throw fault(.surplus) }
    }
}

// The law of this file: a string is fields with the separator between them, and nothing else. What
// a field means is not known here. Ref: Documentation/Protocol.md, Messages.

/// A frame's bytes seen as fields, which the character 127 separates.
///
/// A view: it copies nothing and allocates nothing. There is always at least one field, and an
/// empty frame is one empty field. Offsets count from the frame's first byte.
public struct Fields: Sequence, Sendable {
    /// The character between two fields; it cannot occur inside one.
    @inlinable public static var separator: UInt8 { 127 }

    /// The frame's bytes, without the zero character that ended them.
    public let bytes: ArraySlice<UInt8>

    /// The number of fields, at least 1.
    public let count: Int

    /// The fields of a whole frame.
    @inlinable public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// The fields of a part of some bytes.
    @inlinable public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        var separators = 0
        for byte in bytes where byte == Fields.separator { separators &+= 1 }
        count = separators + 1
    }

    /// The field at an index of 0 ..< ``count``, the command being field 0; empty beyond the last.
    ///
    /// Walks the frame from its start: iterate to visit them all.
    @inlinable public subscript(index: Int) -> ArraySlice<UInt8> {
        guard index >= 0 else { return bytes[bytes.startIndex..<bytes.startIndex] }
        var iterator = makeIterator()
        var left = index
        while let field = iterator.next() {
            if left == 0 { return field }
            left -= 1
        }
        return bytes[bytes.endIndex..<bytes.endIndex]
    }

    /// The byte at which a field begins; the frame's length beyond the last field.
    @inlinable public func offset(of index: Int) -> Int {
        self[index].startIndex - bytes.startIndex
    }

    /// Visits the fields in order.
    @inlinable public func makeIterator() -> Iterator { Iterator(bytes) }

    /// Walks over a frame's fields.
    public struct Iterator: IteratorProtocol, Sendable {
        @usableFromInline let bytes: ArraySlice<UInt8>
        /// Where the next field begins; nil after the last.
        @usableFromInline var start: Int?

        @inlinable init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            start = bytes.startIndex
        }

        /// The next field; nil after the last.
        @inlinable public mutating func next() -> ArraySlice<UInt8>? {
            guard let first = start else { return nil }
            var end = first
            while end < bytes.endIndex, bytes[end] != Fields.separator { end += 1 }
            start = end < bytes.endIndex ? end + 1 : nil
            return bytes[first..<end]
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether these bytes are exactly the characters of a constant.
    @usableFromInline func equals(_ text: StaticString) -> Bool {
        let characters = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard count == characters.count else { return false }
        var place = startIndex
        for character in characters {
            if self[place] != character { return false }
            place += 1
        }
        return true
    }
}

extension Array<UInt8> {
    /// The characters of a constant.
    init(characters text: StaticString) {
        self.init(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

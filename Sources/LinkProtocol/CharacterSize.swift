/// The number of bits in a character. Both ends are built with the same one.
///
/// Ref: Documentation/Protocol.md, Characters.
public enum CharacterSize: UInt8, Hashable, Sendable, CaseIterable {
    /// The usual build: characters 1 ... 127.
    case seven = 7
    /// The known variant: characters 1 ... 255.
    case eight = 8

    /// The number of bits.
    @inlinable public var bitCount: Int { Int(rawValue) }

    /// The largest character that can be sent.
    @inlinable public var largest: UInt8 { self == .seven ? 0x7f : 0xff }
}

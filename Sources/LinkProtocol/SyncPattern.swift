/// The pattern by which the two ends find each other's bits.
///
/// Each end shifts out the pattern, least significant bit first, and then zeros, while it shifts
/// what it samples into a register of the same length from the top. An end is synchronised when
/// its register reads the pattern. Ref: Documentation/Protocol.md, Synchronisation.
public enum SyncPattern {
    /// The pattern: on the wire 1, 0, 1, 1, 1, 0, 0, 1.
    @inlinable public static var value: UInt8 { 0x9d }

    /// The number of bits in the pattern.
    @inlinable public static var bitCount: Int { 8 }

    /// The pattern's bit with the given place on the wire; zero behind its end.
    @inlinable public static func bit(_ index: Int) -> UInt8 {
        index < bitCount ? (value >> UInt8(truncatingIfNeeded: index)) & 1 : 0
    }

    /// The register of sampled bits after one more bit.
    @inlinable public static func shift(_ bit: UInt8, into register: UInt8) -> UInt8 {
        register >> 1 | bit << 7
    }
}

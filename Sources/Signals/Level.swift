/// The logic level of a wire: 0 or 1.
public enum Level: UInt8, Hashable, Sendable {
    case low = 0
    case high = 1

    /// The other level.
    @inlinable public var toggled: Level { self == .low ? .high : .low }

    /// The level as the least significant bit of a number.
    @inlinable public init(bit: UInt8) { self = bit & 1 == 0 ? .low : .high }
}

/// The levels of all channels of a capture at one moment, one bit a channel.
public struct LevelSet: Hashable, Sendable {
    /// Bit n is the level of the channel with index n.
    public var bits: UInt32

    /// Levels from a bit mask, bit n being the channel with index n.
    @inlinable public init(bits: UInt32) { self.bits = bits }

    /// A link at rest: `reset` released (high), every other wire low.
    /// Ref: Documentation/Protocol.md, Wires.
    public static var rest: LevelSet { LevelSet(bits: 1 << Channel.reset.index) }

    /// The level of one channel.
    @inlinable public subscript(channel: Channel) -> Level {
        @inline(__always) get {
            Level(bit: UInt8(truncatingIfNeeded: bits &>> UInt32(channel.index)))
        }
        @inline(__always) set {
            let place = UInt32(channel.index)
            bits = bits & ~(1 &<< place) | UInt32(newValue.rawValue) &<< place
        }
    }

    /// Turns one channel to its other level.
    @inlinable public mutating func toggle(_ channel: Channel) {
        bits ^= 1 << UInt32(channel.index & 31)
    }
}

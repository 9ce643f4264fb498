/// A wire, and the level to drive it to.
public struct Drive: Hashable, Sendable {
    /// The wire.
    public var channel: Channel
    /// The level.
    public var level: Level

    /// A wire and a level.
    @inlinable public init(_ channel: Channel, _ level: Level) {
        self.channel = channel
        self.level = level
    }

    @inlinable init(packed: UInt8) {
        channel = Channel(masking: packed >> 1)
        level = Level(bit: packed)
    }

    @inlinable var packed: UInt8 { channel.index << 1 | level.rawValue }
}

/// A change of one channel's level at one moment.
public struct Edge: Hashable, Sendable {
    /// When the instrument saw the change.
    public var time: Timestamp
    /// The channel that changed.
    public var channel: Channel
    /// The level after the change.
    public var level: Level

    /// A change of `channel` to `level` at `time`.
    @inlinable public init(time: Timestamp, channel: Channel, level: Level) {
        self.time = time
        self.channel = channel
        self.level = level
    }
}

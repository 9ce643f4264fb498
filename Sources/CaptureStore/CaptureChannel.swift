// A channel as a capture describes it.

public import Signals

/// One channel of a capture: its name, how it was seen, and its level at the start.
public struct CaptureChannel: Hashable, Sendable {
    /// The channel's place: wires of the link first.
    public var channel: Channel
    /// The name; for the link's wires always the host's.
    public var name: String
    /// The level at the start of the capture, before its first edge.
    public var initialLevel: Level
    /// How its edges were seen.
    public var seen: Seen

    /// How the edges of a channel were seen.
    ///
    /// Raw values are stored in captures: never rename.
    public enum Seen: String, Hashable, Sendable {
        /// An instrument or a line event said so.
        case read
        /// We wrote them.
        case driven
    }

    /// A channel by its place and name.
    public init(channel: Channel, name: String, initialLevel: Level, seen: Seen = .read) {
        self.channel = channel
        self.name = name
        self.initialLevel = initialLevel
        self.seen = seen
    }

    /// The link's five wires under the host's names, all seen in the same way.
    public static func wires(
        initialLevels: LevelSet = .rest, seen: Seen = .read
    ) -> [CaptureChannel] {
        WireNames.all.map { wire in
            CaptureChannel(
                channel: wire.channel, name: wire.host.description,
                initialLevel: initialLevels[wire.channel], seen: seen)
        }
    }
}

extension [CaptureChannel] {
    /// The levels at the start, one bit a channel; a wire that is not among them is at rest.
    var initialLevels: LevelSet {
        reduce(into: LevelSet.rest) { levels, channel in
            levels[channel.channel] = channel.initialLevel
        }
    }
}

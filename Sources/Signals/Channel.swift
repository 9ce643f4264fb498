/// One channel of a capture: the five wires of the link by their fixed places, then any extra.
///
/// The wires carry the host's names, whoever recorded them, and their indices follow the layout of
/// the shared-memory wires. Ref: Documentation/Protocol.md, Wires.
public struct Channel: Hashable, Sendable {
    /// 0 ... 31.
    public let index: UInt8

    /// The channel with an index of 0 ... 31, or nil.
    @inlinable public init?(index: Int) {
        guard index >= 0, index < Channel.countMax else { return nil }
        self.index = UInt8(truncatingIfNeeded: index)
    }

    /// For indices already known to be below ``countMax``; the upper bits are dropped.
    @inlinable public init(masking index: UInt8) { self.index = index & 31 }

    /// The most channels that a capture can have.
    public static var countMax: Int { 32 }

    /// Host to bridge, low resets the bridge; released (high) at rest.
    @inlinable public static var reset: Channel { Channel(masking: 0) }
    /// Host to bridge: the host's data.
    @inlinable public static var stx: Channel { Channel(masking: 1) }
    /// Host to bridge: the host's clock.
    @inlinable public static var sckout: Channel { Channel(masking: 2) }
    /// Bridge to host: the bridge's data.
    @inlinable public static var srx: Channel { Channel(masking: 3) }
    /// Bridge to host: the bridge's clock.
    @inlinable public static var sckin: Channel { Channel(masking: 4) }

    /// The five wires of the link, in the order of their indices.
    public static var wires: [Channel] { [.reset, .stx, .sckout, .srx, .sckin] }

    /// Whether this is one of the link's five wires.
    @inlinable public var isWire: Bool { index < 5 }
}

/// An end of the link. The raw values stand in captures: never renumber.
public enum LinkEnd: UInt8, Hashable, Sendable, CaseIterable {
    /// The end that starts the link and holds the reset line: the initiator.
    case host = 0
    /// The passive end, which owns the connection to the broker.
    case bridge = 1

    /// The end at the other side of the wires.
    @inlinable public var peer: LinkEnd { self == .host ? .bridge : .host }

    /// The clock that this end drives.
    @inlinable public var clock: Channel { self == .host ? .sckout : .sckin }

    /// The data wire that this end drives.
    @inlinable public var data: Channel { self == .host ? .stx : .srx }
}

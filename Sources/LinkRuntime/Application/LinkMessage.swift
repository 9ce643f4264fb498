public import LinkProtocol
public import Signals

/// A message from the broker.
public struct LinkMessage: Hashable, Sendable {
    /// The topic to which it was published.
    public var topic: [UInt8]
    /// Its content, in whatever bytes.
    public var message: [UInt8]
    /// Whether the broker had kept it.
    public var isRetained: Bool
    /// When it had arrived, since the start of the link.
    public var time: Timestamp

    /// The topic as text; bytes that are none are replaced.
    public var topicText: String { String(decoding: topic, as: UTF8.self) }
    /// The content as text; bytes that are none are replaced.
    public var text: String { String(decoding: message, as: UTF8.self) }
}

/// What the bridge reports about itself, or the host about the bridge.
public struct LinkStatus: Hashable, Sendable {
    /// Which.
    public var status: Status
    /// Whether the host waits for an answer before it goes on.
    public var awaitsAnswer: Bool
    /// What the bridge says of an UNKNOWN.
    public var text: [UInt8]
    /// The string that an UNKNOWN repeats, secrets masked.
    public var offending: [UInt8]
    /// When it was heard, since the start of the link.
    public var time: Timestamp
    /// Its number among those that await an answer; others have that of the last such.
    var question: Int
}

/// What became of a publication.
public struct PublicationResult: Hashable, Sendable {
    /// Whether the bridge has confirmed it. A publication with qos 0 that was under way when the
    /// bridge crashed is not confirmed, and not sent again.
    public var isConfirmed: Bool
    /// From the call to its return.
    public var duration: Nanoseconds
}

/// The memory of a bridge.
public struct BridgeMemory: Hashable, Sendable {
    /// The free memory, in bytes.
    public var freeBytes: Int64
    /// The allocated memory, in bytes.
    public var allocatedBytes: Int64
}

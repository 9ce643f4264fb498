#if Broker
/// How long a transport waits, and how much it holds, at most.
public struct BrokerTransportLimits: Hashable, Sendable {
    /// To read the files, look the name up and connect, all attempts together.
    public var connectTime = Duration.seconds(10)
    /// To agree on TLS, once connected.
    public var handshakeTime = Duration.seconds(10)
    /// To let everything sent leave, and to hear that the broker closes too.
    public var closeTime = Duration.seconds(1)
    /// Bytes that were sent and that the network has not taken; with more, the transport closes.
    public var queuedBytesMax = 4 << 20
    /// Bytes of the broker that are told at once.
    public var chunkBytesMax = 64 << 10
    /// What the kernel holds of the broker's bytes while they are not read (it doubles this). If the
    /// broker closes meanwhile, so much comes into memory at once.
    public var unreadBytesMax = 256 << 10

    /// Those of a live bridge.
    public init() {}
}
#endif

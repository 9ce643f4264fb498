public import Signals

/// How long a bridge waits for what. The defaults are the reference's.
///
/// Up to ``ConfigurationText/timeMax``; what is negative counts as zero.
/// Ref: Documentation/Protocol.md, Reference timings.
public struct BridgeWaits: Hashable, Sendable {
    /// The search for a network, the default one or that of `init`, and at a reconnection.
    public var networkSearch = Nanoseconds.seconds(16)
    /// From association to the first contact with the broker.
    public var networkSettling = Nanoseconds.seconds(5)
    /// From WIFI_DOWN until the bridge does something about it.
    public var afterWiFiStatus = Nanoseconds.seconds(1)
    /// From dropping Wi-Fi to associating anew.
    public var reconnectPause = Nanoseconds.seconds(1)
    /// How long Wi-Fi must have stayed up before the broker is contacted again.
    public var stability = Nanoseconds.seconds(5)
    /// Between the clean connection that erases the broker's session and the one that is used.
    public var cleanPause = Nanoseconds.seconds(2)
    /// For the transport to open, and then for the broker's CONNACK.
    public var brokerAnswer = Nanoseconds.seconds(10)
    /// For the answer whether there is an internet; later, there is none.
    public var internetCheck = Nanoseconds.seconds(3)
    /// For the time server's answer; later, the time is not known.
    public var timeAnswer = Nanoseconds.seconds(2)
    /// For the owner's answer about memory; later, zeros are told.
    public var memoryAnswer = Nanoseconds.seconds(1)
    /// Half the period of the heartbeat lamp; zero: it stays dark.
    public var heartbeat = Nanoseconds.milliseconds(500)

    /// The reference's waits.
    public init() {}
}

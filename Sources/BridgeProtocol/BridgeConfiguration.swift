public import LinkProtocol

// The law of this file: everything that a bridge can be told before it boots is here. The rest it
// learns from `init`.

/// How a bridge behaves.
///
/// The waits are the reference's, the pacing is not: without it the bridge answers as fast as it
/// can. Ref: Documentation/Protocol.md, Sessions and Reference timings.
public struct BridgeConfiguration: Hashable, Sendable {
    /// The unique number of the chip; its lower-case hexadecimal form names the client to the broker.
    public var chipIdentifier: [UInt8]

    /// The faults of the reference that are imitated.
    public var rules: ReferenceRules

    /// How the link behaves.
    public var link: LinkConfiguration

    /// How long the bridge waits for what.
    public var waits: BridgeWaits

    /// What the reference's polling adds.
    public var pacing: BridgePacing

    /// With this many messages for the host on their way, the bridge stops reading from the broker.
    /// It reads again when half of them are left.
    public var linkQueueFramesMax: Int

    /// With this many characters of such messages on their way, the bridge stops reading too.
    public var linkQueueCharactersMax: Int

    /// The most frames for the host that wait for room in the link's queue. More come to that only
    /// in one piece of the broker's bytes, or from a host that has stopped.
    public var waitingFramesMax: Int

    /// The most frames of the host, and the most characters in them, that wait behind a command. A
    /// host says all of its subscriptions at once, faster than a broker takes them.
    public var commandLimits: FrameQueue.Limits

    /// The longest packet to or from the broker, in bytes.
    public var packetLengthMax: Int

    /// The most subscriptions that the host can have.
    public var subscriptionsMax: Int

    /// What keeps messages safe.
    public var protections: BridgeProtections

    /// The most characters of a frame that UNKNOWN repeats.
    public static var echoLengthMax: Int { 4_096 }

    /// The standard configuration, without imitated faults.
    public init() {
        chipIdentifier = [0xde, 0xad, 0xbe, 0xef]
        rules = []
        link = LinkConfiguration()
        waits = BridgeWaits()
        pacing = BridgePacing()
        linkQueueFramesMax = 16
        linkQueueCharactersMax = 16_384
        waitingFramesMax = 2_048
        commandLimits = FrameQueue.Limits(frameCountMax: 512, characterCountMax: 65_536)
        packetLengthMax = 65_536
        subscriptionsMax = 256
        protections = BridgeProtections()
    }
}

/// What keeps messages safe. Only tests switch any of it off, to see that something notices.
public struct BridgeProtections: Hashable, Sendable {
    /// A qos 1 message is acknowledged when its frame has left the wire, not before.
    public var acknowledgesAfterFrame = true
    /// The broker is not read while the link's queue is full.
    public var flowControl = true
    /// Subscriptions are renewed when the connection is.
    public var renewsSubscriptions = true
    /// The broker's session is taken up when the host says `resume`.
    public var resumes = true

    /// All of it.
    public init() {}
}

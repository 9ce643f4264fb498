public import Signals

/// How an end of the link behaves. The defaults are the reference's, apart from the idle pause.
///
/// Ref: Documentation/Protocol.md, Watchdog.
public struct LinkConfiguration: Hashable, Sendable {
    /// The number of bits in a character; both ends must agree.
    public var characterSize: CharacterSize

    /// The host gives the bridge up when its clock has not moved for this long.
    public var watchdogTimeout: Nanoseconds

    /// How long the host holds `reset` low.
    public var resetPulse: Nanoseconds

    /// How long the host waits behind a reset before it looks at the bridge's clock.
    ///
    /// Whenever a start ends without a single toggle of the bridge, the next one waits twice as
    /// long, up to ``settlingMax``: a bridge that boots slowly gets there in the end.
    public var settling: Nanoseconds

    /// The longest that ``settling`` grows to.
    public var settlingMax: Nanoseconds

    /// How long the host rests between characters while both directions are idle; zero for never.
    ///
    /// At most 1 ms and a quarter of ``watchdogTimeout``. A frame that is queued ends the rest at
    /// once.
    public var idlePause: Nanoseconds

    /// How many frames may wait to be sent.
    public var queueLimits: FrameQueue.Limits

    /// The most characters of one received frame that are kept; the rest is counted.
    public var frameLengthMax: Int

    /// The host gives up when it has exchanged this many bits without finding the pattern: it faces
    /// a bridge that was not reset.
    public static var synchronisationBitsMax: Int { 64 }

    /// The longest idle pause that is accepted.
    public static var idlePauseMax: Nanoseconds { .milliseconds(1) }

    /// The reference's behaviour, with an idle pause of 1 ms.
    public init() {
        characterSize = .seven
        watchdogTimeout = .seconds(10)
        resetPulse = .milliseconds(100)
        settling = .seconds(1)
        settlingMax = .seconds(16)
        idlePause = LinkConfiguration.idlePauseMax
        queueLimits = .standard
        frameLengthMax = 65_536
    }
}

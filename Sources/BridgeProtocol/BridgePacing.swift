public import Signals

/// What the reference's polling adds to everything that it does; all zero: nothing.
///
/// With ``reference`` a publication takes the time that it takes there, in a capture of both ends on
/// one PC: 29 to 49 ms from the end of its frame to the begin of PUBOK, and with qos 1 a hundred
/// milliseconds more. Ref: Documentation/Protocol.md, Reference timings.
public struct BridgePacing: Hashable, Sendable {
    /// Before RUNNING, a frame of the host is looked at at multiples of this since the boot.
    public var startPoll = Nanoseconds.zero
    /// After RUNNING, a frame of the host is looked at at multiples of this since RUNNING; so is a
    /// message of the broker.
    public var queuePoll = Nanoseconds.zero
    /// From looking at a frame of the host to acting on it.
    public var commandOverhead = Nanoseconds.zero
    /// From the end of a command to its answer in the link's queue.
    public var answerOverhead = Nanoseconds.zero
    /// From looking at a message of the broker to its frame in the link's queue.
    public var messageOverhead = Nanoseconds.zero
    /// From the broker's first leave to connect to BROKER_OK in the link's queue.
    public var connectOverhead = Nanoseconds.zero
    /// A write to the socket.
    public var socketWrite = Nanoseconds.zero
    /// How often the broker's acknowledgement is looked for.
    public var acknowledgementPoll = Nanoseconds.zero
    /// How long the question for an internet takes at least.
    public var internetCheck = Nanoseconds.zero
    /// How long the question for the time takes at least.
    public var timeAnswer = Nanoseconds.zero

    /// No delays.
    public init() {}

    /// The delays of the reference.
    public static var reference: BridgePacing {
        var pacing = BridgePacing()
        pacing.startPoll = .milliseconds(100)
        pacing.queuePoll = .milliseconds(20)
        pacing.commandOverhead = .milliseconds(21)
        pacing.answerOverhead = .milliseconds(3)
        pacing.messageOverhead = .milliseconds(31)
        pacing.connectOverhead = .milliseconds(53)
        pacing.socketWrite = .milliseconds(5)
        pacing.acknowledgementPoll = .milliseconds(100)
        pacing.internetCheck = .seconds(3)
        pacing.timeAnswer = .seconds(2)
        return pacing
    }

    /// The first moment, not before `now`, that lies a multiple of a period after a moment.
    static func next(
        multipleOf period: Nanoseconds, since origin: Timestamp, from now: Timestamp
    ) -> Timestamp {
        guard period > .zero, now > origin else { return now }
        let beyond = (now - origin).count % period.count
        return beyond == 0 ? now : now + Nanoseconds(period.count - beyond)
    }
}

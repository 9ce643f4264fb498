public import Signals

/// One end of the link: it synchronises, exchanges frames bit by bit, and notices a dead peer.
///
/// Both roles are this one machine. They differ in who moves first, and in that only the host
/// holds the reset line and a watchdog.
///
///     host    stopped -> resetting -> settling -> synchronising -> running -> stopped …
///     bridge  stopped ----------------------------> synchronising -> running -> stopped …
///
/// A bit moves in each direction at every toggle of a clock. An end may proceed when the peer has
/// toggled: the host when the peer's clock equals its own phase, the bridge when it differs. To
/// proceed is to sample the peer's data, to drive the next data bit, and then to toggle the own
/// clock; so data is stable before the edge that announces it. Whatever ends a session leaves both
/// outputs low and the queue empty, and the owner decides when to start again.
/// Ref: Documentation/Protocol.md, Bits, Synchronisation and Watchdog.
public struct LinkMachine: StateMachine, Sendable {
    /// Everything that can influence the machine.
    public enum Input: Sendable {
        /// Begin a session: the host resets the bridge first. Ends a session that runs.
        case start
        /// End the session and leave both outputs low.
        case stop
        /// The levels of the peer's wires, read clock first; the machine remembers them, so they
        /// must be fed at every change, also while it is not looking at them.
        case levels(clock: Level, data: Level)
        /// A frame to send; `tag` comes back with the outcome.
        case send(frame: [UInt8], tag: Int)
        /// Time has passed.
        case timer
    }

    /// Everything the machine can do.
    public enum Output: Sendable, Equatable {
        /// Drive a wire to a level that it does not have yet.
        case drive(Channel, Level)
        /// The peer's pattern was found: frames can flow.
        case synchronised
        /// A frame has arrived; characters beyond the length limit were dropped and counted.
        case received(frame: [UInt8], droppedCharacters: Int)
        /// The peer has sampled the last bit of a frame's closing zero.
        case sent(tag: Int)
        /// A frame cannot be sent, or was not sent before its session ended.
        case refused(tag: Int, SendRefusal)
        /// The session is over, and why.
        case failed(LinkFailure)
    }

    enum State: Sendable {
        /// Nothing is driven high, no deadline runs.
        case stopped
        /// The first bit is on the wires and `reset` is low.
        case resetting(until: Timestamp)
        /// `reset` is released, and the bridge boots.
        case settling(until: Timestamp)
        /// The patterns are exchanged.
        case synchronising(lastToggle: Timestamp)
        /// Frames are exchanged.
        case running(lastToggle: Timestamp)
        /// As running, with the next toggle put off because nobody has anything to say.
        case pausing(until: Timestamp)
    }

    /// The end that this machine plays.
    public let end: LinkEnd
    /// How it behaves.
    public let configuration: LinkConfiguration

    var state: State
    var transmitter: LinkTransmitter
    var receiver: LinkReceiver
    /// The level last driven on the own clock.
    var phase: Level
    var ownData: Level
    var ownReset: Level
    var peerClock: Level
    var peerData: Level
    /// The peer has toggled at least once in this session.
    var peerHasAnswered: Bool
    /// The settling time of the next start.
    var settling: Nanoseconds
    /// The tags of the frames that have not left the wire, oldest first.
    var tags: [Int]
    /// The number of frames whose leaving the wire has been told.
    var framesAcknowledged: Int
    /// The most that one input causes is the end of a session and the begin of the next.
    var outputs: OutputQueue<Output>

    /// An end that waits to be started, with every wire at rest.
    public init(end: LinkEnd, configuration: LinkConfiguration = LinkConfiguration()) {
        self.end = end
        self.configuration = configuration
        state = .stopped
        transmitter = LinkTransmitter(
            size: configuration.characterSize, queueLimits: configuration.queueLimits)
        receiver = LinkReceiver(
            from: end.peer, size: configuration.characterSize,
            frameLengthMax: configuration.frameLengthMax)
        phase = .low
        ownData = .low
        ownReset = .high
        peerClock = .low
        peerData = .low
        peerHasAnswered = false
        settling = configuration.settling
        tags = []
        framesAcknowledged = 0
        outputs = OutputQueue()
    }

    /// Whether frames can flow.
    public var isSynchronised: Bool {
        switch state {
        case .running, .pausing: true
        case .stopped, .resetting, .settling, .synchronising: false
        }
    }

    /// Whether a session has begun and not ended.
    public var isStarted: Bool { if case .stopped = state { false } else { true } }

    /// Whether the next toggle is put off because nobody has anything to say.
    public var isResting: Bool { if case .pausing = state { true } else { false } }

    /// The number of own bits driven in this session; the first of the pattern is bit 0.
    public var bitCount: Int { transmitter.bitCount }

    /// The characters of the frame whose bits are being driven; empty between frames.
    public var frameInProgress: [UInt8] { transmitter.frameInProgress }

    /// Whether a frame of the peer has begun, with its first character, and not yet ended.
    public var isReceivingFrame: Bool { isSynchronised && receiver.isInFrame }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .start: start(at: now)
        case .stop: stop()
        case .levels(let clock, let data): handle(clock: clock, data: data, at: now)
        case .send(let frame, let tag): send(frame, tag: tag, at: now)
        case .timer: fireDeadline(at: now)
        }
    }

    /// Takes the levels of the peer's wires, read clock first.
    public mutating func handle(clock: Level, data: Level, at now: Timestamp) {
        peerClock = clock
        peerData = data
        proceedIfPeerHasToggled(at: now)
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? { outputs.popFirst(drive: Output.drive) }

    /// The next thing to do if that is to drive a wire; nil if it is anything else, or nothing.
    public mutating func nextDrive() -> Drive? { outputs.popDrive() }

    /// When the machine wants to be woken at the latest.
    public var deadline: Timestamp? {
        switch state {
        case .stopped: nil
        case .resetting(let until), .settling(let until), .pausing(let until): until
        case .synchronising(let lastToggle), .running(let lastToggle): watchdogDeadline(lastToggle)
        }
    }

    private mutating func send(_ frame: [UInt8], tag: Int, at now: Timestamp) {
        guard isStarted else {
            outputs.append(.refused(tag: tag, .notStarted))
            return
        }
        do throws(SendRefusal) {
            try transmitter.enqueue(frame)
        } catch {
            outputs.append(.refused(tag: tag, error))
            return
        }
        tags.append(tag)
        if case .pausing = state { endPause(at: now) }
    }
}

/// Why a session ended.
///
/// The record of a host numbers the cases; a new one needs a number there.
/// Ref: Documentation/Journal.md.
public enum LinkFailure: Hashable, Sendable {
    /// The bridge never toggled after the reset.
    case noAnswer
    /// The bridge toggled, and the pattern was not found in what it sent.
    case notSynchronised
    /// The bridge stopped toggling while frames could flow.
    case watchdog

    /// The failure in words.
    public var words: StaticString {
        switch self {
        case .noAnswer: "the bridge never answered"
        case .notSynchronised: "the bridge's pattern was not found in what it sent"
        case .watchdog: "the bridge's clock stood still"
        }
    }
}

import Decoding
public import LinkProtocol
public import Signals

/// One end's link machine against a capture: every edge that it makes must be the capture's.
///
/// The recorded frames of the end are put into the machine at the bits where they began, the other
/// end's edges are fed at their times, and the machine's edges are compared one by one, each with
/// the other end's edge that it follows. That proves the framing of every bit and the order of
/// every edge. It does not prove how fast the recorded end answered, nor why it said what it said.
///
/// What is not on the wires is concluded and counted, see ``LinkReplayResult/Inference``. Idle
/// pauses are off. The machine's timers fire when the capture shows their effect, and not before
/// they are due.
public struct LinkReplay {
    /// Where the replay stands.
    enum Phase {
        /// Nothing is known: before the first reset, or behind a gap.
        case untold(since: Timestamp, reason: String)
        /// The host has left a session, and the bridge has not been heard since the reset.
        case betweenSessions
        /// Both machines exchange bits.
        case linked
        /// The end has stopped for good.
        case stopped
        /// The edges differ: only the pictures are completed.
        case diverged
    }

    let end: LinkEnd
    let schedule: LinkSchedule
    var machine: LinkMachine
    var phase: Phase
    var result: LinkReplayResult
    var levels: LevelSet = .rest
    /// The session that runs.
    var session = 0
    /// The place in the schedule's sessions of the next one.
    var nextSession = 0
    var nextFrame = 0
    var nextReceived = 0
    var nextBlank = 0
    var stopTime: Timestamp?
    /// Edges that the machine has made and the capture has not shown yet.
    var pending: [Edge] = []
    /// The edge of the other end that asked for them.
    var pendingSince: Timestamp = .zero
    /// Why the machine has ended the session by itself.
    var failure: LinkFailure?
    /// Edges on which the next ones decide, see ``holds(_:)``.
    var held: [Edge] = []
    var levelsBeforeHeld: LevelSet = .rest
    /// How many of the pending edges were read off the capture itself: they prove nothing.
    var givenEdges = 0
    /// Own edges between a reset and the host's next toggle.
    var bootEdges: [Edge] = []
    var expectedTrace = BitTrace()
    var foundTrace = BitTrace()
    var machineData: Level = .low
    var lastTime: Timestamp = .zero

    /// A replay of one end.
    ///
    /// - Parameters:
    ///   - end: the end that the machine plays.
    ///   - schedule: what a first pass over the same capture found.
    ///   - characterSize: the number of bits in a character.
    ///   - start: the start of the observation.
    public init(
        end: LinkEnd, schedule: LinkSchedule, characterSize: CharacterSize = .seven,
        start: Timestamp = .zero
    ) {
        self.end = end
        self.schedule = schedule
        var configuration = LinkReplay.configuration(for: schedule)
        configuration.characterSize = characterSize
        machine = LinkMachine(end: end, configuration: configuration)
        phase = .untold(since: start, reason: "no synchronisation before")
        result = LinkReplayResult(end: end)
        result.scheduledFrames = schedule.frames(of: end).count
        if schedule.shortestWatchdog != nil, end == .host {
            result.watchdogTimeout = configuration.watchdogTimeout
        }
        stopTime = schedule.stops.last { $0.session > 0 }?.time
        if let last = schedule.sessions.last, let time = stopTime, time <= last.hostLeft {
            stopTime = nil
        }
        if !schedule.beginsInMidLink { phase = .betweenSessions }
    }

    /// The machine's times, so that none of its timers is due before the capture's.
    static func configuration(for schedule: LinkSchedule) -> LinkConfiguration {
        var configuration = LinkConfiguration()
        configuration.idlePause = .zero
        configuration.queueLimits = FrameQueue.Limits(
            frameCountMax: 1_024, characterCountMax: 1 << 24)
        configuration.frameLengthMax = 1 << 20
        for session in schedule.sessions {
            if session.resetIsSeen, let released = session.resetReleased {
                configuration.resetPulse = min(
                    configuration.resetPulse, released - session.resetPulled)
            }
        }
        // A capture's host may wait less than ours: its own first toggle is what counts.
        configuration.settling = .zero
        configuration.watchdogTimeout = .seconds(1 << 30)
        if let silence = schedule.shortestWatchdog {
            let step = Nanoseconds.milliseconds(100).count
            configuration.watchdogTimeout = Nanoseconds(max(1, silence.count / step) * step)
        }
        return configuration
    }

    /// Takes the next run of edges of the second pass.
    public mutating func feed(_ batch: EdgeBatch) {
        levels = batch.levels
        for edge in batch.edges where edge.channel.isWire {
            levels[edge.channel] = edge.level
            take(edge)
            lastTime = edge.time
            if case .diverged = phase, expectedTrace.isComplete, foundTrace.isComplete { return }
        }
    }

    /// The end of the capture: what came of it.
    public mutating func finish(at time: Timestamp) -> LinkReplayResult {
        if case .untold(let since, let reason) = phase {
            addUntold(from: since, to: time, reason)
        }
        if case .linked = phase { checkReceived(at: time) }
        if !held.isEmpty { result.count(.cutAnswer) }
        if result.divergence != nil {
            result.divergence?.expectedBits = expectedTrace.bits
            result.divergence?.foundBits = foundTrace.bits
            result.divergence?.firstShownBit = expectedTrace.first
        }
        return result
    }

    mutating func addUntold(from start: Timestamp, to end: Timestamp, _ reason: String) {
        guard end > start else { return }
        result.untold.append(.init(start: start, end: end, reason: reason))
    }

    private mutating func take(_ edge: Edge) {
        if case .diverged = phase { return continueTraces(edge) }
        beginBlankIfDue(at: edge.time)
        if nextSession < schedule.sessions.count,
            edge.time >= schedule.sessions[nextSession].hostLeft
        {
            leaveSession(for: schedule.sessions[nextSession], with: edge)
        }
        if let stopTime, edge.time >= stopTime, case .linked = phase {
            result.count(.stop)
            phase = .stopped
        }
        switch phase {
        case .untold, .stopped, .diverged: return
        case .betweenSessions: takeBetweenSessions(edge)
        case .linked:
            if holds(edge) { return }
            if isOwn(edge.channel) { compare(edge) } else { feedPeer(edge) }
        }
    }

    func isOwn(_ channel: Channel) -> Bool {
        channel == end.clock || channel == end.data || (end == .host && channel == .reset)
    }

    /// Behind a gap nothing is known until the next session.
    private mutating func beginBlankIfDue(at time: Timestamp) {
        while nextBlank < schedule.blanks.count, schedule.blanks[nextBlank].start <= time {
            let blank = schedule.blanks[nextBlank]
            nextBlank += 1
            guard blank.session >= session else { continue }
            if case .untold = phase { continue }
            phase = .untold(since: held.first?.time ?? blank.start, reason: blank.reason)
            held.removeAll(keepingCapacity: true)
            pending.removeAll(keepingCapacity: true)
        }
    }
}

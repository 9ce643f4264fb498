public import LinkProtocol
public import Signals

/// Edges become frames and link events, in one pass and bounded memory.
///
/// Everything that reads wires lives here; what the strings mean is ``SessionTracker``'s. A running
/// link in good order takes the short way through ``decode(_:)``. Everything else, which is start
/// sequences, stops, missing edges and captures that begin in the middle, takes the long way, one
/// edge at a time.
public struct WireDecoder {
    /// What the decoder must know of the link before it has seen it.
    public struct Configuration: Sendable {
        /// The number of bits in a character.
        public var characterSize: CharacterSize = .seven
        /// What the strings are made of; alignment is judged by it.
        public var vocabulary: Vocabulary = .bridge
        /// The most characters of a frame that are kept.
        public var frameLengthMax = 1 << 20
        /// The start of the observation: traffic is counted from here.
        public var observationStart: Timestamp = .zero
        /// The length of a ``TrafficInterval``.
        public var trafficInterval: Nanoseconds = .seconds(1)

        /// The usual build of both ends.
        public init() {}
    }

    enum Mode {
        /// The handshake is in order.
        case running
        /// `reset` was pulled, and the host has not toggled since.
        case starting
        /// The handshake is not known, or was broken.
        case disordered
    }

    let configuration: Configuration
    var mode: Mode = .disordered
    var disorder: Disorder
    var state: HandshakeRule.State?
    /// The mode is running and no lane searches: the short way is open.
    var isOrderly = false
    var turn: HandshakeRule.State = HandshakeRule.hostTurn

    var host: Lane
    var bridge: Lane
    var levels: LevelSet = .rest
    var session = 0
    var previousEdge: Timestamp = .zero
    var lastClock: Timestamp = .zero
    var lastBridgeToggle: Timestamp?
    var lastHostToggle: Timestamp = .zero
    /// The handshake was in order before, or a reset was seen: from then on a broken rule means
    /// something.
    var isEstablished = false
    /// Edges of the start sequence are missing.
    var startIsDamaged = false
    var lastGap: Gap?
    /// The last gap that cost the alignment.
    var lastClockGap: Gap?
    var lastMessageEnd: Timestamp = .zero
    /// Edges of the host's wires in ``Mode/starting`` to which the bridge had not answered.
    var unansweredEdges = 0

    var intervalStart: Timestamp
    var intervalEnd: Timestamp
    var intervalHostBits: Int64 = 0
    var intervalBridgeBits: Int64 = 0

    /// Where the mean time of a bit is counted from, and the one of the interval before.
    private var orderStart: Timestamp = .zero
    private var orderStartBits: Int64 = 0
    private var meanBitTimeBefore: Nanoseconds?

    var events: [WireEvent] = []

    /// Edges of the five wires seen so far.
    public private(set) var edgeCount: Int64 = 0
    /// How long each end took from the other's toggle to its own.
    public internal(set) var hostTurnRound = TurnRoundTally()
    /// How long the bridge took from the host's toggle to its own.
    public internal(set) var bridgeTurnRound = TurnRoundTally()

    /// A decoder that has seen nothing yet.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        host = Lane(
            sender: .host, size: configuration.characterSize,
            frameLengthMax: configuration.frameLengthMax)
        bridge = Lane(
            sender: .bridge, size: configuration.characterSize,
            frameLengthMax: configuration.frameLengthMax)
        let start = configuration.observationStart
        disorder = Disorder(start: start, end: start)
        (previousEdge, lastMessageEnd) = (start, start)
        intervalStart = start
        intervalEnd = start + configuration.trafficInterval
        host.beginSearch(afterSilence: false)
        bridge.beginSearch(afterSilence: false)
    }

    /// Takes the next run of edges, in the order of a ``HandshakeOrderedSource``.
    mutating func decode(_ batch: EdgeBatch) {
        if let gap = batch.gap { handle(gap) }
        levels = batch.levels
        for edge in batch.edges {
            let channel = edge.channel.index
            if channel > 4 { continue }
            if edge.time >= intervalEnd { closeIntervals(until: edge.time) }
            if isOrderly {
                let next = HandshakeRule.next(turn, channel)
                if next != HandshakeRule.broken {
                    takeOrderly(edge, channel: channel, next: next)
                    continue
                }
            }
            levels[edge.channel] = edge.level
            takeDisorderly(edge)
            previousEdge = edge.time
            edgeCount += 1
        }
    }

    /// The short way.
    @inline(__always)
    private mutating func takeOrderly(
        _ edge: Edge, channel: UInt8, next: HandshakeRule.State
    ) {
        turn = next
        levels[edge.channel] = edge.level
        let time = edge.time
        previousEdge = time
        edgeCount &+= 1
        switch channel {
        case 2:
            hostTurnRound.count((time - lastClock).count)
            lastClock = time
            lastHostToggle = time
            let bit = levels[.stx].rawValue
            let outcome = host.receive(bit, at: time)
            if outcome != .nothing { handle(outcome, of: .host) }
        case 4:
            bridgeTurnRound.count((time - lastClock).count)
            lastClock = time
            lastBridgeToggle = time
            let bit = levels[.srx].rawValue
            let outcome = bridge.receive(bit, at: time)
            if outcome != .nothing { handle(outcome, of: .bridge) }
        case 1:
            if host.trust == .dataUnknown { resumeData(of: .host, edge: edge) }
            host.moveData(at: time)
        default:
            if bridge.trust == .dataUnknown { resumeData(of: .bridge, edge: edge) }
            bridge.moveData(at: time)
        }
    }

    /// The link is in good order, and neither end has had anything to say for two characters: a
    /// capture that begins here can be read from its first frame on.
    public var isIdle: Bool {
        isOrderly && host.isSilent(levels[.stx]) && bridge.isSilent(levels[.srx])
    }

    /// Tells what is still open; no edge may follow.
    ///
    /// - Parameter end: the end of the capture.
    mutating func finish(at end: Timestamp) {
        if mode == .disordered { closeDisorderAtEnd() }
        abandonFrames(at: max(end, previousEdge), condition: .unfinished)
        if end >= intervalEnd { closeIntervals(until: end) }
        closeInterval(at: max(end, previousEdge))
    }

    /// The events since the last call, in the order in which they became known.
    mutating func takeEvents() -> [WireEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    // MARK: Traffic

    private mutating func closeIntervals(until time: Timestamp) {
        // A long silence gives one interval, not one for each second of it.
        if host.totalBits == intervalHostBits, bridge.totalBits == intervalBridgeBits {
            let step = configuration.trafficInterval.count
            let whole = (time - intervalStart).count / step * step
            if whole > 0 { closeInterval(at: intervalStart + Nanoseconds(whole)) }
            return
        }
        closeInterval(at: intervalEnd)
        if time >= intervalEnd { closeIntervals(until: time) }
    }

    private mutating func closeInterval(at end: Timestamp) {
        guard end > intervalStart else { return }
        events.append(
            .traffic(
                TrafficInterval(
                    start: intervalStart, end: end,
                    hostBits: host.totalBits - intervalHostBits,
                    bridgeBits: bridge.totalBits - intervalBridgeBits)))
        intervalStart = end
        intervalEnd = end + configuration.trafficInterval
        meanBitTimeBefore = meanBitTime
        noteOrder(since: end)
        intervalHostBits = host.totalBits
        intervalBridgeBits = bridge.totalBits
    }

    /// The mean time of a bit, lately; nil before there were enough.
    var meanBitTime: Nanoseconds? { recentBitTime ?? meanBitTimeBefore }

    private var recentBitTime: Nanoseconds? {
        let bits = host.totalBits - orderStartBits
        guard bits >= 16, previousEdge > orderStart else { return nil }
        return Nanoseconds((previousEdge - orderStart).count / bits)
    }

    /// The link is in order from here on: its rate is measured anew.
    mutating func noteOrder(since time: Timestamp) {
        orderStart = time
        orderStartBits = host.totalBits
    }
}

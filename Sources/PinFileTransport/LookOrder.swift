// From looks at the wires to edges and gaps. Everything that decides what is known of the wires lives
// here, and nothing that looks at them, so that it can be tested look by look.

internal import Signals

/// Makes edges of what changed between two looks, and finds looks between which some can be missing.
///
/// What changed since the last look has the time of the look, and the order in which the ends must
/// have done it: an end drives its data before its clock, and the end that moved last is not the
/// first to move again.
///
/// A watcher that is interrupted for long enough can miss edges, and where a clock moved twice no level
/// shows it. An end that counts its toggles does. Where neither does, the pace of the link tells how
/// long is long enough.
struct LookOrder {
    /// The levels at the last look.
    private(set) var levels: LevelSet
    private let start: UInt64
    private var lastMover: LinkEnd?
    /// The last change, or the end of a gap that was an interruption.
    private var lastChange: UInt64
    /// The last change, or the end of the last gap.
    private var lastTold: UInt64
    /// When each end's clock last moved; 0 before that.
    private var lastToggles: [UInt64] = [0, 0]
    /// What the ends have counted.
    private var tallies: [ToggleTally]
    /// The last times between two toggles of a clock, the oldest one at `oldest`.
    private var intervals = [UInt64](repeating: .max, count: 8)
    private var oldest = 0
    /// The shortest time ever between two toggles of a clock.
    private var fastest = UInt64.max

    /// Interruptions that are shorter than this are none: a look itself can take so long.
    static let blindnessMin: UInt64 = 250
    /// Nobody's look takes so long who has a processor: a link that stood still before can have moved
    /// at any pace meanwhile.
    static let interruptionMin: UInt64 = 10_000

    /// No bridge is reset by a shorter pulse.
    private static let resetMin: UInt64 = 1_000_000

    /// A link has stopped when it has not moved for so long.
    static func patience(pace: UInt64) -> UInt64 { 4 * min(pace, .max / 8) + blindnessMin }

    /// Begins with a first look, whose moment is the capture's time 0.
    init(first look: PinLook) {
        levels = look.levels
        start = look.time
        lastChange = start
        lastTold = start
        tallies = LinkEnd.allCases.map { end in
            ToggleTally(look.toggles[end], at: look.levels[end.clock])
        }
    }

    /// The gap before a look if edges can have come and gone since the one before.
    func gap(before look: PinLook) -> Gap? {
        guard look.followsLoss || hidesEdges(look) else { return nil }
        return Gap(
            start: timestamp(look.followsLoss ? lastTold : look.previousTime),
            end: timestamp(look.time), reason: look.followsLoss ? .overflow : .unwatched)
    }

    /// Begins anew behind a gap.
    mutating func resume(at look: PinLook) {
        if look.levels != levels || look.followsLoss
            || look.blindness >= Self.interruptionMin
        {
            lastChange = look.time
        }
        tally(look)
        levels = look.levels
        lastMover = nil
        lastTold = look.time
        lastToggles = [0, 0]
    }

    /// Adds what changed since the look before.
    mutating func take(_ look: PinLook, into edges: inout [Edge]) {
        let changed = look.levels.bits ^ levels.bits
        let isRestart = isRestart(look)
        tally(look)
        guard changed != 0 || isRestart else { return }
        let time = timestamp(look.time)
        let first = isRestart ? .host : turn
        // The host's clock fell and rose again.
        var isDip = isRestart
        if isDip {
            edges.append(Edge(time: time, channel: .sckout, level: levels[.sckout].toggled))
        }
        for channel in Self.order(first: first, resetMoved: changed & Self.bit(.reset) != 0) {
            if changed & Self.bit(channel) != 0 || channel == .sckout && isDip {
                edges.append(Edge(time: time, channel: channel, level: look.levels[channel]))
            }
            if channel == .sckout { isDip = false }
        }
        for end in LinkEnd.allCases where changed & Self.bit(end.clock) != 0 {
            note(toggleOf: end, at: look.time)
        }
        // The turn of an end is over with its clock.
        for end in [first, first.peer] where changed & Self.bit(end.clock) != 0 { lastMover = end }
        if isRestart { lastMover = .host }
        levels = look.levels
        lastChange = look.time
        lastTold = look.time
    }

    // MARK: Order

    /// A host that resets puts its other wires to rest before; the bridge's are pulled down behind.
    private static func order(first: LinkEnd, resetMoved: Bool) -> [Channel] {
        switch (resetMoved, first) {
        case (true, _): [.stx, .sckout, .reset, .srx, .sckin]
        case (false, .host): [.stx, .sckout, .srx, .sckin]
        case (false, .bridge): [.srx, .sckin, .stx, .sckout]
        }
    }

    private static func bit(_ channel: Channel) -> UInt32 { 1 << UInt32(channel.index) }

    private static func wires(of end: LinkEnd) -> UInt32 {
        bit(end.data) | bit(end.clock) | (end == .host ? bit(.reset) : 0)
    }

    // MARK: What a look can hide

    /// The end that moves next: in good order the clocks are equal when the host does.
    private var turn: LinkEnd {
        lastMover?.peer ?? (levels[.sckout] == levels[.sckin] ? .host : .bridge)
    }

    /// Whether a clock can have moved twice since the last look, or data twice before a clock.
    private func hidesEdges(_ look: PinLook) -> Bool {
        let (host, bridge) = (toggles(of: .host, until: look), toggles(of: .bridge, until: look))
        if isRestart(look) { return false }
        if host ?? 0 > 1 || bridge ?? 0 > 1 { return true }
        if let host, let bridge {
            // All toggles were seen. The end that moves next may have changed its data already, if it
            // has counted the toggle behind that.
            let isAhead = look.toggles[turn] != look.toggles.settled(at: look.levels)[turn]
            if host == 1, bridge == 1, isAhead { return true }
            // A reset is not counted, and can have come and gone.
            return host + bridge > 0 && look.blindness >= Self.resetMin
        }
        guard look.blindness >= Self.blindnessMin else { return false }
        if host == nil, bridge == nil {
            if hidesEdgesByPace(look) { return true }
            guard look.blindness >= pace else { return false }
        }
        let changed = look.levels.bits ^ levels.bits
        // A link that stood still, and is reset: the ends move as they must.
        if changed & Self.bit(.reset) != 0 { return false }
        // More than one end has moved, or the one whose turn it was not.
        return changed & Self.wires(of: .host) != 0 && changed & Self.wires(of: .bridge) != 0
            || changed & Self.bit(turn.peer.clock) != 0
    }

    /// Whether the link was so fast that a clock can have moved twice since the last look.
    private func hidesEdgesByPace(_ look: PinLook) -> Bool {
        let quiet = look.previousTime &- min(lastChange, look.previousTime)
        // The link was moving when the watcher was interrupted.
        if pace > 0, look.blindness >= pace, quiet <= Self.patience(pace: pace) { return true }
        // The start of a session can be told from its levels.
        let isReset = (look.levels.bits ^ levels.bits) & Self.bit(.reset) != 0
        return !isReset && look.blindness >= max(fastest, Self.interruptionMin)
    }

    /// Whether the host stopped and started: it brings its clock to rest and raises it again, sooner
    /// than anybody looks. No other end's toggle is between these two.
    private func isRestart(_ look: PinLook) -> Bool {
        guard toggles(of: .host, until: look) == 2, levels[.sckout] == .high,
            look.blindness < Self.resetMin
        else { return false }
        let resetFell = levels[.reset] == .high && look.levels[.reset] == .low
        return resetFell || toggles(of: .bridge, until: look) == 0
    }

    // MARK: Counts

    /// How often an end's clock has toggled since the last look; nil when no count says it.
    private func toggles(of end: LinkEnd, until look: PinLook) -> Int32? {
        if isPulledDown(end, look) { return nil }
        return tallies[Int(end.rawValue)].toggles(
            until: look.toggles[end], at: look.levels[end.clock])
    }

    private mutating func tally(_ look: PinLook) {
        for end in LinkEnd.allCases {
            tallies[Int(end.rawValue)].take(
                look.toggles[end], at: look.levels[end.clock],
                isPulledDown: isPulledDown(end, look))
        }
    }

    /// Whether the reset circuit can have brought an end's wires to rest.
    private func isPulledDown(_ end: LinkEnd, _ look: PinLook) -> Bool {
        end == .bridge && (levels[.reset] == .low || look.levels[.reset] == .low)
    }

    // MARK: Pace

    private mutating func note(toggleOf end: LinkEnd, at time: UInt64) {
        let place = Int(end.rawValue)
        if lastToggles[place] != 0 {
            let interval = time &- lastToggles[place]
            intervals[oldest] = interval
            oldest = (oldest + 1) % intervals.count
            fastest = min(fastest, interval)
        }
        lastToggles[place] = time
    }

    /// The shortest of the last times between two toggles of a clock; 0 when too few are known.
    private var pace: UInt64 {
        let shortest = intervals.min() ?? 0
        return intervals.contains(.max) ? 0 : shortest
    }

    /// A moment of the monotonic clock as one of the capture.
    func timestamp(_ time: UInt64) -> Timestamp {
        Timestamp(nanoseconds: Int64(clamping: time &- start))
    }
}

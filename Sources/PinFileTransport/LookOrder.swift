// From looks at the wires to edges and gaps. Everything that decides what is known of the wires lives
// here, and nothing that looks at them, so that it can be tested look by look.

internal import Signals

/// Makes edges of what changed between two looks, and finds looks between which some can be missing.
///
/// What changed since the last look has the time of the look, and the order in which the ends must
/// have done it: an end drives its data before its clock, and the end that moved last is not the
/// first to move again.
///
/// A watcher that is interrupted for long enough can miss edges, and where a clock moved twice nothing
/// shows it. How long that is, the link itself tells by its pace.
struct LookOrder {
    /// The levels at the last look.
    private(set) var levels: LevelSet
    private let start: UInt64
    private var lastMover: LinkEnd?
    /// The last change, or the end of an interruption.
    private var lastChange: UInt64
    /// The last change, or the end of the last gap.
    private var lastTold: UInt64
    /// When each end's clock last moved; 0 before that.
    private var lastToggles: [UInt64] = [0, 0]
    /// The last times between two toggles of a clock, the oldest one at `oldest`.
    private var intervals = [UInt64](repeating: .max, count: 8)
    private var oldest = 0

    /// Interruptions that are shorter than this are none: a look itself can take so long.
    static let blindnessMin: UInt64 = 250
    /// Nobody's look takes so long who has a processor: behind it the link is taken to move.
    static let interruptionMin: UInt64 = 10_000

    /// Whether a look that saw nothing new can matter: there is a gap before it only if the link was
    /// moving at its pace, and the look was blind for as long as that. Other such looks need not be
    /// kept, however slow the watcher is.
    ///
    /// - Parameter quiet: from the last change or interruption to the look before.
    static func matters(_ blindness: UInt64, after quiet: UInt64) -> Bool {
        blindness >= blindnessMin && quiet <= patience(pace: blindness)
    }

    /// A link has stopped when it has not moved for so long.
    private static func patience(pace: UInt64) -> UInt64 {
        4 * min(pace, .max / 8) + blindnessMin
    }

    /// - Parameter start: the monotonic clock at the capture's time 0.
    init(levels: LevelSet, start: UInt64) {
        self.levels = levels
        self.start = start
        lastChange = start
        lastTold = start
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
            || UInt64(look.blindness) >= Self.interruptionMin
        {
            lastChange = look.time
        }
        levels = look.levels
        lastMover = nil
        lastTold = look.time
        lastToggles = [0, 0]
    }

    /// Adds what changed since the look before.
    mutating func take(_ look: PinLook, into edges: inout [Edge]) {
        let changed = look.levels.bits ^ levels.bits
        guard changed != 0 else { return }
        let time = timestamp(look.time)
        let first = lastMover?.peer ?? .host
        for channel in Self.order(first: first, resetMoved: changed & Self.bit(.reset) != 0)
        where changed & Self.bit(channel) != 0 {
            edges.append(Edge(time: time, channel: channel, level: look.levels[channel]))
        }
        for end in LinkEnd.allCases where changed & Self.bit(end.clock) != 0 {
            note(toggleOf: end, at: look.time)
        }
        // The turn of an end is over with its clock.
        for end in [first, first.peer] where changed & Self.bit(end.clock) != 0 { lastMover = end }
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

    // MARK: Pace

    private mutating func note(toggleOf end: LinkEnd, at time: UInt64) {
        let place = Int(end.rawValue)
        if lastToggles[place] != 0 {
            intervals[oldest] = time &- lastToggles[place]
            oldest = (oldest + 1) % intervals.count
        }
        lastToggles[place] = time
    }

    /// The shortest of the last times between two toggles of a clock; 0 when too few are known.
    private var pace: UInt64 {
        let shortest = intervals.min() ?? 0
        return intervals.contains(.max) ? 0 : shortest
    }

    /// Whether a clock can have moved twice since the last look, which nothing would show.
    private func hidesEdges(_ look: PinLook) -> Bool {
        let blindness = UInt64(look.blindness)
        guard blindness >= Self.blindnessMin, blindness >= pace else { return false }
        // The link was moving when the watcher was interrupted.
        let quiet = look.previousTime &- min(lastChange, look.previousTime)
        if pace > 0, quiet <= Self.patience(pace: pace) { return true }
        let changed = look.levels.bits ^ levels.bits
        // A link that stood still, and is reset: the ends move as they must.
        if changed & Self.bit(.reset) != 0 { return false }
        // More than one end has moved, or the one whose turn it was not.
        if changed & Self.wires(of: .host) != 0, changed & Self.wires(of: .bridge) != 0 {
            return true
        }
        return lastMover.map { changed & Self.bit($0.clock) != 0 } ?? false
    }

    /// A moment of the monotonic clock as one of the capture.
    func timestamp(_ time: UInt64) -> Timestamp {
        Timestamp(nanoseconds: Int64(clamping: time &- start))
    }
}

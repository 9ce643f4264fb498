// From line events as a kernel queues them to edges and gaps. Everything that decides what is known
// of the lines lives here, and nothing that talks to a kernel, so that it can be tested event by event.

#if GPIO
internal import CGPIO
internal import Signals

/// Puts line events in order of time, and finds where some are missing.
///
/// Events of several lines are queued by several threads of the kernel (with libgpiod 1.6 into
/// several queues), so the queue's order is not the order of time. Events are therefore held
/// back until whoever reads knows that nothing earlier can come, see ``release(until:)``.
///
/// Missing events show in three ways: the kernel's numbers jump; a line changes to the level that
/// it has; a line that is read has another level than its events say.
struct LineEventOrder {
    /// A change that waits for its turn.
    private struct Change {
        var time: UInt64
        var line: UInt8
        var level: UInt8
        /// The line was read, and did not say so itself.
        var isRead = false
        /// Lost before it, by the kernel's numbers.
        var lost: UInt32 = 0
        /// The lines' levels just before it, when some were lost.
        var levelsBefore: UInt32 = 0
    }

    /// Events that the kernel's numbers say are missing.
    private(set) var lostCount: Int64 = 0
    /// Events that came so late that later ones had been handed out.
    private(set) var lateCount: Int64 = 0

    private let channels: [Channel]
    private let start: UInt64
    /// Waiting changes by time, from `first` on.
    private var changes: [Change] = []
    private var first = 0
    private var released: UInt64
    /// By the events handed out.
    private var levels: UInt32
    private var lastTime: UInt64
    private var lastChange: [UInt64]
    /// By all events, waiting ones included.
    private var latestLevels: UInt32
    private var lastSequence: UInt32?
    /// Lines whose level behind the last loss is not known yet, and where that loss is.
    private var unresolved: UInt32 = 0
    private var unresolvedTime: UInt64 = 0
    /// Lines that were read at another level than their events say, and since when.
    private var suspects: UInt32 = 0
    private var suspectSince: UInt64 = 0

    /// How long a line must differ from its events before one is taken for lost: the kernel's
    /// threads can be that late.
    static let suspicionNanoseconds: UInt64 = 50_000_000
    /// More changes than this do not wait for the levels behind a loss.
    private static let waitingMax = 1 << 16

    /// - Parameters:
    ///   - channels: the lines' channels, by their places.
    ///   - levels: their levels at `start`, by their places.
    ///   - start: the monotonic clock at the capture's time 0.
    ///   - lastNumber: the number of the last event that was taken before, which the next one follows.
    init(channels: [Channel], levels: UInt32, start: UInt64, lastNumber: UInt32? = nil) {
        self.channels = channels
        self.levels = levels
        self.start = start
        latestLevels = levels
        lastSequence = lastNumber
        released = start
        lastTime = start
        lastChange = [UInt64](repeating: start, count: channels.count)
    }

    /// The end of what is handed out or known to be quiet.
    var end: Timestamp { timestamp(released) }

    /// Whether something waits for its turn.
    var isHolding: Bool { first < changes.count }
    /// Whether levels behind a loss are not known, so that the lines should be read.
    var needsLevels: Bool { unresolved != 0 }

    /// Takes events in the order in which the kernel gave them.
    mutating func take(_ events: some Sequence<cgpio_event>) {
        for event in events {
            var change = Change(
                time: max(event.time_ns, start), line: event.line, level: event.level)
            if event.is_numbered {
                if let lastSequence, event.sequence != lastSequence &+ 1 {
                    change.lost = event.sequence &- lastSequence &- 1
                    lostCount += Int64(change.lost)
                }
                lastSequence = event.sequence
            }
            // Its effect is in the levels of the beginning.
            if event.time_ns <= start, change.lost == 0 { continue }
            let bit: UInt32 = 1 << UInt32(event.line)
            suspects &= ~bit
            if change.lost > 0 {
                beginLoss(&change)
            } else if unresolved & bit != 0 {
                resolve(bit, levels: event.level == 0 ? bit : 0)
            }
            latestLevels = latestLevels & ~bit | (event.level == 0 ? 0 : bit)
            insert(change)
        }
    }

    /// Takes the lines' levels as they were read while no event waited.
    mutating func take(levels read: UInt32, at now: UInt64) {
        if unresolved != 0 {
            latestLevels = latestLevels & ~unresolved | read & unresolved
            resolve(unresolved, levels: read)
        }
        let differing = read ^ latestLevels
        if differing & suspects == 0 || suspects == 0 {
            suspects = differing
            suspectSince = now
            return
        }
        suspects &= differing
        guard now >= suspectSince + Self.suspicionNanoseconds else { return }
        for line in channels.indices where suspects >> UInt32(line) & 1 != 0 {
            var change = Change(
                time: now, line: UInt8(line), level: UInt8(read >> UInt32(line) & 1))
            change.isRead = true
            insert(change)
        }
        latestLevels = latestLevels & ~suspects | read & suspects
        suspects = 0
    }

    /// Nothing before a moment can come any more.
    mutating func release(until time: UInt64) { released = max(released, time) }

    /// Nothing so much earlier than the last event can come any more.
    mutating func releaseAllButLast(_ nanoseconds: UInt64) {
        guard first < changes.count, let last = changes.last else { return }
        release(until: last.time &- min(nanoseconds, last.time))
    }

    /// Nothing more will come: what waits is all there is.
    mutating func finish() {
        resolve(unresolved, levels: latestLevels)
        released = max(released, changes.last?.time ?? released)
    }

    /// Replaces the content of `batch` by the next released edges; false when there are none.
    mutating func next(into batch: inout EdgeBatch, edgesMax: Int) -> Bool {
        batch.gap = nil
        batch.edges.removeAll(keepingCapacity: true)
        batch.levels = levelSet
        while first < changes.count, batch.edges.count < edgesMax {
            let change = changes[first]
            guard change.time <= released, isKnown(change) else { break }
            // A gap belongs before the edges of its batch.
            if showsLoss(change) {
                guard batch.edges.isEmpty, batch.gap == nil else { break }
                batch.gap = gap(before: change)
                batch.levels = levelSet
                if change.isRead {
                    first += 1
                    break
                }
            }
            first += 1
            hand(change, to: &batch)
        }
        compact()
        return !batch.edges.isEmpty || batch.gap != nil
    }

    private mutating func hand(_ change: Change, to batch: inout EdgeBatch) {
        let time = max(change.time, lastTime)
        let line = Int(change.line)
        batch.edges.append(
            Edge(
                time: timestamp(time), channel: channels[line], level: Level(bit: change.level))
        )
        levels ^= 1 << UInt32(line)
        lastTime = time
        lastChange[line] = time
    }

    /// Whether something is missing before a change.
    private func showsLoss(_ change: Change) -> Bool {
        change.lost > 0 || change.isRead
            || UInt8(levels >> UInt32(change.line) & 1) == change.level
    }

    /// The gap before a change, after which the levels are those just before it.
    private mutating func gap(before change: Change) -> Gap {
        let line = Int(change.line)
        let bit: UInt32 = 1 << UInt32(line)
        let time = max(change.time, lastTime)
        if change.lost > 0 {
            let gap = Gap(
                start: timestamp(lastTime), end: timestamp(time), reason: .sequence)
            levels = change.levelsBefore & ~bit | (change.level == 0 ? bit : 0)
            lastTime = time
            return gap
        }
        let gap = Gap(
            start: timestamp(lastChange[line]), end: timestamp(time),
            reason: change.isRead ? .levelRead : .sameDirection, channel: channels[line])
        levels ^= bit
        lastTime = time
        lastChange[line] = time
        return gap
    }

    // MARK: Levels behind a loss

    private mutating func beginLoss(_ change: inout Change) {
        // A loss before the levels behind the last one were known: they stay as they were.
        if unresolved != 0 { resolve(unresolved, levels: latestLevels) }
        // The line of the change itself is known by it.
        change.levelsBefore = latestLevels
        let all: UInt32 = (1 << UInt32(channels.count)) - 1
        unresolved = all & ~(1 << UInt32(change.line))
        unresolvedTime = change.time
    }

    /// Some lines' levels behind the last loss are known.
    private mutating func resolve(_ lines: UInt32, levels: UInt32) {
        unresolved &= ~lines
        guard lines != 0 else { return }
        for place in changes.indices.reversed() where changes[place].lost > 0 {
            let before = changes[place].levelsBefore
            changes[place].levelsBefore = before & ~lines | levels & lines
            return
        }
    }

    /// Whether the levels behind the loss before a change are known, or do not matter any more.
    private func isKnown(_ change: Change) -> Bool {
        change.lost == 0 || unresolved == 0 || change.time != unresolvedTime
            || changes.count - first > Self.waitingMax
    }

    // MARK: Order

    private mutating func insert(_ change: Change) {
        if change.time < lastTime { lateCount += 1 }
        var place = changes.count
        while place > first, changes[place - 1].time > change.time { place -= 1 }
        changes.insert(change, at: place)
    }

    /// Gives the room of what was handed out back to the queue.
    private mutating func compact() {
        if first == changes.count {
            changes.removeAll(keepingCapacity: true)
            first = 0
        } else if first > 4096 {
            changes.removeFirst(first)
            first = 0
        }
    }

    private func timestamp(_ time: UInt64) -> Timestamp {
        Timestamp(nanoseconds: Int64(clamping: time &- start))
    }

    /// The levels of all channels as far as edges were handed out; wires without a line are at rest.
    var levelSet: LevelSet {
        var set = LevelSet.rest
        for (line, channel) in channels.enumerated() {
            set[channel] = Level(bit: UInt8(levels >> UInt32(line) & 1))
        }
        return set
    }
}
#endif

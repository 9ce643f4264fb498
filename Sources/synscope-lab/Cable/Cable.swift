import Signals

/// Some wires between lines of simulated chips: each target follows the level of its source.
struct Cable {
    private let sources: [SimulatedLine]
    private let delayNanoseconds: Int64
    private let clock = MonotonicClock()
    private var targets: FaultyLines<SimulatedLine>
    /// The levels of the sources when they were read last.
    private var seen: [Level]
    /// Edges that wait for their delay, in order.
    private var pending = PendingEdges()

    /// - Parameter targets: as many lines as there are sources.
    init(
        sources: [SimulatedLine], targets: FaultyLines<SimulatedLine>, seen: [Level],
        delayNanoseconds: Int64
    ) {
        self.sources = sources
        self.targets = targets
        self.seen = seen
        self.delayNanoseconds = delayNanoseconds
    }

    /// Follows the sources until somebody wants it to end, or up to a moment.
    mutating func run(until end: Int64?) throws(LabError) {
        let wait = LevelWait(for: sources)
        while !EndRequest.isThere {
            let now = clock.now()
            if let end, now >= end { return }
            try deliver(upTo: now)
            let moment = [pending.nextDue, end].compactMap { $0 }.min()
            for wire in try wait.moved(until: moment, clock: clock) { try follow(wire) }
        }
    }

    private mutating func follow(_ wire: Int) throws(LabError) {
        let level = try sources[wire].level()
        guard level != seen[wire] else {
            try targets.noteMerged(line: wire)
            return
        }
        seen[wire] = level
        if delayNanoseconds == 0 {
            try targets.pass(line: wire, to: level)
        } else {
            try pending.append(
                PendingEdges.Entry(
                    due: clock.now() + delayNanoseconds, wire: wire, level: level))
        }
    }

    private mutating func deliver(upTo now: Int64) throws(LabError) {
        while let edge = pending.takeFirst(dueBy: now) {
            try targets.pass(line: edge.wire, to: edge.level)
        }
    }
}

import Signals

/// A line that can be moved from outside.
protocol LineOutput {
    /// LABEL:LINE, for the log.
    var name: String { get }
    /// Moves the line; whoever listens gets an event.
    func drive(_ level: Level) throws(LabError)
    /// Moves the line without an event, as if its interrupt had been lost.
    func driveSilently(_ level: Level) throws(LabError)
}

/// Lines that are moved as a source moves, but for what a plan loses or adds.
struct FaultyLines<Output: LineOutput> {
    /// How an edge is lost.
    enum Manner: Sendable {
        /// The line stays where it is. Its next edge then finds it there already, and is lost, too.
        case held
        /// The line moves without an event.
        case silent
    }

    /// Edges so far, lost ones included.
    var edgeCount: Int { plan.count }

    private let outputs: [Output]
    private var levels: [Level]
    private var plan: FaultPlan
    private let manner: Manner
    private let glitchWidthNanoseconds: Int64
    private let log: FaultLog
    private let clock: any LabClock

    /// - Parameter levels: where the lines are, in the order of `outputs`.
    init(
        outputs: [Output], levels: [Level], plan: FaultPlan, manner: Manner = .held,
        glitchWidthNanoseconds: Int64 = 0, log: FaultLog, clock: any LabClock
    ) {
        precondition(outputs.count == levels.count)
        self.outputs = outputs
        self.levels = levels
        self.plan = plan
        self.manner = manner
        self.glitchWidthNanoseconds = glitchWidthNanoseconds
        self.log = log
        self.clock = clock
    }

    /// Moves the lines to the levels that the source has before its first edge.
    mutating func begin(at wanted: [Level]) throws(LabError) {
        precondition(wanted.count == levels.count)
        for (line, level) in wanted.enumerated() where levels[line] != level {
            let record = FaultRecord(
                kind: .initial, timeNanoseconds: clock.now(), edge: plan.count,
                line: outputs[line].name, level: level)
            try outputs[line].drive(level)
            levels[line] = level
            try log.append(record)
        }
    }

    /// Does with an edge of a source what the plan wants.
    mutating func pass(
        line: Int, to level: Level, captureTime: Timestamp? = nil
    ) throws(LabError) {
        let output = outputs[line]
        let verdict = plan.next()
        var record = FaultRecord(
            kind: .passed, timeNanoseconds: clock.now(), edge: plan.count, line: output.name,
            level: level, captureTime: captureTime)
        switch (verdict, manner) {
        case (.lose, .held):
            record.kind = .held
        case (.lose, .silent):
            try output.driveSilently(level)
            levels[line] = level
            record.kind = .silent
        case (.pass, _), (.glitch, _):
            if levels[line] == level {
                record.kind = .swallowed
            } else {
                try output.drive(level)
                levels[line] = level
            }
        }
        try log.append(record)
        if verdict == .glitch { try glitch(line, after: record) }
    }

    /// Notes that a source moved at least twice, and all of it was missed.
    func noteMerged(line: Int) throws(LabError) {
        try log.append(
            FaultRecord(
                kind: .merged, timeNanoseconds: clock.now(), edge: plan.count,
                line: outputs[line].name, level: levels[line]))
    }

    /// Moves a line to the other level and back.
    private func glitch(_ line: Int, after edge: FaultRecord) throws(LabError) {
        let level = levels[line]
        for (isBack, level) in [(false, level.toggled), (true, level)] {
            if isBack, glitchWidthNanoseconds > 0 {
                clock.sleep(until: clock.now() + glitchWidthNanoseconds)
            }
            var record = edge
            record.kind = .glitch
            record.level = level
            record.timeNanoseconds = clock.now()
            try outputs[line].drive(level)
            try log.append(record)
        }
    }
}

public import BridgeProtocol
public import HostProtocol
import LinkProtocol
public import Signals

/// One end's machine against the journal and the edges of a capture that it made itself: every output
/// must be equal, in order and in time.
///
/// The inputs of the journal go in alone, at their times. Levels are read when the capture shows an
/// edge of this end that the machine has not made yet: it made that edge then because it had noticed
/// the other's toggle. Rests of an idle link are left out; the edges that end them are the same.
/// Ref: Documentation/Journal.md and Documentation/Replay.md, Exact.
public struct ExactReplay {
    private var host: MachineReplay<HostMachine>?
    private var bridge: MachineReplay<BridgeMachine>?

    /// A replay of the host of a capture.
    ///
    /// - Parameters:
    ///   - configuration: that of the capture, with its secrets.
    ///   - schedule: the frames of the capture, by which a difference is told.
    ///   - isPunctual: the capture's timers fired when they were due, as in a simulated world.
    public init(
        host configuration: HostConfiguration, schedule: LinkSchedule, isPunctual: Bool = false
    ) {
        var configuration = configuration
        configuration.link.idlePause = .zero
        host = MachineReplay(
            machine: HostMachine(configuration: configuration), schedule: schedule,
            isPunctual: isPunctual)
    }

    /// A replay of the bridge of a capture.
    public init(
        bridge configuration: BridgeConfiguration, schedule: LinkSchedule, isPunctual: Bool = false
    ) {
        bridge = MachineReplay(
            machine: BridgeMachine(configuration: configuration), schedule: schedule,
            isPunctual: isPunctual)
    }

    /// Takes the next run of edges, and the records up to its end.
    public mutating func feed(_ batch: EdgeBatch, records: [JournalRecord]) {
        host?.feed(batch, records: records)
        bridge?.feed(batch, records: records)
    }

    /// The end of the capture: what came of it.
    ///
    /// - Parameters:
    ///   - time: the end.
    ///   - records: those behind the last edge.
    public mutating func finish(
        at time: Timestamp, records: [JournalRecord] = []
    ) -> ExactReplayResult {
        host?.finish(at: time, records: records) ?? bridge?.finish(at: time, records: records)
            ?? ExactReplayResult(end: .host)
    }
}

/// The replay of one machine.
struct MachineReplay<Machine: JournaledMachine> {
    private var machine: Machine
    private let schedule: LinkSchedule
    private var result = ExactReplayResult(end: Machine.end)
    private var levels: LevelSet = .rest
    private var edgeCount: Int64 = 0
    /// What the machine has driven and the capture has not shown yet.
    private var pendingEdges = WorkList<Edge>()
    /// What the machine has said and the capture has not shown yet.
    private var pendingRecords = WorkList<JournalRecord>()
    /// Edges to come that no end drove, by channel.
    private var foreignEdges = [Int](repeating: 0, count: Channel.countMax)
    private var session = 0
    private var expectedTrace = BitTrace()
    private var foundTrace = BitTrace()
    private var machineData: Level = .low
    private var isFinished = false
    /// The capture's timers fired when they were due, as they do in virtual time.
    private let isPunctual: Bool
    /// The bridge was made to stand still: from then on its timers can be late.
    private var standsStill = false

    private let clock = Machine.end.clock
    private let data = Machine.end.data
    private let peerClock = Machine.end.peer.clock
    private let peerData = Machine.end.peer.data

    init(machine: Machine, schedule: LinkSchedule, isPunctual: Bool) {
        self.machine = machine
        self.isPunctual = isPunctual
        self.schedule = schedule
    }

    private var hasDiverged: Bool { result.divergence != nil }

    mutating func feed(_ batch: EdgeBatch, records: [JournalRecord]) {
        if isFinished { return }
        if let gap = batch.gap { return giveUp("gap (\(gap.reason.name))", at: gap.start) }
        levels = batch.levels
        var records = records[...]
        for edge in batch.edges {
            takeDue(&records)
            if isFinished { return }
            edgeCount += 1
            take(edge)
            if isFinished { return }
        }
        takeRest(records)
    }

    /// Takes the records that lie before the next edge.
    private mutating func takeDue(_ records: inout ArraySlice<JournalRecord>) {
        // Asked before every edge: nothing is copied to find out that none is due.
        while !isFinished, !records.isEmpty,
            records[records.startIndex].edgesBefore <= edgeCount
        {
            take(records.removeFirst())
        }
    }

    private mutating func takeRest(_ records: ArraySlice<JournalRecord>) {
        var records = records
        takeDue(&records)
        if let beyond = records.first, !isFinished {
            giveUp("records beyond the last edge", at: beyond.time)
        }
    }

    mutating func finish(at time: Timestamp, records: [JournalRecord]) -> ExactReplayResult {
        if !isFinished { takeRest(records[...]) }
        if !hasDiverged, !isFinished {
            if let edge = pendingEdges.first, edge.time < time {
                diverge(.edge(expected: nil, found: edge), at: edge.time)
            } else if let record = pendingRecords.first, record.time < time {
                diverge(.record(expected: nil, found: record.payload), at: record.time)
            }
        }
        result.divergence?.expectedBits = expectedTrace.bits
        result.divergence?.foundBits = foundTrace.bits
        result.divergence?.firstShownBit = expectedTrace.first
        return result
    }

    private mutating func giveUp(_ reason: String, at time: Timestamp) {
        result.untold = (time, reason)
        isFinished = true
    }

    // MARK: Edges

    private mutating func take(_ edge: Edge) {
        levels[edge.channel] = edge.level
        let index = Int(edge.channel.index)
        if foreignEdges[index] > 0 {
            foreignEdges[index] -= 1
            result.foreignEdges += 1
            return
        }
        if Machine.end == .bridge, edge.channel == .reset { beginSession(edge.level) }
        guard
            edge.channel == clock || edge.channel == data
                || (Machine.end == .host && edge.channel == .reset)
        else { return }
        if hasDiverged { return continueTraces(edge) }
        if pendingEdges.isEmpty { readLevels(at: edge.time) }
        guard let found = pendingEdges.popFirst() else {
            return diverge(.edge(expected: edge, found: nil), at: edge.time)
        }
        guard found == edge else {
            return diverge(.edge(expected: edge, found: found), at: edge.time)
        }
        result.comparedEdges += 1
        if edge.channel == clock {
            expectedTrace.append(levels[data].rawValue)
            foundTrace.append(levels[data].rawValue)
        } else if edge.channel == data {
            machineData = edge.level
        }
        if edge.channel == .reset, edge.level == .low {
            session += 1
            // The first bit of a session is driven before its reset.
            expectedTrace.restart()
            foundTrace.restart()
            expectedTrace.append(levels[data].rawValue)
            foundTrace.append(levels[data].rawValue)
        }
    }

    /// A bridge's session is begun by the host: its bits count from the release of its reset.
    private mutating func beginSession(_ reset: Level) {
        if hasDiverged { return }
        if reset == .low {
            session += 1
        } else {
            expectedTrace.restart()
            foundTrace.restart()
        }
    }

    private mutating func readLevels(at time: Timestamp) {
        machine.handle(clock: levels[peerClock], data: levels[peerData], at: time)
        drain(at: time)
    }

    private mutating func drain(at time: Timestamp) {
        while let output = machine.nextOutput() {
            if let drive = Machine.driven(by: output) {
                pendingEdges.append(Edge(time: time, channel: drive.channel, level: drive.level))
            } else if let payload = machine.payload(of: output) {
                pendingRecords.append(
                    JournalRecord(
                        time: time, edgesBefore: 0, kind: Machine.outputKind, payload: payload))
            }
        }
    }

    // MARK: Records

    private mutating func take(_ record: JournalRecord) {
        if record.kind == .surroundings { return takeSurroundings(record) }
        if hasDiverged { return }
        if record.kind == Machine.inputKind {
            takeInput(record)
        } else if record.kind == Machine.outputKind {
            takeOutput(record)
        }
    }

    private mutating func takeSurroundings(_ record: JournalRecord) {
        let surroundings: Surroundings
        do throws(RecordFault) {
            surroundings = try Surroundings(record: record.payload)
        } catch {
            return giveUp("a record that \(error.reason.name)", at: record.time)
        }
        switch surroundings {
        case .foreignEdge(let channel): foreignEdges[Int(channel.index)] += 1
        case .fault(let number, _)
        where Machine.end == .bridge && number == FaultName.freeze.rawValue:
            standsStill = true
        default: break
        }
    }

    private mutating func takeInput(_ record: JournalRecord) {
        if let found = pendingEdges.first {
            return diverge(.edge(expected: nil, found: found), at: found.time)
        }
        if let found = pendingRecords.first {
            return diverge(.record(expected: nil, found: found.payload), at: found.time)
        }
        let input: Machine.Input
        do throws(RecordFault) {
            input = try Machine.input(record: record.payload)
        } catch {
            return giveUp("a record that \(error.reason.name)", at: record.time)
        }
        if Machine.isTimer(input), !firesNow(at: record.time) {
            return diverge(.timer(due: machine.deadline), at: record.time)
        }
        if !machine.isSynchronised { readLevels(at: record.time) }
        machine.handle(input, at: record.time)
        result.inputs += 1
        drain(at: record.time)
    }

    /// Whether a timer of the machine's fires when the capture's does: never before it is due, and
    /// in a world of its own not after. A bridge that stood still finds its timers late.
    private func firesNow(at time: Timestamp) -> Bool {
        guard let due = machine.deadline, due <= time else { return false }
        return due == time || !isPunctual || standsStill
    }

    private mutating func takeOutput(_ record: JournalRecord) {
        guard let found = pendingRecords.popFirst() else {
            return diverge(.record(expected: record.payload, found: nil), at: record.time)
        }
        guard found.payload == record.payload, found.time == record.time else {
            return diverge(
                .record(expected: record.payload, found: found.payload), at: record.time)
        }
        result.comparedRecords += 1
    }

    // MARK: Divergence

    private mutating func diverge(_ kind: ExactReplayResult.Divergence.Kind, at time: Timestamp) {
        guard result.divergence == nil else { return }
        let bit = expectedTrace.count
        var divergence = ExactReplayResult.Divergence(kind: kind, time: time, session: session)
        divergence.bit = bit
        divergence.foundFrame = machine.frameInProgress
        let frames = schedule.frames(of: Machine.end)
        if let place = frames.lastIndex(where: { $0.session == session && $0.firstBit <= bit }) {
            let width = machine.characterBits
            let offset = Int(bit - frames[place].firstBit)
            if offset < (frames[place].text.count + 1) * width {
                divergence.frame = (
                    place + 1, frames[place].text, offset / width, offset % width
                )
            }
            divergence.equalFrames = divergence.frame == nil ? place + 1 : place
        }
        result.scheduledFrames = frames.count
        result.divergence = divergence
        expectedTrace.freeze()
        foundTrace.freeze()
        if case .edge(let expected, let found) = kind {
            if let found { traceFound(found) }
            while let next = pendingEdges.popFirst() { traceFound(next) }
            if let expected { traceExpected(expected) }
        } else {
            isFinished = true
        }
    }

    /// Behind a divergence both go on for as long as the picture needs.
    private mutating func continueTraces(_ edge: Edge) {
        traceExpected(edge)
        if edge.channel == clock {
            machine.handle(clock: levels[peerClock], data: levels[peerData], at: edge.time)
            while let output = machine.nextOutput() {
                if let drive = Machine.driven(by: output) {
                    traceFound(
                        Edge(time: edge.time, channel: drive.channel, level: drive.level))
                }
            }
        }
        if expectedTrace.isComplete, foundTrace.isComplete { isFinished = true }
    }

    private mutating func traceExpected(_ edge: Edge) {
        if edge.channel == clock { expectedTrace.append(levels[data].rawValue) }
    }

    private mutating func traceFound(_ edge: Edge) {
        if edge.channel == data { machineData = edge.level }
        if edge.channel == clock { foundTrace.append(machineData.rawValue) }
    }
}

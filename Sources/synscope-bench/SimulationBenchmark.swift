import CaptureStore
import Decoding
import HostProtocol
import Replay
import Signals
import Simulation

/// The whole stack in a simulated world with the reference's traffic, its capture, and the exact
/// replay of that.
struct SimulationBenchmark {
    /// How long the long world lasts, in hours.
    let longHours: Double
    let seed: UInt64
    let folder: String
    let runs: Int

    /// What the reference's link makes of edges in a second, both ends together.
    private static let referenceEdgesPerSecond = 4_780.0
    /// About five million edges.
    private static let duration = Nanoseconds.seconds(1_000)

    func figures() throws -> [Figure] {
        var edgeCount: Int64 = 0
        let simulated = Trials(runs) {
            var world = World(scenario)
            var stretch = WorldStretch()
            let seconds = Trials.seconds {
                edgeCount = 0
                while world.run(into: &stretch) { edgeCount += Int64(stretch.edges.count) }
            }
            return Double(edgeCount) / seconds
        }
        let path = "\(folder)/world.syn"
        let recorded = try Trials(runs) {
            Double(edgeCount) / (try Trials.seconds { try record(to: path) })
        }
        let schedule = try schedule(of: path)
        let replayed = try LinkEnd.allCases.map { end in
            try Trials(runs) {
                Double(edgeCount) / (try Trials.seconds { try replay(end, path, schedule) })
            }
        }
        let real = Figure.Peer(
            name: "the reference in real time", value: Self.referenceEdgesPerSecond)
        let goal = { (speed: Double) in
            Figure.Goal(text: "≥ 5 M/s", isMet: speed >= 5e6)
        }
        var figures = [
            simulated.figure(
                "the whole stack, simulated", "edges/s", peer: real, goal: goal(simulated.median)),
            recorded.figure("simulated into a capture file", "edges/s", peer: real),
        ]
        for (end, trials) in zip(LinkEnd.allCases, replayed) {
            figures.append(
                trials.figure(
                    "exact replay of the \(end == .host ? "host" : "bridge"), from the file",
                    "edges/s",
                    peer: .init(name: "the whole stack, simulated", value: simulated.median),
                    goal: goal(trials.median)))
        }
        return figures + memoryFigures()
    }

    private var scenario: Scenario {
        var scenario = Scenario(seed: seed, duration: Self.duration, preset: .lab)
        scenario.host.pacing = .reference
        return scenario
    }

    /// Memory over a long world: the same at its end as when it had begun.
    private func memoryFigures() -> [Figure] {
        let duration = Nanoseconds(Int64(longHours * 3_600e9))
        var world = World(Scenario(seed: seed, duration: duration, preset: .lab))
        var stretch = WorldStretch()
        var early: Double = 0
        var edgeCount: Int64 = 0
        let seconds = Trials.seconds {
            while world.run(into: &stretch) {
                edgeCount += Int64(stretch.edges.count)
                if early == 0, world.now.nanoseconds > duration.count / 10 {
                    early = ProcessMemory.megabytes
                }
            }
        }
        let growth = ProcessMemory.megabytes - early
        let name = "\(BenchReport.decimals(longHours, 0)) h of traffic"
        return [
            Trials(1) { seconds }.figure("\(name), \(edgeCount / 1_000_000) M edges: time", "s"),
            Trials(1) { growth }.figure(
                "\(name): growth of memory from 10 % to 100 %", "MB",
                goal: .init(text: "≤ 8 MB", isMet: growth <= 8)),
        ]
    }

    private func record(to path: String) throws {
        let writer = try CaptureWriter(
            creating: path, metadata: CaptureMetadata(), replacing: true)
        var world = World(scenario)
        var stretch = WorldStretch()
        var batch = EdgeBatch()
        while world.run(into: &stretch) {
            batch.levels = stretch.levels
            batch.edges = stretch.edges
            try writer.append(batch)
            for record in stretch.records { try writer.append(record: record) }
        }
        try writer.finish(at: world.now)
    }

    private func schedule(of path: String) throws -> LinkSchedule {
        var schedule = LinkSchedule()
        let capture = try Capture(opening: path)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var decoder = LinkDecoder()
        while try source.read(into: &batch) {
            decoder.decode(batch)
            for event in decoder.takeEvents() { schedule.handle(event) }
        }
        decoder.finish(at: capture.end)
        for event in decoder.takeEvents() { schedule.handle(event) }
        return schedule
    }

    private func replay(_ end: LinkEnd, _ path: String, _ schedule: LinkSchedule) throws {
        var replay =
            end == .host
            ? ExactReplay(host: scenario.host, schedule: schedule, isPunctual: true)
            : ExactReplay(bridge: scenario.bridge, schedule: schedule, isPunctual: true)
        let capture = try Capture(opening: path)
        var source = ReadAheadSource(try capture.edges())
        var batch = EdgeBatch(levels: capture.initialLevels)
        var recordSource = capture.recordSource()
        var records: [JournalRecord] = []
        var edgeCount: Int64 = 0
        while try source.read(into: &batch) {
            edgeCount += Int64(batch.edges.count)
            try recordSource.read(before: edgeCount, into: &records)
            replay.feed(batch, records: records)
        }
        try recordSource.read(before: .max, into: &records)
        guard case .same = replay.finish(at: capture.end, records: records).verdict else {
            throw ChildProcess.Failure(command: "replay", problem: "a simulated world differs")
        }
    }
}

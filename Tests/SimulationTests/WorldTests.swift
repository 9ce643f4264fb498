import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals
import Simulation
import Testing

/// The same scenario is the same world, bit for bit.
@Suite struct WorldTests {
    /// All that leaves a world.
    private struct Recording: Equatable {
        var edges: [Edge] = []
        var records: [JournalRecord] = []
        var stretchLevels: [LevelSet] = []
    }

    private static func recording(of scenario: Scenario) -> (Recording, World) {
        var world = World(scenario)
        var stretch = WorldStretch()
        var recording = Recording()
        while world.run(into: &stretch) {
            recording.stretchLevels.append(stretch.levels)
            recording.edges += stretch.edges
            recording.records += stretch.records
        }
        return (recording, world)
    }

    private static func scenario(
        _ seed: UInt64, preset: Preset = .hardware, faults: [Fault] = []
    ) -> Scenario {
        var scenario = Scenario(seed: seed, duration: .seconds(16), preset: preset)
        scenario.host.initialisation.cleanSession = false
        scenario.faults = faults
        scenario.keepsLedger = true
        return scenario
    }

    @Test(arguments: Preset.allCases)
    func theSameSeedIsTheSameWorld(preset: Preset) {
        var scenario = Self.scenario(11, preset: preset)
        if preset == .fast { scenario.duration = .seconds(12) }
        let (first, _) = Self.recording(of: scenario)
        let (second, _) = Self.recording(of: scenario)
        #expect(first == second)
        #expect(first.edges.count > 10_000)
        #expect(first.records.count > 50)
        scenario.seed = 12
        #expect(Self.recording(of: scenario).0.edges != first.edges)
    }

    @Test func theSameRandomWorldIsTheSameWorld() {
        var scenario = Scenario.random(seed: 4_711)
        scenario.preset = .hardware
        let (first, world) = Self.recording(of: scenario)
        let (second, _) = Self.recording(of: scenario)
        #expect(first == second)
        #expect(world.violations() == [])
        #expect(Scenario.random(seed: 4_711).faults == scenario.faults)
        #expect(Scenario.random(seed: 4_712).faults != scenario.faults)
    }

    @Test func edgesAndRecordsComeInOrderOfTime() {
        let (recording, _) = Self.recording(
            of: Self.scenario(3, faults: [Fault(at: .zero + .seconds(12), .crash)]))
        let times = recording.edges.map(\.time)
        #expect(times == times.sorted())
        #expect(recording.records.map(\.time) == recording.records.map(\.time).sorted())
        for (before, record) in zip(recording.records, recording.records.dropFirst()) {
            #expect(before.edgesBefore <= record.edgesBefore)
        }
        // A record stands between the edges that its place names.
        for record in recording.records {
            let place = Int(record.edgesBefore)
            if place > 0 { #expect(times[place - 1] <= record.time) }
            if place < times.count { #expect(record.time <= times[place]) }
        }
    }

    /// Every edge changes its wire, and a stretch begins with the levels that the one before left.
    @Test func everyEdgeChangesItsWire() {
        let (recording, _) = Self.recording(of: Self.scenario(5))
        var levels = LevelSet.rest
        for edge in recording.edges {
            #expect(levels[edge.channel] != edge.level)
            levels[edge.channel] = edge.level
        }
        #expect(recording.stretchLevels.first == .rest)
    }

    /// What chance decides for a part does not hang on what happens in another.
    @Test func aFaultChangesNothingBeforeIt() {
        let time = Timestamp.zero + .seconds(13)
        let (without, _) = Self.recording(of: Self.scenario(2))
        for name in Fault.names {
            guard let kind = Fault.kind(named: name) else { continue }
            let (with, _) = Self.recording(
                of: Self.scenario(2, faults: [Fault(at: time, kind)]))
            let common = zip(with.edges, without.edges).prefix { $0 == $1 }.count
            let before = without.edges.count { $0.time < time }
            #expect(common >= before, "\(name)")
        }
    }

    @Test func whatTheApplicationDoesDoesNotChangeHowFastABitIsAnswered() {
        var quiet = Self.scenario(2)
        quiet.application.publicationPause = nil
        quiet.application.outsidePause = nil
        quiet.application.questionPause = nil
        let (first, _) = Self.recording(of: quiet)
        let (second, _) = Self.recording(of: Self.scenario(2))
        func clocks(_ recording: Recording) -> [Timestamp] {
            recording.edges.filter { $0.channel == .sckout || $0.channel == .sckin }.map(\.time)
        }
        // The first call is made when the bridge runs, and wakes the host at once.
        let common = zip(clocks(first), clocks(second)).prefix { $0 == $1 }.count
        let start = Timestamp.zero + .seconds(9)
        #expect(common > clocks(first).count { $0 < start })
    }

    @Test(arguments: [
        (Preset.hardware, Nanoseconds.seconds(20)), (.lab, .seconds(16)), (.fast, .seconds(14)),
    ])
    func everyPresetRuns(preset: Preset, duration: Nanoseconds) {
        var scenario = Self.scenario(1, preset: preset)
        scenario.duration = duration
        scenario.application.end = .zero + duration - .seconds(1)
        let (_, world) = Self.recording(of: scenario)
        #expect(world.host.isRunning)
        #expect(world.bridge.isBrokerConnected)
        #expect(world.violations() == [])
        #expect(world.ledger.summary.publications >= 1)
        #expect(world.ledger.summary.messagesFromOutside >= 1)
        #expect(world.ledger.summary.restarts == 0)
    }

    @Test func aScriptIsDoneStepByStep() {
        var scenario = Self.scenario(1, preset: .lab)
        scenario.duration = .seconds(24)
        scenario.application = ApplicationPlan(.boot, until: .zero + scenario.duration)
        let (recording, world) = Self.recording(of: scenario)
        #expect(world.ledger.summary.publications == 41)
        #expect(world.ledger.summary.publicationsWithQoS1 == 21)
        #expect(world.ledger.summary.messagesFromOutside == 9)
        // One publication at a time: each call comes after the return of the one before.
        var open: Set<Int> = []
        var called = 0
        for record in recording.records {
            if record.kind == .hostInput,
                case .call(.publish, let id)? = try? HostMachine.Input(record: record.payload)
            {
                #expect(open.isEmpty)
                open.insert(id)
                called += 1
            } else if record.kind == .hostOutput {
                var reader = RecordReader(record.payload)
                if (try? reader.byte()) == 0, let id = try? reader.number() {
                    open.remove(Int(id))
                }
            }
        }
        #expect(called == 41)
        #expect(open.isEmpty)
    }
}

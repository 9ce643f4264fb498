import BridgeProtocol
import Decoding
import HostProtocol
import LinkProtocol
import Signals
import Simulation
import Testing

@testable import Replay

/// Worlds in memory, in which much goes wrong: both machines do all of it again.
@Suite struct ExactWorldTests {
    /// A world's edges and journal, as a capture would hold them.
    private struct Tape {
        var stretches: [(batch: EdgeBatch, records: [JournalRecord])] = []
        var end: Timestamp = .zero
        var hostText = ""
        var bridgeText = ""

        init(of scenario: Scenario) {
            var world = World(scenario)
            var stretch = WorldStretch()
            while world.run(into: &stretch) {
                var batch = EdgeBatch(levels: stretch.levels)
                batch.edges = stretch.edges
                stretches.append((batch, stretch.records))
            }
            end = world.now
            hostText = String(decoding: scenario.host.text, as: UTF8.self)
            bridgeText = String(decoding: scenario.bridge.text, as: UTF8.self)
        }

        var schedule: LinkSchedule {
            var decoder = LinkDecoder()
            var schedule = LinkSchedule()
            for stretch in stretches {
                decoder.decode(stretch.batch)
                for event in decoder.takeEvents() { schedule.handle(event) }
            }
            decoder.finish(at: end)
            for event in decoder.takeEvents() { schedule.handle(event) }
            return schedule
        }

        func replay(
            _ end: LinkEnd, schedule known: LinkSchedule? = nil
        ) throws -> ExactReplayResult {
            let schedule = known ?? schedule
            var replay =
                switch end {
                case .host:
                    ExactReplay(
                        host: try RecordedConfiguration.host(hostText, schedule: schedule),
                        schedule: schedule)
                case .bridge:
                    ExactReplay(
                        bridge: try RecordedConfiguration.bridge(bridgeText), schedule: schedule)
                }
            for stretch in stretches { replay.feed(stretch.batch, records: stretch.records) }
            return replay.finish(at: self.end)
        }
    }

    /// A random world, slowed down to the boards' speed so that a test has fewer edges to go through.
    private static func tape(seed: UInt64) -> Tape {
        var scenario = Scenario.random(seed: seed)
        scenario.preset = .hardware
        scenario.keepsLedger = false
        return Tape(of: scenario)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func aRandomWorldReplaysFromBothEnds(seed: UInt64) throws {
        let tape = Self.tape(seed: seed)
        let edgeCount = tape.stretches.reduce(0) { $0 + $1.batch.edges.count }
        #expect(edgeCount > 50_000)
        var compared: Int64 = 0
        for end in LinkEnd.allCases {
            let result = try tape.replay(end)
            #expect(result.verdict == .same, "\(end): \(String(describing: result.divergence))")
            #expect(result.comparedRecords > 20)
            #expect(result.inputs > 5)
            compared += result.comparedEdges + (end == .host ? result.foreignEdges : 0)
        }
        // Every edge was compared with one machine's, but those that no end drove.
        #expect(compared == Int64(edgeCount))
    }

    /// With rests of the host, which are in no journal, and bits of microseconds.
    @Test func aFastWorldReplaysFromBothEnds() throws {
        var scenario = Scenario(seed: 8, duration: .seconds(10), preset: .fast)
        scenario.faults = [Fault(at: .zero + .milliseconds(7_500), .freeze(.milliseconds(300)))]
        #expect(scenario.host.link.idlePause > .zero)
        let tape = Tape(of: scenario)
        for end in LinkEnd.allCases {
            let result = try tape.replay(end)
            #expect(result.verdict == .same, "\(end): \(String(describing: result.divergence))")
        }
    }

    @Test(arguments: [
        (LinkEnd.host, JournalKind.hostOutput), (.bridge, .bridgeOutput),
        (.host, .hostInput), (.bridge, .bridgeInput),
    ])
    func aRecordThatIsMissingIsADifference(end: LinkEnd, kind: JournalKind) throws {
        var scenario = Scenario(seed: 3, duration: .seconds(16), preset: .hardware)
        scenario.application = ApplicationPlan(.light, until: .zero + scenario.duration)
        let whole = Tape(of: scenario)
        #expect(try whole.replay(end).verdict == .same)
        // Every fifth, so that a test takes no longer than it must.
        let places = whole.stretches.indices.flatMap { stretch in
            whole.stretches[stretch].records.indices
                .filter { whole.stretches[stretch].records[$0].kind == kind }
                .map { (stretch, $0) }
        }
        #expect(places.count >= 5)
        for (number, place) in places.enumerated() where number % 5 == 0 {
            // Nothing follows from what happens at the very end.
            if number + 2 > places.count { continue }
            var cut = whole
            let record = cut.stretches[place.0].records.remove(at: place.1)
            let result = try cut.replay(end)
            if kind == .hostInput || kind == .bridgeInput, Self.causesNothing(record) { continue }
            #expect(result.verdict == .differs, "\(end) record \(number) \(record.payload)")
        }
    }

    /// Timers of the bridge that only look around.
    private static func causesNothing(_ record: JournalRecord) -> Bool {
        record.kind == .bridgeInput && (try? BridgeMachine.Input(record: record.payload)) == .timer
    }

    @Test(arguments: LinkEnd.allCases)
    func anotherLevelIsADifference(end: LinkEnd) throws {
        var tape = Tape(of: Scenario(seed: 4, duration: .seconds(12), preset: .hardware))
        let schedule = tape.schedule
        let stretch = tape.stretches.count / 2
        let place = try #require(
            tape.stretches[stretch].batch.edges.lastIndex { $0.channel == end.data })
        let edge = tape.stretches[stretch].batch.edges[place]
        // The data edge comes one edge too late: behind the clock that announces it. A decoder would
        // find no frame there any more.
        tape.stretches[stretch].batch.edges.swapAt(place, place + 1)
        let result = try tape.replay(end, schedule: schedule)
        #expect(result.verdict == .differs)
        let divergence = try #require(result.divergence)
        #expect(divergence.time == edge.time)
        #expect(divergence.session == 1)
        let frame = try #require(divergence.frame)
        let frames = schedule.frames(of: end).filter { $0.start <= edge.time }
        #expect(frame.text == frames.last?.text)
        #expect(frame.number == frames.count)
    }
}

import HostProtocol
import LinkProtocol
import Signals
import Testing

@testable import Decoding
@testable import Measurements
@testable import Simulation

/// A simulated world knows what became of every publication: a report on its edges and records must
/// come to the same.
@Suite struct WorldTruthTests {
    private struct Outcome {
        var world: World
        var report: LinkReport
    }

    /// Lets a world happen, and measures what it leaves as a capture's reader does.
    private func outcome(_ scenario: Scenario) -> Outcome {
        var world = World(scenario)
        var stretch = WorldStretch()
        var decoder = LinkDecoder()
        var journal = JournalDecoder()
        var measurements = LinkMeasurements()
        var position: Int64 = 0
        while world.run(into: &stretch) {
            var levels = stretch.levels
            var rest = stretch.edges[...]
            func decode(_ count: Int) {
                var batch = EdgeBatch(levels: levels)
                batch.edges = Array(rest.prefix(count))
                for edge in batch.edges { levels[edge.channel] = edge.level }
                rest = rest.dropFirst(count)
                decoder.decode(batch)
                position += Int64(count)
                for event in decoder.takeEvents() { measurements.handle(event) }
            }
            for record in stretch.records {
                decode(Int(record.edgesBefore - position))
                for event in journal.events(of: record) {
                    measurements.handle(event, session: decoder.lastResetPull?.session ?? 0)
                }
            }
            decode(rest.count)
        }
        decoder.finish(at: world.now)
        for event in decoder.takeEvents() { measurements.handle(event) }
        return Outcome(
            world: world,
            report: measurements.finish(
                wires: decoder.wires, captureStart: .zero, captureEnd: world.now))
    }

    private func scenario(
        seed: UInt64, preset: Preset = .fast, seconds: Int64 = 90, _ faults: [Fault]
    ) -> Scenario {
        var scenario = Scenario(seed: seed, duration: .seconds(seconds), preset: preset)
        scenario.application.end = .zero + .seconds(seconds - 20)
        scenario.keepsLedger = true
        scenario.endsWhenQuiet = true
        scenario.faults = faults
        return scenario
    }

    private func fault(_ name: String, at seconds: Int64) throws -> Fault {
        Fault(at: .zero + .seconds(seconds), try #require(Fault.kind(named: name)))
    }

    /// The report's counts, and those of the world's own ledger.
    private func compare(_ outcome: Outcome) throws {
        let facts = try #require(outcome.report.publications)
        let truth = outcome.world.ledger.publications
        #expect(facts.called == Int64(truth.count) && !truth.isEmpty)
        #expect(facts.returned == Int64(truth.count { $0.result != nil }))
        #expect(facts.unconfirmed == Int64(truth.count { $0.result == .unconfirmed }))
        #expect(facts.arrived == Int64(truth.count { !$0.arrivals.isEmpty }))
        #expect(facts.arrivedAgain.count == Int64(truth.count { $0.arrivals.count > 1 }))
        #expect(
            facts.notArrived.count
                == Int64(truth.count { $0.result == .done && $0.arrivals.isEmpty }))
        #expect(facts.lost.count == 0 && facts.withoutCall == 0 && facts.contradictions == 0)
        // To the nanosecond: the journal's times are the world's.
        let spans = truth.compactMap { publication in
            publication.arrivals.first.map { $0.time - publication.calledAt }
        }
        let measured = facts.latency(.callToArrival, of: .all)
        #expect(measured.max == spans.max() && measured.min == spans.min())
        #expect(measured.count == Int64(spans.count))
        #expect(outcome.report.journal?.faultCount == Int64(outcome.world.scenario.faults.count))
        #expect(outcome.report.journal?.damagedCount == 0)
    }

    @Test func aQuietWorldHasEveryHop() throws {
        let outcome = outcome(scenario(seed: 3, []))
        try compare(outcome)
        let facts = try #require(outcome.report.publications)
        for hop in PublicationHop.allCases {
            #expect(facts.latency(hop, of: .atLeastOnce).count > 0, "\(hop)")
        }
        #expect(facts.latency(.frameEndToSent, of: .atMostOnce).count > 0)
        #expect(facts.latency(.sentToBrokerAcknowledgement, of: .atMostOnce).count == 0)
        #expect(outcome.report.interruptions?.list.count == 0)
    }

    @Test(arguments: [1, 2, 5] as [UInt64])
    func aCrashAndAnOutageAreCountedAsTheyWere(seed: UInt64) throws {
        let faults = [try fault("crash", at: 20), try fault("wifi-outage", at: 45)]
        let outcome = outcome(scenario(seed: seed, faults))
        try compare(outcome)
        let interruptions = try #require(outcome.report.interruptions)
        #expect(interruptions.list.kept.map(\.kind) == [.restart, .network])
        #expect(interruptions.list.kept.map(\.fault?.name) == ["crash", "wifi-outage"])
        #expect(
            interruptions.list.kept.count { $0.kind == .restart }
                == outcome.world.ledger.restarts.count)
        // The network is gone half a second after the outage begins, and that is when it is lost.
        let lost = try #require(interruptions.list.kept.last).lost
        #expect(lost == .zero + .milliseconds(45_500))
        #expect(interruptions.length(of: .network).min ?? .zero >= .seconds(11))
        #expect(interruptions.unfinished == 0)
    }

    @Test func aConnectionThatBreaksHasItsRepetitions() throws {
        let faults = [
            try fault("connection-loss", at: 12), try fault("repeated-bytes", at: 25),
            try fault("broker-restart", at: 40),
        ]
        let outcome = outcome(scenario(seed: 4, faults))
        try compare(outcome)
        let interruptions = try #require(outcome.report.interruptions)
        #expect(interruptions.list.count == Int64(outcome.world.ledger.reconnections.count))
    }
}

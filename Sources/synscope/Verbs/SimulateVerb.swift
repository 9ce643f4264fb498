import ArgumentParser
import CaptureStore
import Reporting
import Signals
import Simulation

/// `synscope simulate`: both ends, their wires and everything around them, in a time of their own.
struct SimulateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Let both ends talk in a simulated world, into an ordinary capture.",
        discussion: """
            Host, bridge, wires, Wi-Fi, broker and application run in virtual time; the seed \
            decides everything. The capture holds every edge, call, event and broker byte: it \
            decodes, measures and replays like any other.

              synscope simulate --seed 7 --duration 10m -o quiet.syn
              synscope simulate --fault crash@20s --fault wifi-outage@40s --duration 2m -o bad.syn
              synscope simulate --seed 4711 --random
              synscope replay bad.syn

            At the end it is checked that nothing is missing that had to arrive: publications with \
            qos 1, returns of calls, and messages that a persistent session owes the host. Without -o nothing is written. Exit \
            status: 0 all held, 1 something was lost, 2 failed.
            """)

    @OptionGroup var options: ScenarioOptions

    @Option(
        name: [.short, .customLong("output")], help: "The capture to write; none if not given.")
    var output: String?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @Flag(help: "Write what came of it as one JSON object.")
    var json = false

    func run() throws {
        let scenario = try options.scenario
        let pass = SimulationPass(scenario: scenario, commandLine: options.commandLine)
        let outcome = try pass.run(into: output, replacing: force)
        let violations = scenario.keepsLedger ? outcome.world.violations() : []
        if json {
            try Console.print(object(outcome, violations).line)
        } else {
            for line in text(outcome, violations) { try Console.print(line) }
        }
        if !violations.isEmpty { throw Failure(.differs) }
    }

    private func text(_ outcome: SimulationPass.Outcome, _ violations: [String]) -> [String] {
        let summary = outcome.world.ledger.summary
        var lines = [
            "\(CountText.counted(outcome.edgeCount, "edge")), "
                + "\(CountText.counted(outcome.recordCount, "record")) in "
                + "\(TimeText.seconds(outcome.world.now.nanoseconds, digits: 2)) s"
                + (output.map { ": \($0)" } ?? "")
        ]
        if outcome.world.scenario.keepsLedger {
            lines += WorldText.lines(summary)
            lines.append(violations.isEmpty ? WorldText.allHeld : "LOST:")
            lines += violations.prefix(Self.violationsShownMax).map { "  " + $0 }
            if violations.count > Self.violationsShownMax {
                lines.append(
                    "  and \(violations.count - Self.violationsShownMax) more; --json has all")
            }
        }
        if !violations.isEmpty, output == nil {
            lines.append(
                "Again, with its capture: synscope simulate \(options.commandLine) -o lost.syn")
        }
        return lines
    }

    private static let violationsShownMax = 12

    private func object(
        _ outcome: SimulationPass.Outcome, _ violations: [String]
    ) -> JSONValue {
        let summary = outcome.world.ledger.summary
        return [
            "edges": .integer(outcome.edgeCount),
            "records": .integer(outcome.recordCount),
            "end": .integer(outcome.world.now.nanoseconds),
            "publications": .integer(Int64(summary.publications)),
            "publicationsWithQoS1": .integer(Int64(summary.publicationsWithQoS1)),
            "arrivedTwice": .integer(Int64(summary.arrivedTwice)),
            "messagesFromOutside": .integer(Int64(summary.messagesFromOutside)),
            "messagesOwed": .integer(Int64(summary.messagesOwed)),
            "restarts": .integer(Int64(summary.restarts)),
            "connectionsLost": .integer(Int64(summary.reconnections)),
            "violations": .array(violations.map { .string($0) }),
        ]
    }
}

import ArgumentParser
import Dispatch
import Simulation
import Synchronization

/// Random worlds: what must hold, holds; the same seed is the same world; both ends replay exactly.
@main
struct Worlds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synscope-worlds",
        abstract: "Simulate worlds in which many things go wrong, and check what must hold.",
        discussion: """
            A seed that fails prints the command that makes its world again, with a capture of it.
            """)

    @Option(help: "How many worlds.")
    var count = 300

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "Simulate the first so many twice, and compare edges and records.")
    var twice = 0

    @Option(help: "Replay both ends of the first so many exactly.")
    var replay = 0

    @Option(help: "Switch off what keeps messages safe: then a seed must fail.")
    var without: String?

    @Option(help: "Print the hash of each of the first so many worlds, for comparing builds.")
    var hashes = 0

    func run() throws {
        let protection = try without.map { name in
            guard let protection = Protection(rawValue: name) else {
                throw ValidationError(
                    "there is no protection \(name); there are "
                        + Protection.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return protection
        }
        let outcomes = Mutex([Outcome?](repeating: nil, count: count))
        let (first, twice, replay) = (seed, twice, replay)
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let outcome = Outcome(
                seed: first + UInt64(index), protection: protection, isRepeated: index < twice,
                isReplayed: index < replay)
            outcomes.withLock { $0[index] = outcome }
        }
        try tell(outcomes.withLock { $0.compactMap { $0 } }, protection)
    }

    private func tell(_ outcomes: [Outcome], _ protection: Protection?) throws {
        for outcome in outcomes.prefix(hashes) {
            print("seed \(outcome.seed) \(String(outcome.hash, radix: 16))")
        }
        let failed = outcomes.filter { !$0.violations.isEmpty }
        for outcome in failed.prefix(protection == nil ? 20 : 1) {
            print("seed \(outcome.seed):")
            for violation in outcome.violations.prefix(4) { print("  \(violation)") }
            let switched = protection.map { " --without \($0.rawValue)" } ?? ""
            print(
                "  again: synscope simulate --random --seed \(outcome.seed)\(switched) -o lost.syn")
        }
        func sum(_ value: (WorldLedger.Summary) -> Int) -> Int {
            outcomes.map { value($0.summary) }.reduce(0, +)
        }
        print(
            "\(outcomes.count) worlds, \(outcomes.reduce(0) { $0 + $1.edgeCount }) edges, "
                + "\(sum(\.publicationsWithQoS1)) publications with qos 1 "
                + "(\(sum(\.arrivedTwice)) arrived twice), \(sum(\.messagesOwed)) messages owed to "
                + "hosts, \(sum(\.restarts)) restarts, \(sum(\.reconnections)) connections lost, "
                + "\(sum(\.glitched)) lost to glitches on the wires: "
                + "\(failed.count) worlds failed")
        if protection == nil ? !failed.isEmpty : failed.isEmpty { throw ExitCode(1) }
    }

    /// What came of one seed.
    private struct Outcome: Sendable {
        let seed: UInt64
        var violations: [String] = []
        var edgeCount: Int64 = 0
        var hash: UInt64 = 0
        var summary = WorldLedger.Summary()

        init(seed: UInt64, protection: Protection?, isRepeated: Bool, isReplayed: Bool) {
            self.seed = seed
            var scenario = Scenario.random(seed: seed)
            protection?.switchOff(in: &scenario)
            var tape = WorldTape(keepsEdges: isReplayed)
            let world = tape.record(scenario)
            violations = world.violations()
            summary = world.ledger.summary
            edgeCount = tape.edgeCount
            hash = tape.hash
            if isRepeated {
                var again = WorldTape(keepsEdges: false)
                _ = again.record(scenario)
                if again.hash != tape.hash { violations.append("the same seed, another world") }
            }
            if isReplayed { violations += tape.replayDifferences(scenario) }
        }
    }
}

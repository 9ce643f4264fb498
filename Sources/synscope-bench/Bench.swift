import ArgumentParser
import CaptureStore
import Glibc
import LinkProtocol

/// Measures synscope; `Scripts/bench` builds and calls it.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synscope-bench",
        abstract: "Measure synscope beside peers and limits, in one run on one machine.")

    @Option(help: "The executable of synscope to measure.")
    var synscope: String

    @Option(help: "A folder for files that are made on the way.")
    var folder: String

    @Option(help: "Where to write the figures as JSON.")
    var json: String

    @Option(help: "Where to write the figures as Markdown.")
    var markdown: String

    @Option(help: "The JSON of an earlier run, to compare with.")
    var baseline: String?

    @Option(help: "The number of edges for most figures.")
    var edges: Int64 = 5_000_000

    @Option(help: "The number of edges of the long capture; 206000000 are a day of the reference.")
    var long: Int64 = 20_000_000

    @Option(help: "The number of runs of which a figure is the median.")
    var runs: Int = 5

    @Option(help: "How long to record at full speed, in seconds.")
    var recordSeconds: Double = 10

    @Option(help: "How long the long simulated world lasts, in hours; 168 are a week.")
    var simulatedHours: Double = 2

    @Option(help: "Only this section, such as Triggers.")
    var only: String?

    @Option(help: "The seed of the generated traffic.")
    var seed: UInt64 = 1

    @Option(help: "What is measured: the commit.")
    var commit = "unknown"

    @Option(help: "The version of Swift.")
    var swift = "unknown"

    @Option(help: "The date.")
    var date = "unknown"

    /// The other process of a ping-pong is this program too.
    static func main() {
        let words = CommandLine.arguments
        if words.count == 3, let exchange = PingPong.Exchange(rawValue: words[1]) {
            try? PingPong.answer(words[2], exchange)
        }
        main(nil)
    }

    func validate() throws {
        guard (1...100).contains(runs) else { throw ValidationError("--runs is 1 to 100") }
        guard (0.1...86_400).contains(recordSeconds) else {
            throw ValidationError("--record-seconds is 0.1 to 86,400")
        }
        guard (0.1...100_000).contains(simulatedHours) else {
            throw ValidationError("--simulated-hours is 0.1 to 100,000")
        }
        guard (10_000...100_000_000).contains(edges), (10_000...10_000_000_000).contains(long)
        else {
            throw ValidationError("--edges is 10,000 to 100 million, --long 10,000 to 10 billion")
        }
    }

    func run() throws {
        let machine = MachineFacts.here()
        if machine.load > 0.5 {
            let load = BenchReport.decimals(machine.load, 1)
            tell("the machine is busy (load \(load)): the figures will be too low")
        }
        let sections = try sections()
        let report = BenchReport(
            machine: machine, swift: swift, commit: commit, date: date,
            edgeCount: Int(edges), seed: seed, sections: sections)
        try write(report.json, to: json)
        var tables = report.tables
        if let baseline {
            tables +=
                try "\n"
                + Change.table(
                    sections, baseline: Baseline(path: baseline), machine: machine)
        }
        try write("# Benchmarks\n\n" + tables, to: markdown)
        print(tables)
    }

    /// The sections in the order of the report. What looks at its own memory, or starts a process that
    /// does, comes before there is anything large in it.
    private func sections() throws -> [(title: String, figures: [Figure])] {
        func figures(_ title: String, _ doing: String, _ body: () throws -> [Figure]) throws
            -> (title: String, figures: [Figure])
        {
            guard only == nil || only == title else { return (title, []) }
            tell(doing)
            return (title, try body())
        }
        let command = try figures("The command", "the command, on a capture of \(long) edges") {
            try CommandBenchmark(
                synscope: synscope, longEdgeCount: long, seed: seed, folder: folder, runs: runs
            ).figures()
        }
        let triggers = try figures("Triggers", "a trigger, in a capture of \(long) edges") {
            try TriggerBenchmark(
                synscope: synscope, edgeCount: long, seed: seed, folder: folder, runs: runs
            ).figures()
        }
        let recordTime = BenchReport.decimals(recordSeconds, 0)
        let recorder = try figures("Recorder", "the recorder, for \(recordTime) s") {
            try RecorderBenchmark(seconds: recordSeconds, seed: seed, folder: folder).figures()
        }
        let worldTime = BenchReport.decimals(simulatedHours, 1)
        let simulation = try figures(
            "Simulation and exact replay", "simulation, with a world of \(worldTime) h"
        ) {
            try SimulationBenchmark(
                longHours: simulatedHours, seed: seed, folder: folder, runs: runs
            ).figures()
        }
        let live = try figures("A live link", "a live link on wires in shared memory") {
            try LiveBenchmark(synscope: synscope, folder: folder, runs: runs).figures()
        }
        guard only == nil || onWorkload.contains(only ?? "") else {
            return [live, simulation, recorder, triggers, command].filter { !$0.figures.isEmpty }
        }
        tell("making traffic of \(edges) edges")
        let workload = try Workload(edgeCount: edges, seed: seed, folder: folder)
        let decoding = try figures("Decoding", "decoding and replay") {
            try DecodingBenchmark(workload: workload, runs: runs).figures()
        }
        let store = try figures("Capture files", "capture files") {
            try StoreBenchmark(workload: workload, runs: runs).figures()
        }
        let dumps = try figures("Value change dumps", "value change dumps") {
            try DumpBenchmark(workload: workload, runs: runs).figures()
        }
        let sigrok = try figures("Beside sigrok", "sigrok-cli, if it is installed") {
            try SigrokBenchmark(
                workload: workload, synscope: synscope, folder: folder, runs: runs
            ).figures()
        }
        return [decoding, store, live, simulation, recorder, triggers, dumps, command, sigrok]
            .filter { !$0.figures.isEmpty }
    }

    /// The sections that measure the same traffic in memory.
    private var onWorkload: [String] {
        ["Decoding", "Capture files", "Value change dumps", "Beside sigrok"]
    }

    private func write(_ text: String, to path: String) throws {
        let file = try OutputFile(path: path, replacing: true)
        try file.write(Array(text.utf8))
        try file.finish()
    }

    private func tell(_ text: String) {
        let bytes = Array("bench: \(text)\n".utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}

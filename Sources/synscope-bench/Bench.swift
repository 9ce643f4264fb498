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

    @Option(help: "The seed of the generated traffic.")
    var seed: UInt64 = 1

    @Option(help: "What is measured: the commit.")
    var commit = "unknown"

    @Option(help: "The version of Swift.")
    var swift = "unknown"

    @Option(help: "The date.")
    var date = "unknown"

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
        tell("the command, on a capture of \(long) edges")
        let command = CommandBenchmark(
            synscope: synscope, longEdgeCount: long, seed: seed, folder: folder, runs: runs)
        let commandFigures = try command.figures()
        tell("the recorder, for \(BenchReport.decimals(recordSeconds, 0)) s")
        let recorder = RecorderBenchmark(seconds: recordSeconds, seed: seed, folder: folder)
        let recorderFigures = try recorder.figures()
        tell("simulation, with a world of \(BenchReport.decimals(simulatedHours, 1)) h")
        let simulation = SimulationBenchmark(
            longHours: simulatedHours, seed: seed, folder: folder, runs: runs)
        let simulationFigures = try simulation.figures()
        var sections: [(title: String, figures: [Figure])] = []
        tell("making traffic of \(edges) edges")
        let workload = try Workload(edgeCount: edges, seed: seed, folder: folder)
        tell("decoding and replay")
        sections.append(
            ("Decoding", try DecodingBenchmark(workload: workload, runs: runs).figures()))
        tell("capture files")
        sections.append(
            ("Capture files", try StoreBenchmark(workload: workload, runs: runs).figures()))
        sections.append(("Simulation and exact replay", simulationFigures))
        sections.append(("Recorder", recorderFigures))
        tell("value change dumps")
        sections.append(
            (
                "Value change dumps",
                try DumpBenchmark(workload: workload, runs: runs).figures()
            ))
        sections.append(("The command", commandFigures))
        tell("sigrok-cli, if it is installed")
        let sigrok = SigrokBenchmark(
            workload: workload, synscope: synscope, folder: folder, runs: runs)
        sections.append(("Beside sigrok", try sigrok.figures()))

        let report = BenchReport(
            machine: machine, swift: swift, commit: commit, date: date,
            edgeCount: workload.edges.count, seed: seed, sections: sections)
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

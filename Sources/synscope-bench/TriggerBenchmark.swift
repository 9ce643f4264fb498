import CaptureStore
import Signals
import TrafficGenerator

/// `synscope record` on a long capture, waiting for a text that is said once, near its end: how fast,
/// in how much memory, at which bit, and with what around it.
///
/// Comes before there is anything large in memory, as a process that is started counts that of the one
/// that starts it.
struct TriggerBenchmark {
    let synscope: String
    let edgeCount: Int64
    let seed: UInt64
    let folder: String
    let runs: Int

    /// A link that is a thousand times as fast could still be watched.
    private static let realTimesMin = 1_000.0
    /// Memory may be so much larger than with a tenth of the edges.
    private static let growthMaxMegabytes = 8.0
    private static let text = "the-one-that-is-looked-for"
    private static let (before, after) = (Nanoseconds.seconds(2), Nanoseconds.seconds(5))

    func figures() throws -> [Figure] {
        let (path, cut) = ("\(folder)/marked.syn", "\(folder)/cut.syn")
        let short = try search(try made(edgeCount / 10, at: path), in: path, to: cut)
        let place = try made(edgeCount, at: path)
        let trials = try (0..<runs).map { _ in try search(place, in: path, to: cut) }
        let span = Double(try Capture(opening: path).end.nanoseconds) * 1e-9
        let count = Double(edgeCount)
        let rates = Trials(runs, of: trials.map { count / $0.seconds })
        let busy = Trials(runs, of: trials.map { count / $0.processorSeconds })
        let times = Trials(runs, of: trials.map { span / $0.seconds })
        let megabytes = Trials(runs, of: trials.map { Double($0.peakBytes) / 1e6 })
        let growth = megabytes.median - Double(short.peakBytes) / 1e6
        let millions = BenchReport.decimals(count / 1e6, 1)
        let name = "text near the end of \(millions) M edges"
        return [
            rates.figure("\(name): edges searched", "edges/s"),
            busy.figure("\(name): edges per second of processor time", "edges/s"),
            times.figure(
                "\(name): × real time", "×",
                goal: .init(text: "≥ 1,000 ×", isMet: times.median >= Self.realTimesMin)),
            megabytes.figure("\(name): peak memory", "MB"),
            Figure(
                name: "\(name): growth of memory from a tenth of the edges", value: growth,
                unit: "MB", runs: runs, range: growth...growth, peer: nil,
                goal: .init(
                    text: "≤ \(BenchReport.decimals(Self.growthMaxMegabytes, 0)) MB",
                    isMet: growth <= Self.growthMaxMegabytes)),
        ]
    }

    /// Makes a capture; gives the moment at which the text is complete.
    private func made(_ edgeCount: Int64, at path: String) throws -> Timestamp {
        var plan = TrafficPlan(seed: seed &+ 2, edgeCount: edgeCount)
        plan.mark = .init(edgesBefore: edgeCount / 100 * 98, text: Array(Self.text.utf8))
        guard let time = try Workload.writeMarked(plan, to: path) else {
            throw ChildProcess.Failure(command: "traffic", problem: "the text was never said")
        }
        return time
    }

    /// Runs the command, and compares what it has cut out with what is there.
    private func search(
        _ moment: Timestamp, in path: String, to cut: String
    ) throws -> ChildProcess {
        let process = try ChildProcess(
            synscope,
            [
                "record", "--capture", path, "-o", cut, "--force", "--trigger",
                "text:\(Self.text)", "--pre", "2s", "--post", "5s",
            ])
        func failure(_ problem: String) -> ChildProcess.Failure {
            ChildProcess.Failure(command: "record --trigger", problem: problem)
        }
        let found = try Capture(opening: cut)
        guard
            found.metadata.extra.contains(where: {
                $0.key == "trigger_ns" && $0.value == String(moment.nanoseconds)
            })
        else { throw failure("it did not fire at \(moment.nanoseconds) ns, the right bit") }
        let shift = moment - Timestamp.zero
        var expected: [Edge] = []
        var source = try Capture(opening: path).edges(
            from: moment - Self.before, to: moment + Self.after + Nanoseconds(1))
        var batch = EdgeBatch()
        while try source.read(into: &batch) {
            expected += batch.edges.map {
                Edge(time: $0.time - shift, channel: $0.channel, level: $0.level)
            }
        }
        var edges: [Edge] = []
        var cutSource = try found.edges()
        while try cutSource.read(into: &batch) { edges += batch.edges }
        guard edges == expected, found.isFinished, !edges.isEmpty else {
            throw failure("it holds \(edges.count) edges, and not the \(expected.count) around it")
        }
        return process
    }
}

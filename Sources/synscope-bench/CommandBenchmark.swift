import CaptureStore
import Signals

/// The command as its users start it: a report of a long capture, and `info`.
///
/// A process that is started counts the memory of the one that starts it as its own peak, so this
/// comes before there is anything large in memory.
struct CommandBenchmark {
    let synscope: String
    let longEdgeCount: Int64
    let seed: UInt64
    let folder: String
    let runs: Int

    func figures() throws -> [Figure] {
        let path = "\(folder)/long.syn"
        let entropyBits = try Workload.writeLong(
            edgeCount: longEdgeCount, seed: seed &+ 1, to: path)
        let reports = try (0..<runs).map { _ in try ChildProcess(synscope, ["report", path]) }
        let seconds = Trials(runs, of: reports.map(\.seconds))
        let busy = Trials(runs, of: reports.map(\.processorSeconds))
        let megabytes = Trials(runs, of: reports.map { Double($0.peakBytes) / 1e6 })
        let capture = try Capture(opening: path)
        let hours = Double(capture.end.nanoseconds) / 3.6e12
        let isDay = longEdgeCount >= 206_000_000
        let start = try Trials(21) { try ChildProcess(synscope, ["--version"]).seconds * 1e3 }
        let info = try Trials(21) { try ChildProcess(synscope, ["info", path]).seconds * 1e3 }
        let query = ChildProcess.find("sqlite3").map { sqlite in
            (try? Trials(21) {
                try ChildProcess(sqlite, [path, "select * from meta"]).seconds * 1e3
            })?.median ?? 0
        }
        let size = Double(ChildProcess.fileSize(path)) / Double(longEdgeCount)
        let entropy = entropyBits / 8 / Double(longEdgeCount)
        let millions = BenchReport.decimals(Double(longEdgeCount) / 1e6, 1)
        let name = "\(millions) M edges, \(BenchReport.decimals(hours, 1)) h of traffic"
        return [
            seconds.figure(
                "report, \(name)", "s",
                goal: isDay ? .init(text: "≤ 10 s", isMet: seconds.median <= 10) : nil),
            busy.figure("report, \(name): processor time", "s"),
            megabytes.figure(
                "report, \(name): peak memory", "MB",
                goal: .init(text: "≤ 200 MB", isMet: megabytes.median <= 200)),
            Figure(
                name: "capture, \(name)", value: size, unit: "bytes/edge", runs: 1,
                range: size...size, peer: .init(name: "computed entropy", value: entropy),
                goal: .init(text: "≤ 1.03 ×", isMet: size <= 1.03 * entropy)),
            info.figure(
                "`info`, \(name)", "ms",
                peer: query.map { .init(name: "`sqlite3 FILE 'select * from meta'`", value: $0) }),
            Figure(
                name: "`info` after start-up (less `--version`)",
                value: info.median - start.median, unit: "ms", runs: info.values.count,
                range: info.range.lowerBound - start.median...info.range.upperBound - start.median,
                peer: nil,
                goal: .init(text: "≤ 10 ms", isMet: info.median - start.median <= 10)),
        ]
    }
}

extension Trials {
    /// Runs that have been made already.
    init(_ count: Int, of values: [Double]) {
        precondition(count == values.count)
        var rest = values[...]
        self.init(count) { rest.removeFirst() }
    }
}

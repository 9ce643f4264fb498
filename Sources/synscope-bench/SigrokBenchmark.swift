import CaptureStore
import Signals

/// sigrok-cli with a five-wire decoder on a small dump, and synscope on the same dump.
///
/// sigrok works on samples, so the edges are moved together: five samples from one to the next.
/// That favours sigrok, whose time grows with the samples between edges.
struct SigrokBenchmark {
    let workload: Workload
    let synscope: String
    let folder: String
    let runs: Int

    private static let edgeCount = 100_000
    private static let stepNanoseconds: Int64 = 5_000

    func figures() throws -> [Figure] {
        guard let sigrok = ChildProcess.find("sigrok-cli") else { return [] }
        let dump = "\(folder)/small.vcd"
        let count = Double(min(Self.edgeCount, workload.edges.count))
        try write(to: dump)
        let wires = "reset=reset:stx=stx:sckout=sckout:srx=srx:sckin=sckin"
        // Its dump reader takes every nanosecond for a sample unless told otherwise.
        let read = ["-I", "vcd:downsample=1000", "-i", dump]
        let plain = try Trials(runs) { try ChildProcess(sigrok, read + ["-O", "null"]).seconds }
        let decoded = try Trials(runs) {
            try ChildProcess(sigrok, read + ["-P", "syncom:\(wires)", "-A", "syncom"]).seconds
        }
        let capture = "\(folder)/small.syn"
        let ours = try Trials(runs) {
            let imported = try ChildProcess(
                synscope, ["import", dump, "-o", capture, "--force"])
            return count
                / (imported.seconds + (try ChildProcess(synscope, ["decode", capture]).seconds))
        }
        let import1 = try Trials(runs) {
            count
                / (try ChildProcess(synscope, ["import", dump, "-o", capture, "--force"]).seconds)
        }
        return [
            ours.figure(
                "100,000 edges: VCD → conversation, `import` and `decode`", "edges/s",
                peer: .init(name: "sigrok-cli, five-wire decoder", value: count / decoded.median)),
            import1.figure(
                "100,000 edges: VCD read, `import`", "edges/s",
                peer: .init(name: "sigrok-cli, VCD read only", value: count / plain.median)),
        ]
    }

    private func write(to path: String) throws {
        let writer = try VCDWriter(path: path, replacing: true)
        var batch = EdgeBatch()
        var time = Timestamp.zero
        for edge in workload.edges.prefix(Self.edgeCount) {
            time = time + Nanoseconds(Self.stepNanoseconds)
            batch.edges.append(Edge(time: time, channel: edge.channel, level: edge.level))
        }
        try writer.append(batch)
        try writer.finish(at: time)
    }
}

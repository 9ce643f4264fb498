import CaptureStore
import Decoding
import Glibc
import Signals

/// Value change dumps, beside what any program must do with the same file.
struct DumpBenchmark {
    let workload: Workload
    let runs: Int

    func figures() throws -> [Figure] {
        let export = try Trials(runs) {
            workload.count / (try Trials.seconds { try exportAll() })
        }
        let bytes = Double(ChildProcess.fileSize(workload.dump))
        let lines = try Trials(runs) {
            workload.count / (try ChildProcess("wc", ["-l", workload.dump]).seconds)
        }
        let copy = try copyRate()
        let read = try Trials(runs) {
            workload.count / (try Trials.seconds { keep(try readAll()) })
        }
        let goal: (Double) -> Figure.Goal = { .init(text: "≥ 10 M/s", isMet: $0 >= 10e6) }
        var figures = [
            export.figure(
                "capture file → VCD", "edges/s",
                peer: .init(name: "memory copy of the same bytes", value: copy),
                goal: goal(export.median)),
            read.figure(
                "VCD → edges", "edges/s",
                peer: .init(name: "`wc -l` of the same file", value: lines.median),
                goal: goal(read.median)),
            Figure(
                name: "VCD, for comparison", value: bytes / workload.count, unit: "bytes/edge",
                runs: 1, range: bytes / workload.count...bytes / workload.count,
                peer: .init(
                    name: "computed entropy", value: workload.entropyBits / 8 / workload.count)),
        ]
        if let converter = ChildProcess.find("vcd2fst") {
            let fst = workload.dump + ".fst"
            _ = try ChildProcess(converter, [workload.dump, fst])
            let size = Double(ChildProcess.fileSize(fst)) / workload.count
            unlink(fst)
            figures.append(
                Figure(
                    name: "FST by vcd2fst, for comparison", value: size, unit: "bytes/edge",
                    runs: 1, range: size...size,
                    peer: .init(
                        name: "computed entropy",
                        value: workload.entropyBits / 8 / workload.count)))
        }
        return figures
    }

    private func exportAll() throws {
        let capture = try Capture(opening: workload.capture)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        let writer = try VCDWriter(
            path: workload.dump, channels: capture.channels, metadata: capture.metadata,
            replacing: true)
        while try source.read(into: &batch) { try writer.append(batch) }
        try writer.finish(at: capture.end)
    }

    private func readAll() throws -> Int64 {
        var reader = try VCDReader(path: workload.dump)
        var batch = EdgeBatch(levels: reader.initialLevels)
        while try reader.read(into: &batch) {}
        return reader.edgeCount
    }

    /// The dump's edges by the time of a copy of its bytes in memory.
    private func copyRate() throws -> Double {
        let size = Int(ChildProcess.fileSize(workload.dump))
        let source = [UInt8](repeating: 1, count: size)
        var target = [UInt8](repeating: 0, count: size)
        let seconds = Trials(runs) {
            Trials.seconds {
                source.withUnsafeBytes { from in
                    target.withUnsafeMutableBytes { $0.copyMemory(from: from) }
                }
            }
        }
        keep(target)
        return workload.count / seconds.median
    }
}

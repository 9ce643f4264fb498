import CaptureStore
import Signals

/// The codec and the file: speed beside a plain code, size beside the entropy.
struct StoreBenchmark {
    let workload: Workload
    let runs: Int

    func figures() throws -> [Figure] {
        let plain = PlainVarint.encode(workload.edges)
        var sum: UInt64 = 0
        let plainEncode = rate(
            Trials(runs) {
                Trials.seconds { keep(PlainVarint.encode(workload.edges)) }
            })
        let plainDecode = rate(
            Trials(runs) { Trials.seconds { sum = PlainVarint.mix(plain, into: sum) } })
        keep(sum)
        let write = try Trials(runs) {
            workload.count
                / (try Trials.seconds {
                    try Workload.write(workload.batches, end: workload.end, to: workload.capture)
                })
        }
        let read = try Trials(runs) {
            workload.count / (try Trials.seconds { try readAll() })
        }
        let capture = try Capture(opening: workload.capture)
        let entropy = workload.entropyBits / 8 / workload.count
        let payload = Double(capture.payloadBytes) / workload.count
        let file = Double(ChildProcess.fileSize(workload.capture)) / workload.count
        return [
            write.figure(
                "edges → capture file", "edges/s",
                peer: .init(name: "plain varint", value: plainEncode),
                goal: .init(text: "≥ 5 M/s", isMet: write.median >= 5e6)),
            read.figure(
                "capture file → edges", "edges/s",
                peer: .init(name: "plain varint", value: plainDecode)),
            size(
                "capture, payload", payload,
                .init(name: "computed entropy", value: entropy),
                .init(text: "≤ 1.03 ×", isMet: payload <= 1.03 * entropy)),
            size(
                "capture, whole file with checksums", file,
                .init(name: "computed entropy", value: entropy),
                .init(text: "≤ 1.03 ×", isMet: file <= 1.03 * entropy)),
            size(
                "plain varint", Double(plain.count) / workload.count,
                .init(name: "computed entropy", value: entropy), nil),
        ]
    }

    private func readAll() throws {
        let capture = try Capture(opening: workload.capture)
        var source = try capture.edges()
        var batch = EdgeBatch()
        var sum: UInt64 = 0
        while try source.read(into: &batch) { sum = PlainVarint.mix(batch.edges, into: sum) }
        keep(sum)
    }

    private func rate(_ seconds: Trials) -> Double { workload.count / seconds.median }

    private func size(
        _ name: String, _ value: Double, _ peer: Figure.Peer, _ goal: Figure.Goal?
    ) -> Figure {
        Figure(
            name: name, value: value, unit: "bytes/edge", runs: 1, range: value...value,
            peer: peer, goal: goal)
    }
}

import CaptureStore
import Decoding
import LinkProtocol
import Measurements
import Replay
import Signals

/// From a capture to events and to a verdict, beside the least that a pass over its edges costs.
struct DecodingBenchmark {
    let workload: Workload
    let runs: Int

    func figures() throws -> [Figure] {
        var sum: UInt64 = 0
        let pass = Trials(runs) {
            workload.count
                / Trials.seconds { sum = PlainVarint.mix(workload.edges, into: sum) }
        }
        keep(sum)
        let decode = try Trials(runs) {
            workload.count / (try Trials.seconds { keep(try decodeCapture()) })
        }
        let memory = Trials(runs) {
            workload.count / Trials.seconds { keep(decodeMemory()) }
        }
        let measured = try Trials(runs) {
            workload.count / (try Trials.seconds { keep(try measureCapture()) })
        }
        let replayed = try Trials(runs) {
            workload.count / (try Trials.seconds { keep(try replayCapture()) })
        }
        let loop = Figure.Peer(name: "a loop over the edges in memory", value: pass.median)
        return [
            decode.figure(
                "capture file → messages and events", "edges/s", peer: loop,
                goal: .init(text: "≥ 50 M/s", isMet: decode.median >= 50e6)),
            memory.figure("edges in memory → messages and events", "edges/s", peer: loop),
            measured.figure("capture file → measurements", "edges/s", peer: loop),
            replayed.figure("link replay, both passes, one end", "edges/s", peer: loop),
        ]
    }

    private func decodeMemory() -> Int {
        var decoder = LinkDecoder()
        var events = 0
        var batch = EdgeBatch()
        for original in workload.batches {
            batch = original
            decoder.decode(batch)
            events += decoder.takeEvents().count
        }
        decoder.finish(at: workload.end)
        return events + decoder.takeEvents().count
    }

    private func decodeCapture() throws -> Int {
        var events = 0
        try decode { _ in events += 1 }
        return events
    }

    private func measureCapture() throws -> Int {
        var measurements = LinkMeasurements()
        var count = 0
        try decode {
            measurements.handle($0)
            count += 1
        }
        return count
    }

    private func replayCapture() throws -> Int64 {
        var schedule = LinkSchedule()
        try decode { schedule.handle($0) }
        var replay = LinkReplay(end: .host, schedule: schedule)
        let capture = try Capture(opening: workload.capture)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        while try source.read(into: &batch) { replay.feed(batch) }
        let result = replay.finish(at: capture.end)
        guard case .same = result.verdict else {
            throw ChildProcess.Failure(command: "replay", problem: "made-up traffic differs")
        }
        return result.comparedEdges
    }

    private func decode(_ body: (LinkEvent) -> Void) throws {
        let capture = try Capture(opening: workload.capture)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var decoder = LinkDecoder()
        while try source.read(into: &batch) {
            decoder.decode(batch)
            for event in decoder.takeEvents() { body(event) }
        }
        decoder.finish(at: capture.end)
        for event in decoder.takeEvents() { body(event) }
    }
}

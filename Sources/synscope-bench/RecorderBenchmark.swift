import CaptureStore
import Glibc
import Signals
import TrafficGenerator

/// The recorder at full speed for some time: how fast it gets edges to the disk, and whether its
/// memory stays what it is.
///
/// Comes before there is anything large in memory, as it looks at the memory of its own process.
struct RecorderBenchmark {
    let seconds: Double
    let seed: UInt64
    let folder: String

    /// The moments at which memory is looked at, as shares of the time.
    private static let moments = [0.1, 0.25, 0.5, 0.75, 1]
    /// Memory may vary by this much between the first moment and the last: arrays that grow to the
    /// size of the largest chunk, SQLite's cache.
    private static let growthMaxMegabytes = 8.0

    func figures() throws -> [Figure] {
        let lap = Lap(seed: seed)
        let path = "\(folder)/recorded.syn"
        var plan = RecordingPlan(
            path: path, metadata: CaptureMetadata(),
            channels: CaptureChannel.wires(initialLevels: lap.levels))
        plan.waitingEdgesMax = 1 << 20
        let recorder = try Recorder(plan)
        var memory: [Double] = []
        var batch = EdgeBatch()
        var laps = LapSource(lap)
        let start = ContinuousClock.now
        while memory.count < Self.moments.count {
            laps.read(into: &batch)
            try recorder.append(&batch)
            let passed = Double((ContinuousClock.now - start) / .nanoseconds(1)) * 1e-9
            if passed >= seconds * Self.moments[memory.count] {
                memory.append(ProcessMemory.megabytes)
            }
        }
        try recorder.finish(at: laps.time)
        let total = Double((ContinuousClock.now - start) / .nanoseconds(1)) * 1e-9
        let status = recorder.status
        let rate = Double(status.progress.committedEdges) / total
        let size = Double(ChildProcess.fileSize(path)) / 1e6
        unlink(path)
        let growth = (memory.last ?? 0) - (memory.first ?? 0)
        let name = "recorder, \(BenchReport.decimals(seconds, 0)) s"
        var figures = [
            single(
                "\(name): edges → live capture", rate, "edges/s",
                .init(text: "≥ 5 M/s", isMet: rate >= 5e6)),
            single("\(name): size of the file", size, "MB"),
        ]
        for (share, value) in zip(Self.moments, memory) {
            let percent = BenchReport.decimals(share * 100, 0)
            figures.append(single("\(name): memory after \(percent) %", value, "MB"))
        }
        figures.append(
            single(
                "\(name): growth of memory from 10 % to 100 %", growth, "MB",
                .init(
                    text: "≤ \(BenchReport.decimals(Self.growthMaxMegabytes, 0)) MB",
                    isMet: growth <= Self.growthMaxMegabytes)))
        return figures
    }

    private func single(
        _ name: String, _ value: Double, _ unit: String, _ goal: Figure.Goal? = nil
    ) -> Figure {
        Figure(
            name: name, value: value, unit: unit, runs: 1, range: value...value, peer: nil,
            goal: goal)
    }
}

/// A stretch of made-up traffic that ends with the levels with which it begins, so that it can be
/// repeated for ever.
private struct Lap {
    /// The levels before and after.
    let levels: LevelSet
    let edges: [Edge]
    /// From the beginning of one lap to the next.
    let span: Nanoseconds

    init(seed: UInt64) {
        var generator = TrafficGenerator(TrafficPlan(seed: seed, edgeCount: 1_000_000))
        var batch = EdgeBatch()
        var all: [Edge] = []
        while generator.read(into: &batch) { all += batch.edges }
        // The link's start is left out.
        let first = 1000
        var levels = LevelSet.rest
        for edge in all[..<first] { levels[edge.channel] = edge.level }
        self.levels = levels
        var end = first
        for index in first..<all.count {
            levels[all[index].channel] = all[index].level
            if levels == self.levels { end = index + 1 }
        }
        edges = Array(all[first..<end])
        span = all[end - 1].time - all[first - 1].time
    }
}

/// Lap after lap.
private struct LapSource {
    private let lap: Lap
    private var next = 0
    private var shift = Nanoseconds.zero
    private var levels: LevelSet
    /// The time of the last edge.
    private(set) var time = Timestamp.zero

    init(_ lap: Lap) {
        self.lap = lap
        levels = lap.levels
    }

    mutating func read(into batch: inout EdgeBatch) {
        let end = min(next + 4096, lap.edges.count)
        batch.gap = nil
        batch.levels = levels
        batch.edges.removeAll(keepingCapacity: true)
        batch.edges.append(contentsOf: lap.edges[next..<end])
        for index in batch.edges.indices {
            batch.edges[index].time = batch.edges[index].time + shift
            levels.toggle(batch.edges[index].channel)
        }
        time = batch.edges.last?.time ?? time
        next = end
        if next == lap.edges.count {
            next = 0
            shift = shift + lap.span
        }
    }
}

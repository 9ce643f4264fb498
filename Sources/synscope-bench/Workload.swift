import CaptureStore
import LinkProtocol
import Signals
import TrafficGenerator

/// The traffic that most figures are measured on: edges in memory, and the same as files.
struct Workload {
    let edges: [Edge]
    let batches: [EdgeBatch]
    let end: Timestamp
    let entropyBits: Double
    let capture: String
    let dump: String

    var count: Double { Double(edges.count) }

    /// Makes the edges and the capture.
    init(edgeCount: Int64, seed: UInt64, folder: String) throws {
        var generator = TrafficGenerator(TrafficPlan(seed: seed, edgeCount: edgeCount))
        var batch = EdgeBatch()
        var batches: [EdgeBatch] = []
        while generator.read(into: &batch) { batches.append(batch) }
        self.batches = batches
        edges = batches.flatMap(\.edges)
        end = generator.time
        entropyBits = generator.entropyBits
        capture = "\(folder)/traffic.syn"
        dump = "\(folder)/traffic.vcd"
        try Self.write(batches, end: end, to: capture)
    }

    /// Writes a capture of batches.
    static func write(_ batches: [EdgeBatch], end: Timestamp, to path: String) throws {
        let writer = try CaptureWriter(
            creating: path, metadata: metadata, channels: CaptureChannel.wires(),
            replacing: true)
        for batch in batches { try writer.append(batch) }
        try writer.finish(at: end)
    }

    /// Writes a capture of made-up traffic that need not fit the memory; returns how many bits of
    /// information it holds.
    static func writeLong(edgeCount: Int64, seed: UInt64, to path: String) throws -> Double {
        var generator = TrafficGenerator(TrafficPlan(seed: seed, edgeCount: edgeCount))
        let writer = try CaptureWriter(
            creating: path, metadata: metadata, channels: CaptureChannel.wires(),
            replacing: true)
        var batch = EdgeBatch()
        while generator.read(into: &batch) { try writer.append(batch) }
        try writer.finish(at: generator.time)
        return generator.entropyBits
    }

    /// Writes a capture of made-up traffic in which one publication has a text of its own; gives the
    /// moment at which its frame ends.
    static func writeMarked(_ plan: TrafficPlan, to path: String) throws -> Timestamp? {
        var generator = TrafficGenerator(plan)
        let writer = try CaptureWriter(
            creating: path, metadata: metadata, channels: CaptureChannel.wires(),
            replacing: true)
        var batch = EdgeBatch()
        while generator.read(into: &batch) { try writer.append(batch) }
        try writer.finish(at: generator.time)
        return generator.markTime
    }

    private static var metadata: CaptureMetadata {
        var metadata = CaptureMetadata()
        metadata.source = "generated traffic"
        metadata.resolution = Nanoseconds(1)
        metadata.secrets = .none
        return metadata
    }
}

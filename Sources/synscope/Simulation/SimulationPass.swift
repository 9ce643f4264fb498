import BridgeProtocol
import CaptureStore
import HostProtocol
import Replay
import Signals
import Simulation

/// A world from its begin to its end, into a capture if one is wanted.
struct SimulationPass {
    let scenario: Scenario
    let commandLine: String

    /// What came of a world.
    struct Outcome {
        var world: World
        var edgeCount: Int64 = 0
        var recordCount: Int64 = 0
    }

    /// Lets the world happen.
    ///
    /// - Parameters:
    ///   - path: where the capture shall be; nil for none.
    ///   - replacing: whether a file that exists there may be replaced.
    func run(into path: String?, replacing: Bool) throws -> Outcome {
        let writer = try path.map { path in
            try CaptureWriter(creating: path, metadata: metadata, replacing: replacing)
        }
        var outcome = Outcome(world: World(scenario))
        var stretch = WorldStretch()
        var batch = EdgeBatch()
        var progress = Progress("simulating", total: Double(scenario.duration.count))
        defer { progress.end() }
        while !Interrupt.isRequested, outcome.world.run(into: &stretch) {
            outcome.edgeCount += Int64(stretch.edges.count)
            outcome.recordCount += Int64(stretch.records.count)
            if let writer {
                batch.levels = stretch.levels
                batch.edges = stretch.edges
                try writer.append(batch)
                for record in stretch.records { try writer.append(record: record) }
            }
            progress.update(Double(outcome.world.now.nanoseconds))
        }
        try writer?.finish(at: outcome.world.now)
        if Interrupt.isRequested {
            throw Failure(.interrupted, "interrupted: the rest of the world is missing")
        }
        return outcome
    }

    private var metadata: CaptureMetadata {
        var metadata = CaptureMetadata()
        metadata.source = "simulation: synscope simulate \(commandLine)"
        metadata.instrument = "both ends of synscope in a simulated world"
        metadata.clock = "the world's own"
        metadata.resolution = Nanoseconds(1)
        metadata.accuracy = "exact"
        metadata.toolVersion = "synscope \(Synscope.version)"
        metadata.secrets = .present
        metadata.extra = [
            .init(key: CaptureMetadata.MachineKey.time, value: "virtual"),
            .init(
                key: CaptureMetadata.MachineKey.host,
                value: String(decoding: scenario.host.text, as: UTF8.self)),
            .init(
                key: CaptureMetadata.MachineKey.bridge,
                value: String(decoding: scenario.bridge.text, as: UTF8.self)),
        ]
        return metadata
    }
}

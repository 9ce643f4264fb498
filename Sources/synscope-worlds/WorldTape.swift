import Decoding
import Replay
import Signals
import Simulation

/// A world's edges and records: their hash, or all of them.
struct WorldTape {
    private let keepsEdges: Bool
    private(set) var edgeCount: Int64 = 0
    /// FNV-1a over everything.
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private var stretches: [WorldStretch] = []
    private var end: Timestamp = .zero

    init(keepsEdges: Bool) { self.keepsEdges = keepsEdges }

    mutating func record(_ scenario: Scenario) -> World {
        var world = World(scenario)
        var stretch = WorldStretch()
        while world.run(into: &stretch) {
            edgeCount += Int64(stretch.edges.count)
            for edge in stretch.edges {
                add(UInt64(bitPattern: edge.time.nanoseconds))
                add(UInt64(edge.channel.index) << 1 | UInt64(edge.level.rawValue))
            }
            for record in stretch.records {
                add(UInt64(bitPattern: record.time.nanoseconds))
                add(UInt64(bitPattern: record.edgesBefore))
                add(UInt64(record.kind.rawValue))
                add(UInt64(record.payload.count))
                for byte in record.payload { add(UInt64(byte)) }
            }
            if keepsEdges { stretches.append(stretch) }
        }
        end = world.now
        return world
    }

    private mutating func add(_ value: UInt64) {
        hash = (hash ^ value) &* 0x100_0000_01b3
    }

    /// What differs when both ends are replayed from the tape, in words.
    func replayDifferences(_ scenario: Scenario) -> [String] {
        var schedule = LinkSchedule()
        var decoder = LinkDecoder()
        for stretch in stretches {
            decoder.decode(batch(stretch))
            for event in decoder.takeEvents() { schedule.handle(event) }
        }
        decoder.finish(at: end)
        for event in decoder.takeEvents() { schedule.handle(event) }
        var replays = [
            ExactReplay(host: scenario.host, schedule: schedule, isPunctual: true),
            ExactReplay(bridge: scenario.bridge, schedule: schedule, isPunctual: true),
        ]
        for stretch in stretches {
            for index in replays.indices {
                replays[index].feed(batch(stretch), records: stretch.records)
            }
        }
        return replays.indices.compactMap { index in
            let result = replays[index].finish(at: end)
            if result.verdict == .same { return nil }
            return "replay of the \(result.end): \(result.verdict) "
                + "\(result.divergence.map { "\($0.kind) at \($0.time.nanoseconds)" } ?? "")"
        }
    }

    private func batch(_ stretch: WorldStretch) -> EdgeBatch {
        var batch = EdgeBatch(levels: stretch.levels)
        batch.edges = stretch.edges
        return batch
    }
}

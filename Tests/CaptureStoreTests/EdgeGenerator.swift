// Edges for tests: always valid, from a seed.

import CaptureStore
import Signals

/// Makes edges that a capture can hold.
struct EdgeGenerator {
    var random: SeededRandom
    var levels = LevelSet.rest
    var time = Timestamp.zero

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func edge(after span: Int64, on channel: Channel) -> Edge {
        time = time + Nanoseconds(span)
        levels.toggle(channel)
        return Edge(time: time, channel: channel, level: levels[channel])
    }

    /// The traffic of a link: the clocks alternate, data changes before its clock.
    mutating func link(_ count: Int, unit: Int64 = 1) -> [Edge] {
        var edges: [Edge] = []
        var end = LinkEnd.host
        while edges.count < count {
            if random.chance(1, of: 4) {
                edges.append(edge(after: span(around: 20_000, unit), on: end.data))
            }
            guard edges.count < count else { break }
            edges.append(edge(after: span(around: 400_000, unit), on: end.clock))
            end = end.peer
        }
        return edges
    }

    private mutating func span(around mean: Int64, _ unit: Int64) -> Int64 {
        Int64.random(in: mean / 2...mean * 3 / 2, using: &random) / unit * unit
    }

    /// Anything that is allowed: all channels, equal times, long silences.
    mutating func wild(_ count: Int, spanMax: Int64 = 1 << 40) -> [Edge] {
        (0..<count).map { _ in
            let bits = Int.random(
                in: 0...spanMax.bitWidth - 1 - spanMax.leadingZeroBitCount, using: &random)
            let span = random.chance(1, of: 8) ? 0 : Int64.random(in: 0...1 << bits, using: &random)
            let channel = Channel(masking: UInt8.random(in: 0..<32, using: &random))
            return edge(after: span, on: channel)
        }
    }
}

extension [CaptureChannel] {
    /// All 32 channels.
    static func all(initialLevels: LevelSet = .rest) -> [CaptureChannel] {
        CaptureChannel.wires(initialLevels: initialLevels)
            + (UInt8(5)..<32).map {
                let channel = Channel(masking: $0)
                return CaptureChannel(
                    channel: channel, name: "extra\($0)", initialLevel: initialLevels[channel])
            }
    }
}

/// All that a source yields.
struct Content: Equatable {
    var edges: [Edge] = []
    /// Gaps by the number of edges before them, with the levels after them.
    var gaps: [Placed] = []

    struct Placed: Equatable {
        var edgesBefore: Int
        var gap: Gap
        var levels: LevelSet
    }

    init() {}

    /// Reads a source to its end, and checks what every source promises.
    init<Source: EdgeSource>(of source: inout Source) throws {
        var batch = EdgeBatch()
        var levels: LevelSet?
        while try source.read(into: &batch) {
            if let gap = batch.gap {
                gaps.append(Placed(edgesBefore: edges.count, gap: gap, levels: batch.levels))
            } else if let levels, levels != batch.levels {
                throw Broken.promise("levels change without a gap")
            }
            var now = batch.levels
            for edge in batch.edges {
                now.toggle(edge.channel)
                guard now[edge.channel] == edge.level else { throw Broken.promise("no toggle") }
                guard edge.time >= edges.last?.time ?? .earliest else {
                    throw Broken.promise("time goes back")
                }
                edges.append(edge)
            }
            levels = now
        }
    }

    enum Broken: Error { case promise(String) }
}

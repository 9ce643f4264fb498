import Signals
import TrafficGenerator

/// Made-up traffic as the lines of a value change dump, each with the moment at which it is due.
struct TrafficDump {
    /// The edges from the first on; the first of them is at ``start``.
    let edges: [Edge]
    /// The head of the dump, with the levels before the first edge.
    let head: [UInt8]
    /// The lines of all edges.
    let body: [UInt8]
    /// The end of each edge's line in the body.
    let ends: [Int]

    /// Made-up traffic of about so many edges a second.
    init(edgeCount: Int, edgesPerSecond: Int, seed: UInt64) {
        // The quiet of the link's start is left out: that nothing is lost of nothing is no news.
        let quietEdges = 100
        var plan = TrafficPlan(seed: seed, edgeCount: Int64(edgeCount + quietEdges))
        let mean = 1_050_000_000 / Int64(edgesPerSecond)
        plan.turnRound = JitteredDelay(mean: Nanoseconds(mean), deviation: Nanoseconds(mean / 5))
        plan.dataLead = JitteredDelay(
            mean: Nanoseconds(mean / 10), deviation: Nanoseconds(mean / 80))
        var generator = TrafficGenerator(plan)
        var batch = EdgeBatch()
        var all: [Edge] = []
        while generator.read(into: &batch) { all += batch.edges }
        var levels = LevelSet.rest
        for edge in all[..<quietEdges] { levels[edge.channel] = edge.level }
        edges = Array(all[quietEdges...])
        var text = "$timescale 1 ns $end\n"
        let identifiers = Array("!\"#$%")
        for (name, identifier) in zip(["reset", "stx", "sckout", "srx", "sckin"], identifiers) {
            text += "$var wire 1 \(identifier) \(name) $end\n"
        }
        text += "$enddefinitions $end\n#\(all[quietEdges - 1].time.nanoseconds)\n$dumpvars"
        for (channel, identifier) in zip(Channel.wires, identifiers) {
            text += " \(levels[channel].rawValue)\(identifier)"
        }
        text += " $end\n#\(edges[0].time.nanoseconds)\n"
        head = Array(text.utf8)
        var body: [UInt8] = []
        var ends: [Int] = []
        for edge in edges {
            let identifier = identifiers[Int(edge.channel.index)]
            body += Array(
                "#\(edge.time.nanoseconds)\n\(edge.level.rawValue)\(identifier)\n".utf8)
            ends.append(body.count)
        }
        self.body = body
        self.ends = ends
    }

    /// How many edges are due after so much time.
    func count(dueAfter nanoseconds: Int64) -> Int {
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if (edges[middle].time - edges[0].time).count <= nanoseconds {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

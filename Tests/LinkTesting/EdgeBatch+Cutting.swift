package import Signals

extension EdgeBatch {
    /// The first edges of the batch.
    package func prefix(_ count: Int) -> EdgeBatch {
        var batch = self
        batch.edges = Array(edges.prefix(count))
        return batch
    }

    /// What follows the first edges, with the levels that these left.
    package func dropFirst(_ count: Int) -> EdgeBatch {
        var batch = self
        for edge in edges.prefix(count) { batch.levels[edge.channel] = edge.level }
        batch.edges = Array(edges.dropFirst(count))
        return batch
    }

    /// The same edges in batches of at most so many.
    package func split(every count: Int) -> [EdgeBatch] {
        var batches: [EdgeBatch] = []
        var rest = self
        while !rest.edges.isEmpty {
            batches.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return batches
    }
}

extension [EdgeBatch] {
    /// The moment of the last edge; the start when there is none.
    package var lastTime: Timestamp {
        last { !$0.edges.isEmpty }?.edges.last?.time ?? .zero
    }
}

/// A run of edges without a known gap inside, in the order in which they happened.
///
/// Batches are reused by their readers, so that reading a capture allocates per batch at most and
/// never per edge.
public struct EdgeBatch: Sendable {
    /// Edges known to be missing between the batch before and this one.
    public var gap: Gap?
    /// The levels just before the first edge of this batch.
    public var levels: LevelSet
    /// Edges in order of time; equal times keep the order in which they were recorded.
    public var edges: [Edge]

    /// An empty batch.
    public init(levels: LevelSet = .rest) {
        self.levels = levels
        edges = []
    }
}

/// Anything that yields edges: a capture file, an analyzer, GPIO lines, a simulation.
public protocol EdgeSource {
    /// What can go wrong while reading.
    associatedtype Failure: Error

    /// Replaces the content of `batch` by the next run of edges; false at the end of the source.
    ///
    /// A batch can be empty of edges while it carries a gap.
    mutating func read(into batch: inout EdgeBatch) throws(Failure) -> Bool
}

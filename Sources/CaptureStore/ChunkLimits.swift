// How long the edges of a recording wait for each other before they are packed.

public import Signals

/// When a chunk of edges closes: when either limit is reached, and at every gap.
public struct ChunkLimits: Hashable, Sendable {
    /// The most edges in a chunk, from 1 to `EdgeCodec.edgesMax`.
    public var edgesMax: Int
    /// The longest span of a chunk, from its first edge to its last; nil for no limit.
    public var timeMax: Nanoseconds?

    /// Limits within which chunks stay.
    ///
    /// Precondition: `edgesMax` is in 1 ... `EdgeCodec.edgesMax`.
    ///
    /// By default 65,536 edges: SQLite leaves part of a page unused per chunk, which costs 4 % of
    /// the file at 16,384 edges and 1 % at 65,536; a seek decodes one chunk, 0.3 ms.
    public init(edgesMax: Int = 65_536, timeMax: Nanoseconds? = nil) {
        precondition(edgesMax >= 1 && edgesMax <= EdgeCodec.edgesMax, "limit out of range")
        self.edgesMax = edgesMax
        self.timeMax = timeMax
    }

    /// What suits a recording: its last chunk is written anew with every commit.
    public static var live: ChunkLimits { ChunkLimits(edgesMax: 16_384, timeMax: .seconds(10)) }
}

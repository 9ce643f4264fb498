import CaptureStore
import Signals

/// Where `export` writes edges to.
protocol ExportSink {
    /// Appends the batch's gap, then its edges.
    func append(_ batch: EdgeBatch) throws
    /// Completes the file, whose observation ends at `end`.
    func finish(at end: Timestamp) throws
    /// What somebody may want to know about what was written, in lines of text.
    var remarks: [String] { get }
}

/// A stretch of a capture that is written.
struct ExportStretch {
    var start: Timestamp
    var end: Timestamp
    /// The levels at its beginning.
    var levels: LevelSet
    var channels: [CaptureChannel]
    /// The time of its first edge; nil if it has none.
    var firstEdge: Timestamp?
    /// What the capture says about itself.
    var metadata: CaptureMetadata
}

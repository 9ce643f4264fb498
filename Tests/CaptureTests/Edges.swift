import CaptureStore
import Signals

/// All edges of a capture in memory, for comparison.
enum Edges {
    static func all(of path: String) throws -> [Edge] {
        let capture = try Capture(opening: path)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var edges: [Edge] = []
        while try source.read(into: &batch) { edges += batch.edges }
        return edges
    }
}

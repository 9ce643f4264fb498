import CaptureStore
import Signals

/// A source whose batches are stored, as they are, on their way to whoever reads them.
struct StoredSource<Base: EdgeSource>: EdgeSource {
    private(set) var base: Base
    private let writer: CaptureWriter

    init(_ base: Base, storedBy writer: CaptureWriter) {
        self.base = base
        self.writer = writer
    }

    /// Throws what the source throws, or what the writer does.
    mutating func read(into batch: inout EdgeBatch) throws(any Error) -> Bool {
        guard try base.read(into: &batch) else { return false }
        try writer.append(batch)
        return true
    }
}

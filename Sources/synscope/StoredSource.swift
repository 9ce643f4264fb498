import CaptureStore
import Signals

/// A source whose batches are stored, as they are, on their way to whoever reads them.
struct StoredSource<Base: EdgeSource>: EdgeSource where Base.Failure == CaptureError {
    private(set) var base: Base
    private let writer: CaptureWriter

    init(_ base: Base, storedBy writer: CaptureWriter) {
        self.base = base
        self.writer = writer
    }

    mutating func read(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        guard try base.read(into: &batch) else { return false }
        try writer.append(batch)
        return true
    }
}

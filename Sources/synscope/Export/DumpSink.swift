import CaptureStore
import Reporting
import Signals

/// A value change dump, which has no times before 0.
struct DumpSink: ExportSink {
    private let writer: VCDWriter
    private let shift: Nanoseconds

    init(_ stretch: ExportStretch, path: String, replacing: Bool) throws(CaptureError) {
        shift = Nanoseconds(max(0, -stretch.start.nanoseconds))
        var metadata = stretch.metadata
        if shift > .zero {
            metadata.source =
                (metadata.source.map { $0 + "; " } ?? "")
                + "time 0 of the capture is at #\(shift.count)"
        }
        writer = try VCDWriter(
            path: path, channels: stretch.channels, initialLevels: stretch.levels,
            start: stretch.start + shift, metadata: metadata, replacing: replacing)
    }

    func append(_ batch: EdgeBatch) throws {
        guard shift > .zero else { return try writer.append(batch) }
        var batch = batch
        if let gap = batch.gap {
            batch.gap?.start = gap.start + shift
            batch.gap?.end = gap.end + shift
        }
        for index in batch.edges.indices {
            batch.edges[index].time = batch.edges[index].time + shift
        }
        try writer.append(batch)
    }

    func finish(at end: Timestamp) throws { try writer.finish(at: end + shift) }

    var remarks: [String] {
        guard shift > .zero else { return [] }
        let zero = TimeText.seconds(shift.count)
        return ["A dump has no times before 0: 0 of the capture is at \(zero) s in it."]
    }
}

import CaptureStore
import Signals

/// A capture as what is recorded: to look for triggers in it, and to cut it.
///
/// What its machines did is left behind: it tells nothing without its beginning.
struct StoredCaptureSource: RecordingSource {
    let channels: [CaptureChannel]
    let start: Timestamp
    let resolution: Nanoseconds
    private(set) var end: Timestamp
    private(set) var notes: [JournalRecord] = []
    let origin: CaptureMetadata
    var remarks: [String] {
        left == 0 ? [] : ["\(left) records of its journal are left behind"]
    }
    let canWait = true

    private let captureEnd: Timestamp
    private var source: ReadAheadSource<CaptureEdgeSource>
    private var records: RecordSource
    private var next: JournalRecord?
    private var left = 0

    /// The most notes and markers that are taken over.
    private static let notesMax = 1_024

    init(_ capture: Capture) throws(CaptureError) {
        channels = capture.channels
        start = capture.observationStart
        end = start
        captureEnd = capture.end
        resolution = capture.metadata.resolution ?? Nanoseconds(1)
        origin = Self.origin(capture)
        source = ReadAheadSource(try capture.edges())
        records = capture.recordSource()
        next = try records.next()
    }

    private static func origin(_ capture: Capture) -> CaptureMetadata {
        var origin = capture.metadata
        origin.observationStart = nil
        origin.secrets = .unknown
        origin.extra = [.init(key: "cut_from", value: capture.path.lastPathComponent)]
        return origin
    }

    mutating func read(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        guard try source.read(into: &batch) else {
            end = max(end, captureEnd)
            return false
        }
        end = max(end, batch.edges.last?.time ?? batch.gap?.end ?? end)
        while let record = next, record.edgesBefore <= source.edgeCount {
            if record.kind == .note || record.kind == .marker, notes.count < Self.notesMax {
                notes.append(record)
            } else {
                left += 1
            }
            next = try records.next()
        }
        return true
    }
}

import CaptureStore
import Signals

/// A file that `import` reads from its beginning to its end.
protocol ImportSource: RecordingSource {
    /// The number of edges read so far.
    var edgeCount: Int64 { get }
    /// How much has been read, from 0 to 1; nil when nobody knows.
    var share: Double? { get }
    /// The step of its time stamps, once all are read.
    ///
    /// - Parameter stated: the sample rate by the user's word; throws when the file contradicts it.
    func resolution(stated: SampleRateArgument?) throws -> Nanoseconds
}

extension VCDReader: ImportSource {
    var share: Double? {
        bytesTotal.flatMap { $0 > 0 ? Double(bytesRead) / Double($0) : nil }
    }

    func resolution(stated: SampleRateArgument?) throws -> Nanoseconds {
        try stated?.resolution(unit: unit, grid: grid, path: path) ?? resolution
    }
}

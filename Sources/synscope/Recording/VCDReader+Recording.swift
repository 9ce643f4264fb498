import CaptureStore
import Signals

extension VCDReader: RecordingSource {
    var origin: CaptureMetadata {
        var origin = CaptureMetadata()
        origin.source =
            "value change dump from \(path == "-" ? "standard input" : path.lastPathComponent)"
        origin.instrument = version
        origin.startText = declaredDate
        origin.resolution = unit
        return origin
    }

    var remarks: [String] {
        let ignored = ignoredSignals.joined(separator: ", ")
        return warnings.map { "warning: \($0)" }
            + (ignored.isEmpty ? [] : ["ignored signals: \(ignored)"])
    }

    /// A pipe waits.
    var canWait: Bool { true }
}

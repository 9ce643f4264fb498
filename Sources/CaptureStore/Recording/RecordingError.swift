public import Signals

/// Why a recording ended before its time, and what there is of it.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public var cause: CaptureError
    /// What is safe.
    public var saved: SavedRecording

    /// An error, and what it left.
    public init(cause: CaptureError, saved: SavedRecording) {
        self.cause = cause
        self.saved = saved
    }

    /// What happened, what to do next, and what was saved.
    public var description: String { "\(cause)\n\(saved)" }
}

/// What a reader finds of a recording.
public struct SavedRecording: Hashable, Sendable, CustomStringConvertible {
    /// The last file; nil if nothing is left of it.
    public var path: String?
    /// Edges in the last file.
    public var edgeCount: Int64
    /// The time of the last of them in the recording; nil if there is none.
    public var end: Timestamp?
    /// The files before, which are complete.
    public var completeFiles: Int
    /// The name of the first of them.
    public var firstFile: String?

    /// In one sentence: how many edges, up to when, where.
    public var description: String {
        var text = "Nothing is saved"
        if let path, let end {
            text = "Saved: \(edgeCount) edges in \(path), up to \(Self.seconds(end)) s"
        } else if let path {
            text = "Saved: \(path), without an edge"
        }
        guard completeFiles > 0, let firstFile else { return text }
        return text + (path == nil ? " of the last file" : "")
            + "; \(completeFiles) complete file\(completeFiles == 1 ? "" : "s"), from \(firstFile) on"
    }

    private static func seconds(_ time: Timestamp) -> String {
        let microseconds = time.nanoseconds.magnitude / 1_000
        let digits = String(microseconds % 1_000_000)
        return "\(time < .zero ? "-" : "")\(microseconds / 1_000_000)."
            + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

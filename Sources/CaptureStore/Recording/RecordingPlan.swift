public import Signals

/// What is recorded where.
public struct RecordingPlan: Sendable {
    /// The path of the capture; with ``rotation`` a number is put before its ending.
    public var path: String
    /// What every file says about itself.
    public var metadata: CaptureMetadata
    /// The channels, with their levels at the beginning.
    public var channels: [CaptureChannel]
    /// The moment at which the recording begins.
    public var start = Timestamp.zero
    /// When to go on in another file; nil for never.
    public var rotation: RotationLimits?
    /// Whether files that exist may be replaced.
    public var replacing = false
    /// What to do when the disk is so slow that no more edges can wait.
    public var overflow = OverflowPolicy.wait
    /// The most edges that wait for the disk, at 16 bytes each.
    ///
    /// By default 64 MB of them: 20 s of 200,000 edges/s.
    public var waitingEdgesMax = 1 << 22

    /// What to do with edges for which there is no room.
    public enum OverflowPolicy: Hashable, Sendable {
        /// The source waits: right for whatever can be asked to wait, as a pipe or a file can.
        case wait
        /// They are counted and lost, which becomes a gap: right for whatever would lose them itself,
        /// and not say so, if it had to wait.
        case lose
    }

    /// Whether a recording in several files may write one of this path.
    public static func mayName(_ path: String, asPartOf recording: String) -> Bool {
        SeriesName(recording, isNumbered: true).covers(path)
    }

    /// A recording into one file.
    public init(path: String, metadata: CaptureMetadata, channels: [CaptureChannel]) {
        self.path = path
        self.metadata = metadata
        self.channels = channels
    }
}

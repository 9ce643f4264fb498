public import Signals

/// A place at which a recording may go on in another file, as whoever decodes the edges knows it.
public enum CutPlace: Hashable, Sendable {
    /// A session of the link begins with the edges at and after this time, which lies in the batch
    /// or shortly before it: a capture that begins there decodes from its first edge.
    case session(at: Timestamp)
    /// Behind the batch neither end has anything under way: a capture that begins there joins a
    /// running link without losing any of its frames.
    case idle
}

/// When a recording goes on in another file.
///
/// After either limit the next file begins at the next session of the link, as that file can be
/// decoded from its first edge. A link can run for months without a reset: at twice a limit an idle
/// moment will do, and at three times any.
public struct RotationLimits: Hashable, Sendable {
    /// The size of a file, in bytes, from which on the next one is wanted; nil for any.
    public var bytesMax: Int64?
    /// The span of a file, from its beginning, from which on the next one is wanted; nil for any.
    public var timeMax: Nanoseconds?

    /// Limits, of which at least one makes sense.
    public init(bytesMax: Int64? = nil, timeMax: Nanoseconds? = nil) {
        self.bytesMax = bytesMax
        self.timeMax = timeMax
    }

    /// How badly another file is wanted.
    enum Need: Int, Comparable {
        case none, session, idle, anywhere

        static func < (left: Need, right: Need) -> Bool { left.rawValue < right.rawValue }
    }

    /// How badly a file of that size and span wants a successor.
    func need(bytes: Int64, span: Nanoseconds) -> Need {
        let times = max(
            bytesMax.map { bytes / max(1, $0) } ?? 0,
            timeMax.map { span.count / max(1, $0.count) } ?? 0)
        return Need(rawValue: Int(clamping: min(max(0, times), 3))) ?? .none
    }
}

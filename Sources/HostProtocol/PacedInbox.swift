import Signals

/// Frames that a polling loop has not looked at yet.
///
/// Without pacing a frame passes straight through. Ref: Documentation/Protocol.md, Reference timings.
struct PacedInbox: Sendable {
    private var frames: [(frame: [UInt8], at: Timestamp)] = []
    private var pacing = HostPacing()
    private var origin: Timestamp = .zero

    /// The most frames that wait; a frame beyond that passes at once.
    static let framesMax = 64

    /// The loop begins to run.
    mutating func begin(at now: Timestamp, pacing: HostPacing) {
        origin = now
        self.pacing = pacing
    }

    /// When the next frame is looked at.
    var due: Timestamp? { frames.first?.at }

    /// Takes a frame in; gives it back when it needs not wait.
    mutating func append(_ frame: [UInt8], at now: Timestamp) -> [UInt8]? {
        let poll = pacing.framePoll.count
        guard poll > 0 || pacing.frameDelay > .zero, frames.count < Self.framesMax else {
            return frame
        }
        var seen = now
        if poll > 0 {
            let turns = ((now - origin).count + poll - 1) / poll
            seen = origin + Nanoseconds(turns * poll)
        }
        frames.append((frame, seen + pacing.frameDelay))
        return nil
    }

    /// The oldest frame whose time has come.
    mutating func popFirst(at now: Timestamp) -> [UInt8]? {
        guard let first = frames.first, first.at <= now else { return nil }
        frames.removeFirst()
        return first.frame
    }

    mutating func removeAll() { frames.removeAll(keepingCapacity: true) }
}

import Decoding
import LinkProtocol
import Signals

/// What a machine wants to say, beside what the capture shows that its end said; the same for both
/// ends.
struct FrameComparison {
    let schedule: LinkSchedule
    let end: LinkEnd
    /// What the machine wants to send and the capture has not shown yet.
    var held = HeldFrames()
    var result: SequenceReplayResult
    /// How often each rule was applied, by its number.
    private(set) var imitated = [Int](repeating: 0, count: ReferenceRule.allCases.count)
    /// The session that runs.
    private(set) var session = 0
    /// The tags of the frames that were sent in it, by their places in the schedule.
    private var tags: [Int: Int] = [:]

    /// Many characters at the speed of the slowest boards.
    private static var patience: Nanoseconds { .milliseconds(500) }

    init(of end: LinkEnd, with schedule: LinkSchedule) {
        self.end = end
        self.schedule = schedule
        result = SequenceReplayResult(end: end)
        result.scheduledFrames = schedule.frames(of: end).count
    }

    var frames: [LinkSchedule.ScheduledFrame] { schedule.frames(of: end) }
    var hasDiverged: Bool { result.divergence != nil }

    mutating func count(_ rule: ReferenceRule) { imitated[Int(rule.rawValue)] += 1 }

    /// Another session begins; nothing that is held survives that.
    mutating func begin(_ next: LinkSchedule.Session) {
        session = next.number
        result.sessions += 1
        held.removeAll()
        tags.removeAll(keepingCapacity: true)
    }

    /// The other end's frame at a place, if it belongs to the session that runs.
    func heard(_ place: Int) -> [UInt8]? {
        let frame = schedule.frames(of: end.peer)[place]
        return frame.session == session ? frame.text : nil
    }

    /// The tag under which the machine sent a frame of the capture.
    func tag(of place: Int) -> Int? { tags[place] }

    /// The capture's frame at a place begins: the machine must hold just that.
    mutating func compare(_ place: Int, at time: Timestamp, awaits: String) {
        let frame = frames[place]
        let found = held.first?.text ?? []
        let isEqual =
            frame.isCutOff
            ? frame.text.dropLast().elementsEqual(found.prefix(frame.text.count - 1))
            : found == frame.text
        guard isEqual, let first = held.first else {
            if frame.isCutOff, found.isEmpty { return }
            return diverge(.frame, at: time, place: place, found: found, awaits: awaits)
        }
        tags[place] = first.tag
        held.removeFirst()
        result.equalFrames += 1
    }

    /// A session ends: a frame that the machine holds, and that the wires had time for, is one too
    /// many. While another frame is sent, or the other end stands still, nothing can be said.
    mutating func checkLeftOver(at time: Timestamp, next: LinkSchedule.Session?, awaits: String) {
        guard let first = held.first, next?.cause != .watchdog else { return }
        let last = frames.last { $0.session == session && $0.start < time }
        if let last, last.isCutOff { return }
        let idleSince = max(first.since, last?.end ?? first.since)
        guard time - idleSince > Self.patience else { return }
        diverge(.surplus, at: time, place: frames.count, found: first.text, awaits: awaits)
    }

    mutating func diverge(
        _ kind: SequenceReplayResult.Divergence.Kind, at time: Timestamp, place: Int,
        found: [UInt8], awaits: String
    ) {
        let frame = place < frames.count ? frames[place] : nil
        result.divergence = .init(
            kind: kind, time: time, session: session, number: place + 1,
            expected: frame?.text ?? [], found: found, firstBit: frame?.firstBit ?? 0,
            awaits: awaits)
    }
}

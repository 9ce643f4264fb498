public import Decoding
import Signals

/// What a capture says that both ends did, in a form that machines can be fed with.
///
/// Made from the events of a first pass over the capture: the second pass, ``LinkReplay``, knows by
/// it at which bit each frame began, when the host left a session, and where nothing can be told.
/// Its size grows with the conversation, not with the edges.
public struct LinkSchedule: Sendable {
    /// A frame and the bit at which it began.
    struct ScheduledFrame: Sendable {
        /// The session that it belongs to.
        var session: Int
        /// The number of its first bit among the sender's bits of the session.
        var firstBit: Int64
        /// The clock edge of its first bit.
        var start: Timestamp
        /// The clock edge of the last bit of its closing zero, or its last known one.
        var end: Timestamp
        /// The characters to send. The last one of a frame that was cut off holds the bits that
        /// were sent of it; its other bits are arbitrary.
        var text: [UInt8]
        /// The frame was cut off by the end of its session.
        var isCutOff: Bool
    }

    /// A session, from the edge by which the host left the one before.
    struct Session: Sendable {
        /// The session's number.
        var number: Int
        /// The first edge by which the host left the session before.
        var hostLeft: Timestamp
        /// When `reset` went low.
        var resetPulled: Timestamp
        /// `reset` was seen going low.
        var resetIsSeen: Bool
        /// When `reset` was released; nil when the capture does not show it.
        var resetReleased: Timestamp?
        /// Why it began.
        var cause: ResetCause
    }

    /// Nothing can be told of a session from here on.
    struct Blank: Sendable {
        /// From when on.
        var start: Timestamp
        /// The session.
        var session: Int
        /// Why.
        var reason: String
    }

    /// The sessions, in order.
    private(set) var sessions: [Session] = []
    /// The frames that the host sent, in order.
    private(set) var hostFrames: [ScheduledFrame] = []
    /// The frames that the bridge sent, in order.
    private(set) var bridgeFrames: [ScheduledFrame] = []
    /// Where nothing can be told, in order.
    private(set) var blanks: [Blank] = []
    /// When both patterns of a session were complete, by its number.
    private(set) var synchronisations: [Int: Timestamp] = [:]
    /// The last moment of which the events tell.
    private(set) var lastTime: Timestamp?
    /// When an end left the handshake without a reset following at once.
    private(set) var stops: [LinkEvent.Stop] = []
    /// The shortest silence that a watchdog ended.
    private(set) var shortestWatchdog: Nanoseconds?
    /// Bits were exchanged before the first reset.
    private(set) var beginsInMidLink = false

    /// An empty schedule.
    public init() {}

    /// Takes the next event of the first pass.
    public mutating func handle(_ event: LinkEvent) {
        switch event {
        case .message(let message): append(message.frame)
        case .reset(let reset):
            sessions.append(
                Session(
                    number: reset.session, hostLeft: reset.hostLeft, resetPulled: reset.start,
                    resetIsSeen: reset.startIsSeen,
                    resetReleased: reset.end, cause: reset.cause))
        case .watchdog(let watchdog):
            shortestWatchdog = min(shortestWatchdog ?? watchdog.silence, watchdog.silence)
        case .stopped(let stop): stops.append(stop)
        case .gap(let gap, let session):
            addBlank(
                Blank(start: gap.start, session: session, reason: "gap (\(gap.reason.name))"))
        case .joined: beginsInMidLink = true
        case .notSynchronised(let time, let session):
            addBlank(Blank(start: time, session: session, reason: "no synchronisation"))
        case .synchronised(let synchronisation):
            if synchronisation.completesSession {
                synchronisations[synchronisation.session] = synchronisation.time
            }
        case .traffic(let interval): lastTime = interval.end
        case .aligned, .running: break
        }
    }

    /// The frames that one end sent.
    func frames(of end: LinkEnd) -> [ScheduledFrame] {
        end == .host ? hostFrames : bridgeFrames
    }

    private mutating func append(_ frame: Frame) {
        if frame.session == 0 { return }
        switch frame.condition {
        case .whole where frame.droppedCharacters == 0, .unfinished: break
        case .whole:
            addBlank(
                Blank(start: frame.start, session: frame.session, reason: "overlong frame"))
            return
        case .headless: return
        case .damaged:
            // What followed in it is unknown, so not even its begin can be sent.
            addBlank(
                Blank(start: frame.start, session: frame.session, reason: Self.damage))
            return
        }
        let scheduled = ScheduledFrame(
            session: frame.session, firstBit: frame.firstBit, start: frame.start,
            end: frame.end, text: frame.text + partialCharacter(of: frame),
            isCutOff: frame.condition == .unfinished)
        if frame.from == .host {
            hostFrames.append(scheduled)
        } else {
            bridgeFrames.append(scheduled)
        }
    }

    /// The bits already sent of a character, made a character by one more bit.
    private func partialCharacter(of frame: Frame) -> [UInt8] {
        guard let partial = frame.partial else { return [] }
        let bits = partial.bits | 1 << UInt8(truncatingIfNeeded: partial.count)
        return [bits]
    }

    private static let damage = "damaged frame"

    /// A session has at most one blank: it reaches from its start to the session's end.
    private mutating func addBlank(_ blank: Blank) {
        if let last = blanks.last, last.session == blank.session {
            if blank.start < last.start { blanks[blanks.count - 1].start = blank.start }
            if last.reason == Self.damage { blanks[blanks.count - 1].reason = blank.reason }
            return
        }
        blanks.append(blank)
    }
}

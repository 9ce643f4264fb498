import LinkProtocol
import Signals

/// Frames on their way to the host: those that wait, and those that the link has.
///
/// One order for all of them, since the reference has one queue too. The link is given no more than
/// it takes, so it refuses nothing.
struct Outbox: Sendable {
    /// What a frame is for.
    enum Purpose: Sendable {
        /// A status or an answer.
        case own
        /// A message of the broker; one with a delivery number is acknowledged when it has left.
        case message(delivery: Int?)

        var isMessage: Bool { if case .message = self { true } else { false } }
    }

    private struct Waiting: Sendable {
        var frame: [UInt8]
        var purpose: Purpose
        var due: Timestamp
    }

    private struct UnderWay: Sendable {
        var tag: Int
        var purpose: Purpose
        var characterCount: Int
    }

    private let limits: FrameQueue.Limits
    private let waitingMax: Int
    private var waiting = WorkList<Waiting>()
    /// At most ``FrameQueue/Limits/frameCountMax``.
    private var underWay: [UnderWay] = []
    private var charactersUnderWay = 0
    /// The messages of the broker that have not left the wire, and their characters.
    private(set) var messageCount = 0
    private(set) var messageCharacterCount = 0

    init(limits: FrameQueue.Limits, waitingMax: Int) {
        self.limits = limits
        self.waitingMax = waitingMax
    }

    /// The longest frame that the link takes at all.
    var frameLengthMax: Int { limits.characterCountMax }

    /// When the first waiting frame may be sent, if the link has room for it.
    var deadline: Timestamp? {
        guard let first = waiting.first, hasRoom(for: first.frame.count) else { return nil }
        return first.due
    }

    private func hasRoom(for count: Int) -> Bool {
        underWay.count < limits.frameCountMax
            && count <= limits.characterCountMax - charactersUnderWay
    }

    /// Adds a frame at the end, to be sent at a moment at the earliest, and not before those in front
    /// of it; false when too many wait or the link
    /// never takes one so long.
    mutating func append(_ frame: [UInt8], _ purpose: Purpose, due: Timestamp) -> Bool {
        guard waiting.count < waitingMax, frame.count <= frameLengthMax
        else { return false }
        if purpose.isMessage {
            messageCount += 1
            messageCharacterCount += frame.count
        }
        waiting.append(Waiting(frame: frame, purpose: purpose, due: due))
        return true
    }

    /// Takes the next frame that can be sent now, and counts it as sent under a tag.
    mutating func popFirst(at now: Timestamp, tag: Int) -> [UInt8]? {
        guard let deadline, deadline <= now, let next = waiting.popFirst() else { return nil }
        underWay.append(
            UnderWay(tag: tag, purpose: next.purpose, characterCount: next.frame.count))
        charactersUnderWay += next.frame.count
        return next.frame
    }

    /// Forgets a frame that has left or was refused, and gives what it was for; nil: no such frame.
    mutating func remove(tag: Int) -> Purpose? {
        guard let index = underWay.firstIndex(where: { $0.tag == tag }) else { return nil }
        let frame = underWay.remove(at: index)
        charactersUnderWay -= frame.characterCount
        if frame.purpose.isMessage {
            messageCount -= 1
            messageCharacterCount -= frame.characterCount
        }
        return frame.purpose
    }

    mutating func removeAll() { self = Outbox(limits: limits, waitingMax: waitingMax) }
}

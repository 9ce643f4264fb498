import LinkProtocol
import Signals

/// What a recording waits for: a state of the wires, or something that the decoder tells.
///
///     let trigger = try Trigger("falling:reset & sckin=1")
///     let other = try Trigger("type:publish & text:alarm")
public struct Trigger: Hashable, Sendable {
    /// The trigger as it was written.
    public let text: String
    let condition: Condition

    /// A trigger from its text; see ``TriggerSyntax`` for what it can say.
    public init(_ text: String) throws(TriggerSyntaxError) {
        self.text = text
        var parser = TriggerParser(text)
        condition = try parser.condition()
    }

    /// Whether it asks for what a line of the conversation says.
    public var readsLines: Bool {
        guard case .event(let conditions) = condition else { return false }
        return conditions.contains { condition in
            switch condition {
            case .text, .pattern: true
            case .type, .status, .watchdog, .error: false
            }
        }
    }

    /// Whether it may fire long after what was its cause: a watchdog is known by the silence before
    /// it, and is an error too.
    public var mayFollowSilence: Bool {
        guard case .event(let conditions) = condition else { return false }
        return conditions.contains { condition in
            switch condition {
            case .watchdog, .error: true
            case .type(let name): name == "watchdog"
            case .text, .pattern, .status: false
            }
        }
    }

    enum Condition: Hashable, Sendable {
        case wires(WireCondition)
        /// All hold for one event.
        case event([EventCondition])
        /// A publication was not acknowledged within so long.
        case latency(Nanoseconds)
    }
}

/// A condition on an event that the decoder tells.
enum EventCondition: Hashable, Sendable {
    /// The words of its line hold a text.
    case text([UInt8])
    /// Its line, columns and all, holds an expression.
    case pattern(LineExpression)
    /// It has a type.
    case type(String)
    /// The bridge reports a status.
    case status(Status)
    case watchdog
    /// Something is wrong; see ``LinkEvent/isError``.
    case error
}

/// A condition on wires: at most one edge, and levels that hold behind it.
struct WireCondition: Hashable, Sendable {
    /// The channel of the edge; nil if levels alone decide.
    var channel: Channel?
    /// The level after the edge; nil for any.
    var level: Level?
    /// One bit for each wire whose level matters.
    var mask: UInt32 = 0
    /// Their levels.
    var levels: UInt32 = 0

    /// Whether the levels are as they shall be.
    @inline(__always)
    func holds(_ present: LevelSet) -> Bool { present.bits & mask == levels }

    /// Whether an edge, after which the levels are these, fulfils it.
    @inline(__always)
    func isFulfilled(by edge: Edge, _ present: LevelSet) -> Bool {
        guard edge.channel == channel, holds(present) else { return false }
        return level == nil || level == edge.level
    }
}

extension LinkEvent {
    /// Something is wrong with the link: a gap, a frame that is no message or has lost some of its
    /// characters, a fatal status, a watchdog, a bridge whose wires fall, or one that does not
    /// synchronise.
    ///
    /// What a capture that begins in the middle of a link has not seen is no error, nor what a reset
    /// cuts off.
    public var isError: Bool {
        switch self {
        case .gap, .watchdog, .notSynchronised: true
        case .stopped(let stop): stop.end == .bridge
        case .message(let message): message.isError
        case .reset, .synchronised, .running, .joined, .aligned, .traffic: false
        }
    }
}

extension DecodedMessage {
    fileprivate var isError: Bool {
        switch content {
        case .malformed: return true
        case .fragment: return frame.condition == .damaged || frame.droppedCharacters > 0
        case .bridge(let message):
            guard let status = message.status else { return false }
            return isBeforeRunning ? status.isFatalBeforeRunning : status.isFatal
        case .host, .object: return false
        }
    }
}

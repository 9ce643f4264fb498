import Signals

/// One line of the log: what was done with an edge, or beside it.
struct FaultRecord: Hashable, Sendable {
    /// What happened. The names stand in logs.
    enum Kind: String, Hashable, Sendable {
        /// The line moved to the level that the source had before its first edge.
        case initial
        /// The line moved, and the kernel raised an event for whoever listens.
        case passed
        /// Lost: the line did not move. It is now at the other level than it should be.
        case held
        /// Lost: the line moved, without an event.
        case silent
        /// Not lost itself, and yet unseen: the line was there already, because an edge was held.
        case swallowed
        /// A movement of the line that no edge asked for.
        case glitch
        /// The source woke us and stands where it stood: it moved at least twice, unseen by us.
        case merged

        /// Whether this is what happens all the time.
        var isUsual: Bool { self == .initial || self == .passed }

        /// Whether an observer of the line cannot see an edge that the source has.
        var isUnseen: Bool {
            switch self {
            case .held, .silent, .swallowed, .merged: true
            case .initial, .passed, .glitch: false
            }
        }
    }

    var kind: Kind
    /// CLOCK_MONOTONIC, as the kernel's edge events have it.
    var timeNanoseconds: Int64
    /// The edge's number, from 1 on, over all wires; of what is no edge, that of the edge before it.
    var edge: Int
    /// The line that was or was not moved, as LABEL:LINE.
    var line: String
    /// The level that the edge goes to.
    var level: Level
    /// The edge's time in the capture that is played.
    var captureTime: Timestamp?

    /// The record as an object of JSON, without a line feed.
    var json: String {
        var text = #"{"what":"\#(kind.rawValue)","time_ns":\#(timeNanoseconds),"edge":\#(edge)"#
        text += #","line":\#(Self.quoted(line)),"level":\#(level.rawValue)"#
        if let captureTime { text += #","capture_ns":\#(captureTime.nanoseconds)"# }
        return text + "}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Why an application's log cannot be read, and where.
public struct ApplicationLogFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with a line.
    public enum Reason: Equatable, Sendable {
        /// It is no JSON, or no object.
        case malformed(String)
        /// The log ends inside an object or an array that began here.
        case truncated
        /// An object is longer than ``ApplicationLog/objectBytesMax``.
        case tooLong
        /// There are more than ``ApplicationLog/entriesMax`` entries.
        case tooMany
        /// Neither `t` nor `time_ns`.
        case noTime
        /// A member that should be a time and is none, as it is spelled.
        case timeIsNoNumber(member: String, spelling: String)
        /// A time further than 73 years from 0, as it is spelled.
        case timeOutOfRange(member: String, spelling: String)
    }

    /// The line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var reason: Reason

    /// The line and what is wrong with it.
    public init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }

    /// A sentence without its end.
    public var description: String { "line \(line): " + text }

    private var text: String {
        switch reason {
        case .malformed(let what):
            "\(what); a log has one JSON object a line, or is one array of objects"
        case .truncated:
            "the log ends before what begins here is complete; complete it, or delete it"
        case .tooLong: "an object has more than \(ApplicationLog.objectBytesMax) bytes"
        case .tooMany:
            "the log has more than \(ApplicationLog.entriesMax) entries; take the part that belongs "
                + "to the capture"
        case .noTime: "the entry has no time: a member t in seconds, or time_ns in nanoseconds"
        case .timeIsNoNumber(let member, let spelling):
            "\(member) is no number: \(Self.short(spelling))"
        case .timeOutOfRange(let member, let spelling):
            "\(member) is out of range, 73 years to either side: \(Self.short(spelling))"
        }
    }

    private static func short(_ spelling: String) -> String {
        let shown = spelling.unicodeScalars.prefix(40).map { scalar in
            scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? "?" : scalar
        }
        let isLonger = spelling.unicodeScalars.count > shown.count
        return String(String.UnicodeScalarView(shown)) + (isLonger ? "…" : "")
    }
}

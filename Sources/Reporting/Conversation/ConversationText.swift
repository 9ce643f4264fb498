import Decoding
import LinkProtocol
import Measurements
import Signals

/// Link events as aligned lines for a terminal.
enum ConversationText {
    static let header = "       start s  dir      ms  message"

    /// A line, its columns apart from what it says.
    struct Line {
        /// The moment, the direction and the span.
        var columns: String
        /// The event in words.
        var words: String

        var text: String { columns + words }
    }

    static func lines(for event: LinkEvent, shown: (Frame) -> [UInt8]) -> [Line] {
        switch event {
        case .message(let message):
            let frame = message.frame
            return [
                line(
                    frame.start, frame.from == .host ? "H>B" : "B>H", frame.end - frame.start,
                    MessageText.describe(message, text: shown(frame)))
            ]
        case .reset(let reset):
            let pulse = reset.startIsSeen ? reset.end.map { $0 - reset.start } : nil
            return [
                line(
                    reset.start, "---", pulse,
                    "RESET (\(cause(reset.cause))), session \(reset.session)")
            ]
        case .synchronised(let synchronisation):
            guard synchronisation.completesSession else { return [] }
            return [line(synchronisation.time, "<->", nil, "SYNC")]
        case .running(let running):
            guard let last = running.lastService else { return [] }
            let outage = TimeText.span((running.time - last).count)
            return [line(running.time, "---", nil, "RUNNING again, \(outage) without service")]
        case .watchdog(let watchdog):
            let silence = TimeText.span(watchdog.silence.count)
            return [
                line(
                    watchdog.start, "---", watchdog.silence,
                    "WATCHDOG: last bridge edge, then \(silence) of silence")
            ]
        case .stopped(let stop):
            return [line(stop.time, "---", nil, "\(stop.end.name) stops: its wires fall")]
        case .joined(let time):
            return [line(time, "---", nil, "the capture begins on a running link")]
        case .notSynchronised(let time, _):
            return [
                line(
                    time, "---", nil,
                    "NO SYNC: bits flow, and the pattern does not come (a bridge without reset?)")
            ]
        case .aligned(let time, _):
            return [line(time, "---", nil, "characters aligned")]
        case .gap(let gap, _):
            let place = gap.channel.map { " on \($0.wireName)" } ?? ""
            return [
                line(
                    gap.start, "---", gap.end - gap.start,
                    "GAP: edges are missing\(place) (\(gap.reason.name))")
            ]
        case .traffic: return []
        }
    }

    /// An event of the journal, with what it tells as it may be shown.
    static func lines(for event: JournalEvent, as shown: JSONNode) -> [Line] {
        var length: Nanoseconds?
        switch event.content {
        case .damaged: return []
        case .fault(_, let span) where span > .zero: length = span
        default: break
        }
        return [
            line(
                event.time, JournalEventText.direction(of: event), length,
                JournalEventText.describe(event, as: shown))
        ]
    }

    static func cause(_ cause: ResetCause) -> String {
        switch cause {
        case .start: "start"
        case .watchdog: "watchdog"
        case .fatalStatus(let status): "after status \(status.name)"
        case .noSynchronisation: "the bridge did not synchronise"
        case .hostRestart: "host restarted"
        }
    }

    private static func line(
        _ time: Timestamp, _ direction: String, _ duration: Nanoseconds?, _ words: String
    ) -> Line {
        let start = right(TimeText.seconds(time.nanoseconds), 14)
        let span = right(duration.map { TimeText.milliseconds($0.count) } ?? "", 8)
        return Line(columns: "\(start)  \(direction)\(span)  ", words: words)
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }
}

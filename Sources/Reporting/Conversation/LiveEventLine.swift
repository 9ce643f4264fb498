public import Decoding
public import Signals

/// A line of a running end's log: the time, whose doing it is, and what happened, in the words in
/// which `decode` shows the journal of a capture.
public enum LiveEventLine {
    /// The line; secrets are masked as in a capture's journal.
    public static func text(of event: JournalEvent) -> String {
        line(
            JournalEventText.direction(of: event),
            JournalEventText.describe(event, as: event.object), at: event.time)
    }

    /// A line with words that are no event of a journal.
    public static func text(_ words: String, at time: Timestamp) -> String {
        line("---", ReadableBytes.escaped(words.utf8), at: time)
    }

    private static func line(_ direction: String, _ text: String, at time: Timestamp) -> String {
        let moment = TimeText.seconds(time.nanoseconds, digits: 3)
        let padding = String(repeating: " ", count: max(0, timeWidth - moment.count))
        return padding + moment + "  " + direction + "  " + text
    }

    private static var timeWidth: Int { 10 }
}

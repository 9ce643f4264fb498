public import Decoding
import Signals

/// A line of a running end's log: the time, whose doing it is, and what happened, in the words in
/// which `decode` shows the journal of a capture.
public enum LiveEventLine {
    /// The line; secrets are masked as in a capture's journal.
    public static func text(of event: JournalEvent) -> String {
        let time = TimeText.seconds(event.time.nanoseconds, digits: 3)
        let padding = String(repeating: " ", count: max(0, timeWidth - time.count))
        return padding + time + "  " + JournalEventText.direction(of: event) + "  "
            + JournalEventText.describe(event, as: event.object)
    }

    private static var timeWidth: Int { 10 }
}

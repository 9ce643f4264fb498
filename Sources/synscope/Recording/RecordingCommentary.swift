import CaptureStore
import Decoding
import LinkProtocol
import Reporting
import Signals

/// What is told while a recording goes on, whatever becomes of its edges: the line that says how it is
/// doing, the conversation, and what may be wrong with the wires.
struct RecordingCommentary {
    private(set) var summary: ImportSummary
    private var line: RecordingStatusLine
    private var printer: ConversationPrinter?
    /// Nil for a source that has no wires.
    private var wiring: WiringNotes?
    private var fileNumber = 1

    /// - Parameter printsConversation: every event goes to standard output.
    init(
        of source: some RecordingSource, vocabulary: Vocabulary, logInterval: Nanoseconds?,
        printsConversation: Bool
    ) {
        summary = ImportSummary(vocabulary: vocabulary)
        line = RecordingStatusLine(logInterval: logInterval)
        printer = printsConversation ? ConversationPrinter() : nil
        wiring =
            source.isDemonstration
            ? nil : WiringNotes(start: source.start, levels: source.channels.levels)
    }

    /// Takes edges in the order in which they are decoded.
    mutating func take(_ batch: EdgeBatch) {
        summary.take(batch)
        wiring?.take(batch)
    }

    /// Takes an event.
    mutating func take(_ event: LinkEvent) {
        summary.take(event)
        line.take(event)
        printer?.take(event)
    }

    /// Shows what there is to show, if it is time.
    mutating func update(_ progress: RecordingStatusLine.Progress, at time: Timestamp) {
        if let printer, printer.hasLines {
            line.end()
            self.printer?.flush()
        }
        for note in wiring?.takeNotes(at: time) ?? [] { tell(note) }
        line.update(progress, summary: summary, time: time)
    }

    /// Tells of a new file.
    mutating func follow(_ status: RecorderStatus) {
        guard status.progress.fileNumber != fileNumber else { return }
        fileNumber = status.progress.fileNumber
        tell("going on in \(status.progress.path)")
    }

    /// Tells of something on a line of its own.
    mutating func tell(_ text: String) {
        line.end()
        Console.note(text)
    }

    /// Nothing more comes.
    mutating func end(at time: Timestamp) {
        line.end()
        printer?.finish()
        for note in wiring?.takeLastNotes(at: time) ?? [] { Console.note(note) }
    }
}

import CaptureStore
import Decoding
import Glibc
import Reporting
import Signals

/// How a recording is doing, in a line on the terminal or in lines for a log.
struct RecordingStatusLine {
    private let isOnTerminal: Bool
    private let interval: Duration
    private var nextUpdate: ContinuousClock.Instant
    private var lastUpdate: ContinuousClock.Instant
    private var lastEdges: Int64 = 0
    private var bitsPerSecond: Int64?
    private var isShown = false

    /// What a line says of the recording itself.
    struct Progress {
        /// What it begins with: the file that is written, or what it waits for.
        var subject: String
        /// The same where there is little room.
        var shortSubject: String
        /// Edges so far.
        var edges: Int64
        /// What was lost, if anything was.
        var loss: String?
        /// What it ends with.
        var remarks: [String] = []

        /// - Parameter shortSubject: nil for the subject itself.
        init(subject: String, shortSubject: String? = nil, edges: Int64) {
            self.subject = subject
            self.shortSubject = shortSubject ?? subject
            self.edges = edges
        }
    }

    /// - Parameter logInterval: nil for a line that is rewritten where standard error is a terminal,
    ///   and none elsewhere.
    init(logInterval: Nanoseconds?) {
        isOnTerminal = logInterval == nil && Console.errorIsTerminal
        interval =
            logInterval.map { .nanoseconds($0.count) }
            ?? (isOnTerminal ? .milliseconds(500) : .seconds(1_000_000_000))
        lastUpdate = .now
        nextUpdate = lastUpdate + (isOnTerminal ? .zero : interval)
    }

    /// Takes what it says about the link.
    mutating func take(_ event: LinkEvent) {
        guard case .traffic(let interval) = event else { return }
        let span = (interval.end - interval.start).count
        guard span > 0 else { return }
        bitsPerSecond = Int64((Double(interval.hostBits) * 1e9 / Double(span)).rounded())
    }

    /// Shows the line if it is time.
    mutating func update(_ progress: Progress, summary: ImportSummary, time: Timestamp) {
        let now = ContinuousClock.now
        guard now >= nextUpdate else { return }
        let seconds = Double((now - lastUpdate) / .nanoseconds(1)) * 1e-9
        let edges = progress.edges - lastEdges
        let rate = seconds > 0 ? Int64((Double(edges) / seconds).rounded()) : 0
        (lastUpdate, lastEdges, nextUpdate) = (now, progress.edges, now + interval)
        let fields = Fields(
            time: TimeText.seconds(time.nanoseconds, digits: 1) + " s",
            edges: CountText.grouped(rate) + " edges/s",
            bits: bitsPerSecond.map { CountText.grouped($0) + " bit/s" },
            frames: CountText.counted(summary.frames, "frame"),
            session: "session \(CountText.grouped(summary.resets))",
            gaps: CountText.counted(summary.gaps, "gap"))
        // A terminal can be stopped, and must not hold up the recording.
        guard Console.errorIsReady else { return }
        if isOnTerminal {
            isShown = true
            let line = TextWidth.fitting(fields.byImportance(progress), in: Self.width)
            Self.write("\r\(line)\u{1b}[K")
        } else {
            Console.note(fields.inOrder(progress).joined(separator: "  "))
        }
    }

    /// Takes the line away.
    mutating func end() {
        if isShown { Self.write("\r\u{1b}[K") }
        isShown = false
    }

    /// What there is on disk of a recording that is complete, in a sentence.
    static func saved(_ status: RecorderStatus) -> String {
        let progress = status.progress
        let files = progress.fileNumber > 1 ? "the series up to " : ""
        let end = progress.committedEnd.map {
            ", up to \(TimeText.seconds($0.nanoseconds, digits: 6)) s"
        }
        return "Saved: \(CountText.counted(progress.committedEdges, "edge")) in "
            + "\(files)\(progress.path)\(end ?? "")"
    }

    /// What a line says of the link.
    private struct Fields {
        var time: String
        var edges: String
        var bits: String?
        var frames: String
        var session: String
        var gaps: String

        /// For a log, which has room.
        func inOrder(_ progress: Progress) -> [String] {
            ([progress.subject, time, edges, bits, frames, session, gaps, progress.loss]
                as [String?]).compactMap { $0 } + progress.remarks
        }

        /// For a terminal, where the last ones may find no room.
        func byImportance(_ progress: Progress) -> [String] {
            ([progress.shortSubject, time, session, gaps, progress.loss, edges, bits, frames]
                as [String?]).compactMap { $0 } + progress.remarks
        }
    }

    /// The columns of the terminal: a line that is broken cannot be rewritten.
    private static var width: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) - 1 : 79
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}

extension RecordingStatusLine.Progress {
    /// What a recorder says.
    init(_ status: RecorderStatus) {
        let path = status.progress.path
        self.init(
            subject: path, shortSubject: path.lastPathComponent, edges: status.acceptedEdges)
        if status.lostEdges > 0 {
            loss = CountText.counted(status.lostEdges, "edge") + " LOST"
        }
        remarks.append(SizeArgument.text(status.progress.fileBytes))
        if status.progress.isOverdue {
            remarks.append("limit reached, waiting for the link's next session")
        }
    }
}

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
        /// Edges so far.
        var edges: Int64
        /// What it ends with.
        var remarks: [String] = []
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
        show(text(progress, summary: summary, time: time, edgesPerSecond: rate))
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

    private func text(
        _ progress: Progress, summary: ImportSummary, time: Timestamp, edgesPerSecond: Int64
    ) -> String {
        var parts = [
            progress.subject, TimeText.seconds(time.nanoseconds, digits: 1) + " s",
            CountText.grouped(edgesPerSecond) + " edges/s",
        ]
        if let bitsPerSecond { parts.append(CountText.grouped(bitsPerSecond) + " bit/s") }
        parts += [
            CountText.counted(summary.frames, "frame"),
            "session \(CountText.grouped(summary.resets))",
            CountText.counted(summary.gaps, "gap"),
        ]
        return (parts + progress.remarks).joined(separator: "  ")
    }

    private mutating func show(_ text: String) {
        guard Console.errorIsReady else { return }
        guard isOnTerminal else { return Console.note(text) }
        isShown = true
        Self.write("\r\(text.prefix(Self.width))\u{1b}[K")
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
        self.init(subject: status.progress.path, edges: status.acceptedEdges)
        if status.lostEdges > 0 {
            remarks.append(CountText.counted(status.lostEdges, "edge") + " LOST")
        }
        remarks.append(SizeArgument.text(status.progress.fileBytes))
        if status.progress.isOverdue {
            remarks.append("limit reached, waiting for the link's next session")
        }
    }
}

import CaptureStore
import Decoding
import LinkProtocol
import Reporting
import Signals

/// Records what lies around triggers, until there were enough of them, the source ends, somebody ends
/// it, or a limit is reached.
///
/// What fires is decided in the order of time up to the last edge that is decoded, so that it is the
/// same whatever pieces a source hands its edges out in.
struct TriggeredPass<Source: RecordingSource> {
    private let triggers: [Trigger]
    private let limits: RecordingLimits
    private let start: Timestamp
    private let subject: String
    private let after: Nanoseconds
    private let content: FrameSightings
    private var reading: LinkReading<Source>
    private var recording: TriggeredRecording
    private var watch: TriggerWatch
    private var conversation = LiveConversation()
    private(set) var commentary: RecordingCommentary
    private(set) var files: Int = 0
    /// What ended the source before its time.
    private(set) var failure: Source.Failure?
    private var lastFile: TriggeredFile?
    /// What the source said last.
    private var stored = EdgeBatch()
    private var notesTaken = 0
    private var lastEdges = ContinuousClock.now

    /// So much longer than a file shall last after its trigger it is waited for a link that has
    /// fallen silent, by the clock.
    private static var grace: Duration { .seconds(2) }

    init(
        _ source: Source, triggers: [Trigger], plan: TriggerPlan, limits: RecordingLimits,
        configuration: WireDecoder.Configuration, commentary: RecordingCommentary
    ) throws(CaptureError) {
        try plan.checkPlace()
        self.triggers = triggers
        self.limits = limits
        self.commentary = commentary
        start = source.start
        subject = "waiting for " + triggers.map(\.text).joined(separator: " or ")
        after = plan.after
        let content = FrameSightings(span: plan.before + plan.delayMax)
        self.content = content
        reading = LinkReading(
            source, until: limits.end(from: source.start), configuration: configuration)
        watch = TriggerWatch(triggers, start: source.start, levels: source.channels.levels)
        recording = TriggeredRecording(plan) { content.facts(from: $0, through: $1) }
    }

    /// The source as it is now.
    var input: Source { reading.input }
    /// How long was watched.
    var duration: Nanoseconds { end - start }
    /// A file holds passwords, as far as anybody saw.
    var holdsSecret: Bool { content.holdsSecret }

    /// What there is on disk, in a sentence.
    var saved: String {
        guard let lastFile else { return "Nothing had fired: nothing is saved" }
        return "Saved: \(CountText.counted(files, "file")); the last is \(lastFile.path), with "
            + "\(CountText.counted(lastFile.edgeCount, "edge")) up to "
            + "\(TimeText.seconds(lastFile.end.nanoseconds, digits: 6)) s"
    }

    private var end: Timestamp {
        reading.isCut ? limits.end(from: start) ?? input.end : input.end
    }

    /// Watches and records, and completes the last file, whatever ends the source.
    mutating func run() throws {
        defer { commentary.end(at: end) }
        do {
            while !isEnough, try reading.read() { try take() }
        } catch let error as Source.Failure {
            failure = error
        }
        if !recording.isDone { try takeRest() }
    }

    private var isEnough: Bool {
        if Interrupt.isRequested || recording.isDone { return true }
        guard let bytesMax = limits.bytesMax else { return false }
        let open = recording.status?.progress.allBytes ?? 0
        return recording.completeBytes + open >= bytesMax
    }

    private mutating func takeRest() throws {
        while reading.readRest() { try take() }
        reading.finish(at: end)
        takeEvents()
        watch.advance(to: end)
        try fire()
        try recording.finish(at: end)
        tellFiles()
    }

    private mutating func take() throws {
        commentary.take(reading.batch)
        if !reading.batch.edges.isEmpty { lastEdges = .now }
        // The batch that was read last is not decoded yet, or it is the one that was decoded.
        if !reading.isBehind { keep() }
        watch.take(reading.batch)
        takeEvents()
        let now = reading.decodedTime
        watch.advance(to: now)
        try fire()
        try recording.advance(to: now)
        if let file = recording.openFile, isSilent(since: file) { try recording.completeFile() }
        tellFiles()
        commentary.update(progress, at: input.end)
    }

    private mutating func keep() {
        content.resolution = input.resolution
        let notes = input.notes
        let new = Array(notes[notesTaken...])
        notesTaken = notes.count
        reading.takeStored(&stored)
        recording.append(stored, records: new)
    }

    private mutating func takeEvents() {
        for event in reading.takeEvents() {
            commentary.take(event)
            content.take(event, isLegible: commentary.summary.legibility.problem == nil)
            conversation.learn(from: event)
            let conversation = conversation
            watch.take(event) { conversation.line(for: event) }
        }
    }

    private mutating func fire() throws {
        for firing in watch.takeFirings() {
            let trigger = triggers[firing.trigger].text
            guard try recording.fire(trigger, at: firing.time) else { continue }
            tellFiles()
            let time = TimeText.seconds(firing.time.nanoseconds, digits: 6)
            commentary.tell(
                "trigger \(trigger) at \(time) s: \(recording.openFile?.path ?? "recording")")
        }
    }

    /// Nothing has come for as long as the file is to last behind its trigger, and somewhat longer.
    private func isSilent(since file: TriggeredFile) -> Bool {
        reading.batch.edges.isEmpty
            && .now - lastEdges >= .nanoseconds(after.count) + Self.grace
    }

    // MARK: What is told

    private mutating func tellFiles() {
        for file in recording.takeFiles() {
            files += 1
            lastFile = file
            var parts = [
                CountText.counted(file.edgeCount, "edge"),
                "\(TimeText.seconds((file.end - file.start).count, digits: 2)) s",
            ]
            if file.furtherTriggers > 0 {
                parts.append(CountText.counted(file.furtherTriggers, "further trigger"))
            }
            if file.lostEdges > 0 {
                parts.append(CountText.counted(file.lostEdges, "edge") + " LOST")
            }
            if let shortened = file.shortened {
                let span = TimeText.seconds((file.time - file.start).count, digits: 2)
                parts.append(
                    "only \(span) s before the trigger: "
                        + (shortened == .recordingBegan
                            ? "the recording began then" : "more edges came than are kept"))
            }
            commentary.tell("\(file.path): \(parts.joined(separator: ", "))")
        }
    }

    private var progress: RecordingStatusLine.Progress {
        if let status = recording.status { return .init(status) }
        var progress = RecordingStatusLine.Progress(
            subject: subject, edges: recording.history.edgeCount)
        if files > 0 { progress.remarks.append(CountText.counted(files, "file")) }
        return progress
    }
}

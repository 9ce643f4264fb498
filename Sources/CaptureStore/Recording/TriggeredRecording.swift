// From a trigger to a file: what was before it, what comes behind it, and time 0 at the trigger.
// What a trigger is, is somebody else's business.

public import Signals

/// Keeps what has just been, and records what lies around the moments that it is told.
///
///     recording.append(batch)
///     try recording.fire("falling:reset", at: time)    // in the order of time
///     try recording.advance(to: now)                   // all triggers up to now are told
///
/// A trigger that fires while a file is recorded begins no file: it is counted, and the first
/// ``markersMax`` of them become markers in the file.
public struct TriggeredRecording {
    /// The files that are complete, oldest first, since ``takeFiles()``.
    private var files: [TriggeredFile] = []
    /// How many files there are, the present one included.
    public private(set) var fileCount = 0
    /// The size of all complete files together, in bytes.
    public private(set) var completeBytes: Int64 = 0
    /// What has just been.
    public private(set) var history: EdgeHistory
    /// What its source has said beside the edges that are kept.
    private var notes: [JournalRecord] = []

    private let plan: TriggerPlan
    private let name: SeriesName
    private let facts: (_ start: Timestamp, _ end: Timestamp) -> RecordingFacts
    private var number = 0
    fileprivate var window: Window?
    /// Up to here triggers belong to files that are complete.
    private var coveredUntil = Timestamp.earliest
    private var batch = EdgeBatch()

    /// A file that is being recorded.
    fileprivate struct Window {
        var file: TriggeredFile
        let recorder: Recorder
        /// How much later time 0 of the file is than that of the source.
        let shift: Nanoseconds
        var place: EdgeHistory.Place
        /// Edges of the source before the file, and those of the file so far.
        let edgesBefore: Int64
        var edgeCount: Int64 = 0
        /// The records that lie at or behind the edges handed over so far.
        var records: [JournalRecord]
    }

    /// The most triggers in one file that become markers.
    public static let markersMax = 1_000

    /// A recording that waits.
    ///
    /// - Parameter facts: what is known of the content of a stretch of time of the source.
    public init(
        _ plan: TriggerPlan,
        facts: @escaping (_ start: Timestamp, _ end: Timestamp) -> RecordingFacts
    ) {
        self.plan = plan
        self.facts = facts
        name = plan.name
        history = EdgeHistory(
            span: plan.before + plan.delayMax, edgesMax: plan.keptEdgesMax,
            start: plan.files.start, levels: plan.files.channels.initialLevels)
    }

    /// The file that is being recorded; nil while it waits.
    public var openFile: TriggeredFile? { window?.file }

    /// How the present file is doing; nil while it waits.
    public var status: RecorderStatus? { window?.recorder.status }

    /// The last file that may be made is complete.
    public var isDone: Bool { window == nil && plan.filesMax.map { fileCount >= $0 } ?? false }

    /// The files that were completed since the last call.
    public mutating func takeFiles() -> [TriggeredFile] {
        defer { files.removeAll(keepingCapacity: true) }
        return files
    }

    // MARK: - What comes

    /// Takes the next run of edges, with what was said beside them.
    public mutating func append(_ batch: EdgeBatch, records: [JournalRecord] = []) {
        history.append(batch)
        notes += records
        window?.records += records
    }

    /// A trigger has fired; those before it were told before, as far as they were known.
    ///
    /// - Returns: whether it begins a file.
    @discardableResult
    public mutating func fire(
        _ trigger: String, at time: Timestamp
    ) throws(RecordingError) -> Bool {
        try advance(to: time)
        if let file = window?.file, time <= file.end {
            count(trigger, at: time)
            return false
        }
        guard window == nil, time > coveredUntil, !isDone else { return false }
        try begin(trigger, at: time)
        return true
    }

    /// Everything up to `now` is known: its edges, and the triggers in it.
    public mutating func advance(to now: Timestamp) throws(RecordingError) {
        if let end = window?.file.end {
            try feed(through: min(now, end))
            if now > end { try complete(at: end) }
        }
        history.forget(at: now, keeping: window?.place)
        if let first = notes.first, first.edgesBefore < history.forgottenEdges {
            notes.removeAll { $0.edgesBefore < history.forgottenEdges }
        }
    }

    /// The source has ended.
    public mutating func finish(at end: Timestamp) throws(RecordingError) {
        try advance(to: end)
        guard let last = window?.file.end else { return }
        try feed(through: last)
        try complete(at: min(last, end))
    }

    /// The present file ends here, as nothing more will come: the link stands still.
    public mutating func completeFile() throws(RecordingError) {
        guard let end = window?.file.end else { return }
        try feed(through: end)
        try complete(at: end)
    }

    // MARK: - Files

    private mutating func begin(
        _ trigger: String, at time: Timestamp
    ) throws(RecordingError) {
        repeat {
            number += 1
        } while plan.filesMax != 1 && !plan.files.replacing
            && name.isTaken(number)
        let wanted = time - plan.before
        let start = max(wanted, history.start)
        let (place, levels, edgesBefore) = history.place(at: start)
        var file = TriggeredFile(
            path: name.path(number), number: number, trigger: trigger, time: time, start: start,
            end: max(start, time + plan.after))
        if start > wanted {
            file.shortened = history.forgottenEdges > 0 ? .tooManyEdges : .recordingBegan
        }
        let shift = Timestamp.zero - time
        var files = plan.files
        files.path = file.path
        files.rotation = nil
        files.start = start + shift
        files.metadata = metadata(of: file, shift: shift)
        files.channels = files.channels.map { channel in
            var channel = channel
            channel.initialLevel = levels[channel.channel]
            return channel
        }
        let recorder: Recorder
        do throws(CaptureError) {
            recorder = try Recorder(files)
        } catch {
            throw RecordingError(
                cause: error,
                saved: SavedRecording(
                    path: nil, edgeCount: 0, end: nil, completeFiles: fileCount,
                    firstFile: name.path(1)))
        }
        fileCount += 1
        window = Window(
            file: file, recorder: recorder, shift: shift, place: place, edgesBefore: edgesBefore,
            records: notes.filter { $0.edgesBefore > edgesBefore })
        mark(trigger, at: time)
    }

    private func metadata(of file: TriggeredFile, shift: Nanoseconds) -> CaptureMetadata {
        var metadata = plan.files.metadata
        metadata.observationStart = file.start + shift
        metadata.extra += [
            .init(key: "trigger", value: file.trigger),
            .init(key: "trigger_ns", value: String(file.time.nanoseconds)),
            .init(key: "trigger_number", value: String(fileCount + 1)),
        ]
        if file.shortened == .tooManyEdges {
            metadata.extra.append(
                .init(
                    key: "trigger_shortened",
                    value: "only the last \(plan.keptEdgesMax) edges before it were kept"))
        }
        return metadata
    }

    private mutating func count(_ trigger: String, at time: Timestamp) {
        guard let further = window?.file.furtherTriggers else { return }
        window?.file.furtherTriggers += 1
        if further < Self.markersMax { mark(trigger, at: time) }
    }

    /// A marker in the present file, before the first edge behind a moment.
    private mutating func mark(_ trigger: String, at time: Timestamp) {
        let place = history.edgesBefore(after: time)
        window?.records.append(
            JournalRecord(
                time: time, edgesBefore: place, kind: .marker,
                payload: Array("trigger \(trigger)".utf8)))
    }

    private mutating func feed(through end: Timestamp) throws(RecordingError) {
        guard var window else { return }
        self.window = nil
        defer { self.window = window }
        while history.read(from: &window.place, through: end, into: &batch) {
            try window.hand(&batch)
        }
    }

    private mutating func complete(at end: Timestamp) throws(RecordingError) {
        guard var window else { return }
        self.window = nil
        var rest = EdgeBatch(levels: batch.levels)
        try window.hand(&rest, facts: facts(window.file.start, end), isLast: true)
        try window.recorder.finish(at: end + window.shift)
        let status = window.recorder.status
        window.file.end = end
        window.file.edgeCount = status.acceptedEdges
        window.file.lostEdges = status.lostEdges
        completeBytes += status.progress.allBytes
        coveredUntil = max(coveredUntil, end)
        files.append(window.file)
    }
}

extension TriggeredRecording.Window {
    /// Hands edges to the recorder, by the times of the file, with the records among them.
    fileprivate mutating func hand(
        _ batch: inout EdgeBatch, facts: RecordingFacts = RecordingFacts(), isLast: Bool = false
    ) throws(RecordingError) {
        if var gap = batch.gap {
            gap.start = max(gap.start, file.start) + shift
            gap.end = max(gap.end, file.start) + shift
            batch.gap = gap
        }
        for index in batch.edges.indices {
            batch.edges[index].time = batch.edges[index].time + shift
        }
        edgeCount += Int64(batch.edges.count)
        var ready: [JournalRecord] = []
        if !records.isEmpty {
            let behind = edgesBefore + edgeCount
            // The notes of a source and the marks of triggers are two lists.
            records.sort { ($0.edgesBefore, $0.time) < ($1.edgesBefore, $1.time) }
            let count =
                isLast
                ? records.firstIndex { $0.edgesBefore > behind } ?? records.endIndex
                : records.firstIndex { $0.edgesBefore >= behind } ?? records.endIndex
            ready = records[..<count].map { record in
                var record = record
                record.time = record.time + shift
                record.edgesBefore = max(0, record.edgesBefore - edgesBefore)
                return record
            }
            records.removeFirst(count)
        }
        try recorder.append(&batch, records: ready, facts: facts)
    }
}

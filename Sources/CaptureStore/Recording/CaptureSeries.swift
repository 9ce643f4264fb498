// A recording's edges into one live capture after the other. Everything here happens on the writer's
// thread, in the order in which it was handed in.

internal import Signals

/// Writes a recording as a live capture, or as a series of them, each complete in itself.
///
/// All files keep the times of the recording: from the second on each says when it begins.
final class CaptureSeries {
    private let name: SeriesName
    private let channels: [CaptureChannel]
    private let metadata: CaptureMetadata
    private let rotation: RotationLimits?
    private let replacing: Bool
    private let clock: (() -> UInt64)?

    private var writer: CaptureWriter
    /// The number of the present file, from 1.
    private var number = 1
    private var completeFiles = 0
    private var completeBytes: Int64 = 0
    private var completeEdges: Int64 = 0
    /// When the present file begins.
    private var fileStart: Timestamp
    /// The present file is complete, and the next one could not be begun yet.
    private var isComplete = false
    /// The latest moment handed in.
    private var now: Timestamp
    /// Edges handed in so far, those that were lost on the way included.
    private var edgesSeen: Int64 = 0
    private var facts = RecordingFacts()

    /// Creates the first file.
    init(_ plan: RecordingPlan, clock: (() -> UInt64)?) throws(CaptureError) {
        name = SeriesName(plan.path, isNumbered: plan.rotation != nil)
        channels = plan.channels
        metadata = plan.metadata
        rotation = plan.rotation
        replacing = plan.replacing
        self.clock = clock
        fileStart = plan.start
        now = plan.start
        if !plan.replacing { try name.checkUnused() }
        writer = try CaptureWriter(
            creating: name.path(1), metadata: metadata, channels: channels, mode: .live,
            replacing: plan.replacing, clock: clock)
    }

    /// Stores an item, which may be changed on the way.
    func append(_ item: inout RecorderItem) throws(CaptureError) {
        edgesSeen += item.lostBefore + Int64(item.batch.edges.count)
        if need(at: now) == .anywhere, item.batch.gap == nil, let first = item.batch.edges.first {
            // What was being said is in two files, and none of them can be judged.
            facts.forgetAbsence()
            try beginFile(with: EdgeBatch(levels: writer.levels), at: first.time)
        }
        facts.learn(item.facts)
        if case .session(let start) = item.cut, need(at: max(now, start)) >= .session {
            try append(&item.batch, cutAt: start)
            // Nobody knows in which of the two files it was.
            facts.learn(item.facts)
        } else {
            try append(item.batch)
        }
        for record in item.records { try append(record) }
        try writer.commitIfDue()
        if item.cut == .idle, need(at: now) >= .idle {
            try beginFile(with: EdgeBatch(levels: writer.levels), at: now)
        }
    }

    /// To be called now and then when nothing comes.
    func tick() throws(CaptureError) { try writer.commitIfDue() }

    /// Completes the last file.
    func finish(at end: Timestamp) throws(CaptureError) {
        try completeFile(at: max(end, now))
    }

    /// What others may know.
    var progress: RecorderStatus.Progress {
        var progress = RecorderStatus.Progress(path: writer.path, fileNumber: number)
        progress.committedEdges = completeEdges + (isComplete ? 0 : writer.committed.edgeCount)
        progress.committedEnd = writer.committed.time
        progress.fileBytes = writer.committed.byteCount
        progress.allBytes = completeBytes + (isComplete ? 0 : writer.committed.byteCount)
        progress.isOverdue = need(at: now) > .none
        return progress
    }

    /// What is safe after an error.
    func saved(after error: CaptureError) -> SavedRecording {
        var saved = SavedRecording(
            path: writer.path, edgeCount: writer.committed.edgeCount,
            end: writer.committed.time,
            completeFiles: completeFiles - (isComplete ? 1 : 0), firstFile: name.path(1))
        if case .vanished(writer.path, let present) = error { saved.path = present }
        return saved
    }

    // MARK: - Edges

    private func append(_ batch: EdgeBatch) throws(CaptureError) {
        if batch.edges.isEmpty, batch.gap == nil { return }
        now = max(now, batch.edges.last?.time ?? batch.gap?.end ?? now)
        try writer.append(batch, commits: false)
    }

    /// Stores the edges before `start`, and begins a file with the others.
    private func append(_ batch: inout EdgeBatch, cutAt start: Timestamp) throws(CaptureError) {
        let first = batch.edges.firstIndex { $0.time >= start } ?? batch.edges.endIndex
        var rest = EdgeBatch(levels: batch.levels)
        rest.edges.append(contentsOf: batch.edges[first...])
        for edge in batch.edges[..<first] { rest.levels[edge.channel] = edge.level }
        batch.edges.removeSubrange(first...)
        if first > 0 || batch.gap != nil {
            try append(batch)
            // It is the batch that the session begins in: nothing before it belongs to it.
            try beginFile(with: EdgeBatch(levels: rest.levels), at: rest.edges.first?.time ?? start)
        } else {
            let withdrawn = writer.withdrawUncommitted(since: start)
            let beginning = withdrawn.edges.first ?? rest.edges.first
            try beginFile(with: withdrawn, at: beginning?.time ?? max(start, now))
        }
        try append(rest)
    }

    private func append(_ record: JournalRecord) throws(CaptureError) {
        var record = record
        // Counted back from here: files before this one and losses have no part in it.
        record.edgesBefore = max(
            writer.recordEdgesBefore, writer.edgeCount - max(0, edgesSeen - record.edgesBefore))
        try writer.append(record: record)
    }

    // MARK: - Files

    private func need(at time: Timestamp) -> RotationLimits.Need {
        rotation?.need(bytes: writer.committed.byteCount, span: time - fileStart) ?? .none
    }

    /// Completes the present file, and begins the next one with edges that were withdrawn.
    private func beginFile(with edges: EdgeBatch, at start: Timestamp) throws(CaptureError) {
        try completeFile(at: start)
        let previous = name.path(number)
        repeat { number += 1 } while !replacing && name.isTaken(number)
        var metadata = metadata
        metadata.observationStart = start
        metadata.extra += [
            .init(key: "series_part", value: String(completeFiles + 1)),
            .init(key: "series_previous", value: SeriesName.lastComponent(of: previous)),
        ]
        let channels = channels.map { channel in
            var channel = channel
            channel.initialLevel = edges.levels[channel.channel]
            return channel
        }
        fileStart = start
        now = max(now, start)
        facts.secrets = nil
        writer = try CaptureWriter(
            creating: name.path(number), metadata: metadata, channels: channels, mode: .live,
            replacing: replacing, clock: clock)
        isComplete = false
        if !edges.edges.isEmpty { try append(edges) }
    }

    private func completeFile(at end: Timestamp) throws(CaptureError) {
        writer.metadata.secrets = facts.secrets ?? .unknown
        writer.metadata.resolution = facts.resolution ?? metadata.resolution
        try writer.finish(at: end)
        isComplete = true
        completeFiles += 1
        completeBytes += writer.committed.byteCount
        completeEdges += writer.edgeCount
    }
}

internal import CaptureStore
internal import Glibc
internal import Signals

/// The recorder of a live end: a tap on its machine's inputs and outputs.
///
/// One thread, the machine's, tells it what happens. What it keeps is bounded and is handed to the
/// recorder's thread in runs; if that falls too far behind, edges are lost, counted, and a gap in the
/// capture. A disk that fails ends the trace and not the link.
final class LiveTrace {
    /// What ended the trace before its end.
    private(set) var failure: RecordingError?
    /// The path of the capture.
    let path: String
    private var recorder: Recorder?
    private var batch: EdgeBatch
    private var records: [JournalRecord] = []
    /// The levels behind everything that was told.
    private var levels: LevelSet
    private var edgeCount: Int64 = 0
    /// When the oldest thing that waits was told; nil when nothing waits.
    private var waitingSince: Timestamp?

    /// So many edges are handed over at once.
    private static var edgesMax: Int { 4_096 }
    /// So many records are.
    private static var recordsMax: Int { 512 }
    /// Nothing waits longer for being handed over.
    private static var delayMax: Nanoseconds { .milliseconds(100) }

    /// Creates the capture.
    ///
    /// - Parameter levels: those before the first edge.
    init(
        _ plan: TracePlan, metadata: CaptureMetadata, end: LinkEnd, levels: LevelSet
    ) throws(CaptureError) {
        path = Self.path(plan.path)
        let channels = WireNames.all.map { wire in
            let isOwn =
                wire.channel == end.clock || wire.channel == end.data
                || (wire.channel == .reset && end == .host)
            return CaptureChannel(
                channel: wire.channel, name: wire.host.description,
                initialLevel: levels[wire.channel], seen: isOwn ? .driven : .read)
        }
        var recording = RecordingPlan(path: path, metadata: metadata, channels: channels)
        recording.replacing = plan.replacing
        recording.overflow = .lose
        recorder = try Recorder(recording)
        batch = EdgeBatch(levels: levels)
        batch.edges.reserveCapacity(Self.edgesMax * 2)
        self.levels = levels
    }

    /// Edges that were lost because the disk was too slow.
    var lostEdges: Int64 { recorder?.status.lostEdges ?? 0 }

    /// When what waits is to be handed over at the latest.
    var deadline: Timestamp? { waitingSince.map { $0 + Self.delayMax } }

    @inline(__always)
    func edge(_ channel: Channel, _ level: Level, at now: Timestamp) {
        if waitingSince == nil { waitingSince = now }
        batch.edges.append(Edge(time: now, channel: channel, level: level))
        levels[channel] = level
        edgeCount += 1
    }

    func record(_ kind: JournalKind, _ payload: [UInt8], at now: Timestamp) {
        if waitingSince == nil { waitingSince = now }
        records.append(
            JournalRecord(time: now, edgesBefore: edgeCount, kind: kind, payload: payload))
    }

    /// Hands over what waits, if it is enough or has waited long enough.
    @inline(__always)
    func passOn(at now: Timestamp) {
        guard let waitingSince else { return }
        if batch.edges.count >= Self.edgesMax || records.count >= Self.recordsMax
            || now - waitingSince >= Self.delayMax
        {
            passOn()
        }
    }

    /// Hands over everything, and completes the capture.
    func finish(at end: Timestamp) throws(RecordingError) {
        passOn()
        if let recorder {
            self.recorder = nil
            try recorder.finish(at: end)
        }
        if let failure { throw failure }
    }

    private func passOn() {
        waitingSince = nil
        do throws(RecordingError) {
            try recorder?.append(&batch, records: records)
        } catch {
            failure = error
            recorder = nil
        }
        batch.levels = levels
        batch.edges.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }

    private static func path(_ pattern: String) -> String {
        guard let mark = pattern.firstRange(of: "%n") else { return pattern }
        for number in 1..<filesMax {
            let path = pattern.replacingCharacters(in: mark, with: String(number))
            if access(path, F_OK) != 0 { return path }
        }
        return pattern
    }

    /// The most captures that one pattern names.
    private static var filesMax: Int { 100_000 }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}

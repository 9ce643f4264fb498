// From the thread of a source to the thread that writes. What is written, and into which file, is
// CaptureSeries' business.

internal import Glibc
internal import LiveEdges
public import Signals

/// Records edges as they come: a bounded queue, and a thread that writes it to live captures.
///
///     let recorder = try Recorder(plan)
///     while try source.read(into: &batch) { try recorder.append(&batch) }
///     try recorder.finish(at: end)
///
/// Everything appended is on disk at most half a second after the disk could take it, also when
/// nothing more comes. Memory is bounded by ``RecordingPlan/waitingEdgesMax``.
///
/// One thread at a time may append. An error of the disk ends the recording: it is thrown by the next
/// call, and says what is safe. A recorder that is dropped without ``finish(at:)`` stops as it is,
/// and leaves what was committed.
public final class Recorder {
    private struct Shared {
        var queue: RecorderQueue
        var status: RecorderStatus
        var end: End?
        var failure: RecordingError?
    }

    /// How the writer's thread shall end.
    private enum End {
        case finished(at: Timestamp)
        case dropped
    }

    private let shared: Monitor<Shared>
    private let overflow: RecordingPlan.OverflowPolicy
    private var thread = pthread_t()
    private var isJoined = false
    /// What is being handed over; its arrays come back empty.
    private var item = RecorderItem()
    /// Edges lost since the last that was accepted.
    private var lost: Int64 = 0
    /// Something was lost since then, if only records.
    private var hasLost = false
    /// The last moment before the loss at which all was known.
    private var lossStart: Timestamp

    /// So often the writer's thread looks at the clock when nothing comes.
    private static var tickNanoseconds: UInt64 { 100_000_000 }

    /// Creates the first file and starts the writer's thread.
    ///
    /// - Parameter clock: nanoseconds of a clock that never goes back, for the intervals between
    ///   commits, asked on the writer's thread; nil for the system's.
    public init(
        _ plan: RecordingPlan, clock: (@Sendable () -> UInt64)? = nil
    ) throws(CaptureError) {
        let series = try CaptureSeries(plan, clock: clock)
        overflow = plan.overflow
        lossStart = plan.start
        shared = Monitor(
            Shared(
                queue: RecorderQueue(edgesMax: max(1, plan.waitingEdgesMax)),
                status: RecorderStatus(progress: series.progress)))
        let work = Unmanaged.passRetained(Work(series: series, shared: shared))
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        guard number == 0 else {
            work.release()
            isJoined = true
            throw .writing(plan.path, doing: "starting the writer's thread", errno: number)
        }
    }

    deinit { stop(.dropped) }

    /// How the recording is doing.
    public var status: RecorderStatus { shared.read { $0.status } }

    /// Hands over a batch, and leaves an empty one with another's room.
    ///
    /// - Parameters:
    ///   - records: what is no edge, in the order of its `edgesBefore`, which counts all edges ever
    ///     handed over.
    ///   - cut: where the next file may begin, if one is wanted.
    ///   - facts: what was found out in the batch.
    public func append(
        _ batch: inout EdgeBatch, records: [JournalRecord] = [], cut: CutPlace? = nil,
        facts: RecordingFacts = RecordingFacts()
    ) throws(RecordingError) {
        item.records = records
        item.cut = cut
        item.facts = facts
        swap(&item.batch, &batch)
        let count = Int64(item.batch.edges.count)
        let end = item.batch.edges.last?.time ?? item.batch.gap?.end
        if hasLost { tellLoss() }
        let isTaken = handOver()
        if isTaken {
            lost = 0
            hasLost = false
            lossStart = end ?? lossStart
        } else {
            lost += count
            hasLost = true
            item.empty()
        }
        swap(&item.batch, &batch)
        try check()
    }

    /// Throws what ended the recording, if anything did.
    public func check() throws(RecordingError) {
        if let failure = shared.read({ $0.failure }) { throw failure }
    }

    /// Writes what still waits, and completes the last file.
    ///
    /// - Parameter end: the end of the observation.
    public func finish(at end: Timestamp) throws(RecordingError) {
        if hasLost {
            item.batch.gap = Gap(start: lossStart, end: max(lossStart, end), reason: .overflow)
            item.lostBefore = lost
            shared.wait { shared in
                shared.failure != nil || shared.queue.hasRoom(for: self.item)
            }
            _ = handOver()
        }
        stop(.finished(at: end))
        try check()
    }

    /// Puts what was lost before the batch in front of it.
    private func tellLoss() {
        let resumed = item.batch.edges.first?.time ?? item.batch.gap?.end ?? lossStart
        item.batch.gap = Gap(
            start: lossStart, end: max(lossStart, resumed), reason: .overflow)
        item.lostBefore = lost
    }

    /// Puts the item into the queue; false if there is no room.
    private func handOver() -> Bool {
        var isTaken = false
        func put(_ shared: inout Shared) -> Bool {
            guard shared.failure == nil else { return true }
            let count = item.batch.edges.count
            guard shared.queue.hasRoom(for: item) else {
                if overflow == .lose { shared.status.lostEdges += Int64(count) }
                return overflow == .lose
            }
            shared.queue.append(&item)
            shared.status.acceptedEdges += Int64(count)
            shared.status.waitingEdges = shared.queue.edgeCount
            isTaken = true
            return true
        }
        shared.wait(until: put)
        return isTaken
    }

    private func stop(_ end: End) {
        guard !isJoined else { return }
        shared.change { shared in
            shared.end = end
            return true
        }
        pthread_join(thread, nil)
        isJoined = true
    }

    /// The writer's thread.
    private final class Work {
        private let series: CaptureSeries
        private let shared: Monitor<Shared>
        private var item = RecorderItem()

        init(series: CaptureSeries, shared: Monitor<Shared>) {
            self.series = series
            self.shared = shared
        }

        func run() {
            do throws(CaptureError) {
                while try step() {}
            } catch {
                let failure = RecordingError(cause: error, saved: series.saved(after: error))
                shared.change { shared in
                    shared.failure = failure
                    return true
                }
            }
        }

        /// Writes one item, or looks at the clock; false at the end.
        private func step() throws(CaptureError) -> Bool {
            var end: End?
            var hasItem = false
            shared.wait(atMost: Recorder.tickNanoseconds) { shared in
                end = shared.end
                if case .dropped = end { return true }
                hasItem = shared.queue.take(&item)
                return hasItem || end != nil
            }
            if hasItem {
                try series.append(&item)
                item.empty()
            } else if case .finished(let time) = end {
                try series.finish(at: time)
                tell()
                return false
            } else if case .dropped = end {
                return false
            } else {
                try series.tick()
            }
            tell()
            return true
        }

        private func tell() {
            let progress = series.progress
            shared.change { shared in
                shared.status.progress = progress
                shared.status.waitingEdges = shared.queue.edgeCount
                return false
            }
        }
    }
}

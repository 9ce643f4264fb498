#if Sigrok
internal import CSigrok
internal import LiveEdges
internal import Signals
internal import Synchronization

/// What libsigrok calls with each packet, on the session's thread: logic samples become edges in
/// the queue.
final class SampleFeed: @unchecked Sendable {
    let queue = EdgeQueue<SigrokError>()
    /// The levels by the first sample; to be looked at after ``hasBegun``.
    private(set) var initialLevels = LevelSet.rest
    private let begun = Atomic<Bool>(false)
    private let cancelled = Atomic<Bool>(false)
    private let lost = Atomic<Int64>(0)

    private var run: SampleRun
    private var item = EdgeQueue<SigrokError>.Item()
    /// Whether samples can wait for whoever reads the queue.
    private let canWait: Bool
    /// The last moment before a loss of which all is known; nil when nothing is lost.
    private var lossStart: Timestamp?
    /// The last moment of which all was handed over.
    private var known = Timestamp.zero
    private var samplesLeft = SampleClock.samplesMax
    /// Checks the bytes of a file.
    private var check: ChunkCheck?

    /// - Parameter check: what the bytes must be; an error closes the queue.
    init(run: SampleRun, canWait: Bool, check: ChunkCheck? = nil) {
        self.run = run
        self.canWait = canWait
        self.check = check
        item.batch.edges.reserveCapacity(EdgeQueueLimits.runLength + 64)
    }

    /// Whether there was a first sample.
    var hasBegun: Bool { begun.load(ordering: .acquiring) }
    /// Edges for which there was no room.
    var lostEdges: Int64 { lost.load(ordering: .relaxed) }
    /// Nobody wants anything more.
    func cancel() {
        cancelled.store(true, ordering: .relaxed)
        queue.cancel()
    }
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    // MARK: On the session's thread

    /// Takes a packet; only those with logic samples count.
    func take(_ packet: UnsafePointer<sr_datafeed_packet>) {
        guard packet.pointee.type == UInt16(SR_DF_LOGIC.rawValue), !isCancelled,
            let payload = packet.pointee.payload
        else { return }
        let logic = payload.assumingMemoryBound(to: sr_datafeed_logic.self).pointee
        guard let data = logic.data, logic.unitsize > 0, let length = Int(exactly: logic.length)
        else { return }
        take(UnsafeRawBufferPointer(start: data, count: length), unitSize: Int(logic.unitsize))
    }

    /// Takes samples of some bytes each.
    func take(_ bytes: UnsafeRawBufferPointer, unitSize: Int) {
        if check != nil {
            do throws(SigrokError) {
                try check?.take(bytes)
            } catch {
                return queue.close(error)
            }
        }
        let (wanted, overflow) = samplesLeft.multipliedReportingOverflow(by: UInt64(unitSize))
        let count = overflow ? bytes.count : Int(min(UInt64(bytes.count), wanted))
        samplesLeft -= UInt64(count / unitSize)
        var offset = 0
        while count - offset >= unitSize, !isCancelled {
            item.batch.levels = run.levels
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset..<count])
            let isFirst = !run.hasBegun
            offset += run.take(
                rest, unitSize: unitSize, into: &item.batch.edges,
                edgesMax: EdgeQueueLimits.runLength)
            if isFirst, run.hasBegun { begin() }
            handOver()
        }
        if isComplete { finish() }
    }

    /// No more samples come.
    ///
    /// - Parameter failure: why not, if they should.
    func finish(_ failure: SigrokError? = nil) {
        if lossStart != nil {
            item.batch.levels = run.levels
            tellLoss(until: run.end)
            item.end = run.end
            item.levelsAfter = run.levels
            _ = queue.push(&item, waiting: true)
            lossStart = nil
        }
        do throws(SigrokError) {
            if failure == nil { try check?.finish() }
            queue.close(failure)
        } catch {
            queue.close(error)
        }
    }

    /// Whether all samples that were wanted have come.
    var isComplete: Bool { samplesLeft == 0 || check?.isComplete == true }
    /// The number of samples that came.
    var sampleCount: UInt64 { run.count }

    private func begin() {
        // The levels before the first edges are those of the first sample.
        var levels = run.levels
        for edge in item.batch.edges { levels.toggle(edge.channel) }
        initialLevels = levels
        item.batch.levels = levels
        begun.store(true, ordering: .releasing)
    }

    private func handOver() {
        let end = run.end
        item.end = end
        item.levelsAfter = run.levels
        if item.batch.edges.isEmpty, lossStart == nil {
            known = end
            return queue.reach(end)
        }
        let count = item.batch.edges.count
        if lossStart != nil { tellLoss(until: item.batch.edges.first?.time ?? end) }
        if queue.push(&item, waiting: canWait) {
            lossStart = nil
            known = end
        } else {
            item.batch.gap = nil
            item.batch.edges.removeAll(keepingCapacity: true)
            if isCancelled { return }
            lossStart = lossStart ?? known
            lost.add(Int64(count), ordering: .relaxed)
        }
    }

    private func tellLoss(until time: Timestamp) {
        guard let start = lossStart else { return }
        item.batch.gap = Gap(start: start, end: max(start, time), reason: .overflow)
    }
}
#endif

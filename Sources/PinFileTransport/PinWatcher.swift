internal import CPinFile
internal import Glibc
internal import LiveEdges
internal import Signals
internal import Synchronization

/// Watches wires: one thread looks at them again and again and does nothing else, and another one
/// makes edges of its looks.
///
/// While the link moves it takes a processor: whoever sleeps sees nothing. What the second thread
/// works on belongs to it once that is started.
final class PinWatcher: @unchecked Sendable {
    /// What could not be told as an edge.
    struct Counts: Sendable {
        var interruptions: Int64 = 0
        var overflow: Int64 = 0
    }

    let queue = EdgeQueue<PinFileError>()
    private let first: PinLook
    private let page: PinPage
    private let ring = LookRing()
    private let isStopped = Atomic<Bool>(false)
    private let lastLook: Atomic<UInt64>
    private let shared = Monitor(Counts())

    private var order: LookOrder
    private var item = EdgeQueue<PinFileError>.Item()
    private var told = Counts()
    /// The last moment before a loss for want of room; nil when there is none.
    private var overflowStart: Timestamp?
    private var known = Timestamp.zero

    /// It sleeps between looks when the wires have not moved for so long, in nanoseconds: longer than a
    /// bridge takes to boot.
    private static let attentionNanoseconds: UInt64 = 2_000_000_000
    /// How long it then sleeps.
    private static let napNanoseconds = 50_000
    /// How often looks are made edges of, in microseconds.
    private static let handingOverMicroseconds: UInt32 = 2_000

    /// The slowest look takes less, and the shortest interruption more.
    private static let lookNanosecondsMax: UInt64 = 1_000
    /// It looks again so often at most, for one look that was not interrupted.
    private static let looksMax = 4

    /// Enough for the kernel to let others run elsewhere, and not so much that they could run nowhere.
    private static let niceness: Int32 = -10

    init(_ page: PinPage) {
        self.page = page
        let (levels, toggles) = page.wiresAndToggles
        first = PinLook(
            time: MonotonicClock.nanoseconds(), blindness: 0, bits: levels.bits, toggles: toggles)
        lastLook = Atomic(first.time)
        order = LookOrder(first: first)
    }

    /// The moment of the first look.
    var start: UInt64 { first.time }
    /// What was seen then.
    var initialLevels: LevelSet { first.levels }

    /// What could not be told so far.
    var counts: Counts { shared.read { $0 } }

    /// Ends the threads.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Starts the threads.
    func begin() throws(PinFileError) {
        for work in [watch, handOverAgainAndAgain] {
            let number = DetachedThread.start(work)
            guard number == 0 else {
                stop()
                throw .system(path: page.path, doing: "starting the watcher", errno: number)
            }
        }
    }

    // MARK: Looking

    private func watch() {
        let isAlone = cpinfile_usable_processors() == 1
        if !isAlone { askForPrecedence() }
        cpinfile_set_timer_slack(1)
        var filter = LookFilter(first: first)
        var lastTime = start
        var hasLost: UInt32 = 0
        while !isStopped.load(ordering: .relaxed) {
            var (levels, toggles) = page.wiresAndToggles
            var (before, now) = (lastTime, MonotonicClock.nanoseconds())
            // Interrupted between the look and the clock, it would take old levels for those of now.
            for _ in 0..<Self.looksMax where now &- before >= Self.lookNanosecondsMax {
                (levels, toggles) = page.wiresAndToggles
                (before, now) = (now, MonotonicClock.nanoseconds())
            }
            let isQuiet = now &- filter.lastMove > Self.attentionNanoseconds
            // A loss is told as soon as there is room, whatever is seen.
            let look = PinLook(
                time: now, blindness: now &- lastTime, bits: levels.bits | hasLost,
                toggles: toggles)
            if filter.keeps(look, isNapping: isQuiet) {
                hasLost = ring.push(look) ? 0 : PinLook.afterLoss
            }
            lastLook.store(now, ordering: .releasing)
            lastTime = now
            if isQuiet {
                var nap = timespec(tv_sec: 0, tv_nsec: Self.napNanoseconds)
                nanosleep(&nap, nil)
            } else if isAlone {
                sched_yield()
            }
        }
    }

    // MARK: Handing over

    private func handOverAgainAndAgain() {
        askForPrecedence()
        while !isStopped.load(ordering: .relaxed) {
            usleep(Self.handingOverMicroseconds)
            handOver()
        }
    }

    /// Whoever is interrupted misses edges. Without the right to precedence this does nothing.
    private func askForPrecedence() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
    }

    private func handOver() {
        let end = order.timestamp(lastLook.load(ordering: .acquiring))
        while let look = ring.pop() {
            if let gap = order.gap(before: look) {
                push()
                told.interruptions += gap.reason == .unwatched ? 1 : 0
                order.resume(at: look)
                item.batch.levels = order.levels
                item.batch.gap = gap
            } else {
                if item.batch.edges.isEmpty { item.batch.levels = order.levels }
                order.take(look, into: &item.batch.edges)
                if item.batch.edges.count >= EdgeQueueLimits.runLength { push() }
            }
        }
        push()
        if overflowStart != nil { pushLoss(until: end) }
        if overflowStart == nil {
            known = max(known, end)
            queue.reach(known)
        }
        shared.change { [told] counts in
            counts = told
            return false
        }
    }

    /// Puts what there is into the queue. Wires cannot wait: what finds no room is lost.
    private func push() {
        guard let end = item.batch.edges.last?.time ?? item.batch.gap?.end else { return }
        let count = Int64(item.batch.edges.count)
        item.end = end
        item.levelsAfter = order.levels
        if let start = overflowStart {
            let resumed = item.batch.edges.first?.time ?? end
            item.batch.gap = Gap(start: start, end: max(start, resumed), reason: .overflow)
        }
        if queue.push(&item, waiting: false) {
            overflowStart = nil
            known = max(known, end)
        } else {
            overflowStart = overflowStart ?? known
            told.overflow += count
            item.batch.edges.removeAll(keepingCapacity: true)
            item.batch.gap = nil
        }
    }

    /// Says that edges were lost, though none may follow for a long time.
    private func pushLoss(until end: Timestamp) {
        guard let start = overflowStart else { return }
        item.batch.levels = order.levels
        item.batch.gap = Gap(start: start, end: max(start, end), reason: .overflow)
        push()
    }
}

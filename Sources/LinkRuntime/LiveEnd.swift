internal import CaptureStore
internal import LiveEdges
internal import LivePorts
internal import Signals

/// The thread of one end, from its start to its orderly end.
final class LiveEnd<Duty: EndDuty>: Sendable {
    typealias Letter = EndRunner<Duty>.Letter

    private struct State {
        var phase = Phase.waiting
        var failure: (any Error)?
        /// Where the trace is, once there is one.
        var tracePath: String?
        /// Edges that the trace has lost.
        var lostEdges: Int64 = 0
    }

    private enum Phase { case waiting, running, over }

    let mailbox: Mailbox<Letter>
    private let port: any WirePort
    private let ended: @Sendable ((any Error)?) -> Void
    private let state = Monitor(State())

    /// The most that waits for the machine's thread.
    private static var lettersMax: Int { 8_192 }

    /// - Parameter ended: called once, on the end's thread, when it has ended.
    init(port: any WirePort, ended: @escaping @Sendable ((any Error)?) -> Void) {
        self.port = port
        self.ended = ended
        mailbox = Mailbox(limit: Self.lettersMax)
    }

    deinit { port.close() }

    /// Why it ended, if not in good order.
    var failure: (any Error)? { state.read { $0.failure } }
    /// Where the capture is.
    var tracePath: String? { state.read { $0.tracePath } }
    /// Edges that the capture lacks, because the disk was too slow; each stretch of them is a gap.
    var lostEdges: Int64 { state.read { $0.lostEdges } }

    /// Puts something into the mailbox; false if too much waits, or nobody reads it.
    @discardableResult
    func post(_ letter: Letter) -> Bool {
        guard state.read({ $0.phase != .over }), mailbox.post(letter) else { return false }
        port.wake()
        return true
    }

    /// Starts the thread.
    func start(
        _ machine: Duty.Machine, duty: Duty, trace plan: TracePlan?, metadata: CaptureMetadata,
        journal: JournalListener?, first: (LevelSet) -> [Duty.Machine.Input]
    ) throws {
        let isFirst = state.change { state in
            guard state.phase == .waiting else { return false }
            state.phase = .running
            return true
        }
        guard isFirst else { throw WireFailure("the link was started before") }
        do {
            try begin(
                machine, duty: duty, trace: plan, metadata: metadata, journal: journal, first: first
            )
        } catch {
            finish(error, lostEdges: 0)
            throw error
        }
    }

    private func begin(
        _ machine: Duty.Machine, duty: Duty, trace plan: TracePlan?, metadata: CaptureMetadata,
        journal: JournalListener?, first: (LevelSet) -> [Duty.Machine.Input]
    ) throws {
        let seen = try port.read()
        var levels = seen
        if Duty.Machine.end == .host { levels[.reset] = .high }
        var metadata = metadata
        let clockStart = MonotonicClock.nanoseconds()
        metadata.extra.insert(.init(key: "clock_start_ns", value: String(clockStart)), at: 0)
        let work = try Work(
            end: self, machine: machine, duty: duty, port: port, plan: plan, metadata: metadata,
            journal: journal, levels: levels, seen: seen, clockStart: clockStart,
            first: first(seen))
        try launch(work)
    }

    private func launch(_ work: Work) throws(WireFailure) {
        let tracePath = work.tracePath
        let number = DetachedThread.start { work.run() }
        guard number == 0 else {
            throw WireFailure("no thread can be started for the link: error \(number)")
        }
        state.change { state in
            state.tracePath = tracePath
            return true
        }
    }

    /// Ends the thread behind everything that was posted, and waits for that.
    func stop() throws {
        mailbox.postLast(.end)
        port.wake()
        state.wait { $0.phase == .over || $0.phase == .waiting }
        if let failure { throw failure }
    }

    private func finish(_ failure: (any Error)?, lostEdges: Int64) {
        port.close()
        state.change { state in
            state.failure = failure
            state.lostEdges = lostEdges
            state.phase = .over
            return true
        }
        ended(failure)
    }

    /// What the thread does; once it runs, nobody else has it.
    private final class Work: @unchecked Sendable {
        private let end: LiveEnd
        private var runner: EndRunner<Duty>
        private let trace: LiveTrace?
        private let duty: Duty
        private let first: [Duty.Machine.Input]

        init(
            end: LiveEnd, machine: Duty.Machine, duty: Duty, port: any WirePort, plan: TracePlan?,
            metadata: CaptureMetadata, journal: JournalListener?, levels: LevelSet, seen: LevelSet,
            clockStart: UInt64, first: [Duty.Machine.Input]
        ) throws(CaptureError) {
            self.end = end
            self.duty = duty
            self.first = first
            if let plan {
                trace = try LiveTrace(
                    plan, metadata: metadata, end: Duty.Machine.end, levels: levels)
            } else {
                trace = nil
            }
            runner = EndRunner(
                machine, duty: duty, port: port, mailbox: end.mailbox, trace: trace,
                journal: journal, seen: seen, clockStart: clockStart)
        }

        var tracePath: String? { trace?.path }

        func run() {
            var failure: (any Error)?
            do throws(WireFailure) {
                try runner.run(first: first)
            } catch {
                failure = error
            }
            let lostEdges = trace?.lostEdges ?? 0
            do {
                try trace?.finish(at: runner.end)
            } catch {
                failure = failure ?? error
            }
            duty.end()
            end.finish(failure, lostEdges: lostEdges)
        }
    }
}

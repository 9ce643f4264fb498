import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// Records a source until it ends, somebody ends it, or a limit is reached.
struct RecordingPass<Source: RecordingSource> {
    private let recorder: Recorder
    private let plan: RecordingPlan
    private let limits: RecordingLimits
    private var reading: LinkReading<Source>
    private(set) var commentary: RecordingCommentary
    /// What ended the source before its time. All that it gave before is recorded.
    private(set) var failure: Source.Failure?
    /// What was learned since the recorder was told.
    private var facts = RecordingFacts()
    /// What the source said last.
    private var stored = EdgeBatch()
    private var notesTaken = 0
    private var sessionsTold = 0

    init(
        _ source: Source, plan: RecordingPlan, limits: RecordingLimits,
        configuration: WireDecoder.Configuration, commentary: RecordingCommentary
    ) throws(CaptureError) {
        self.plan = plan
        self.limits = limits
        self.commentary = commentary
        recorder = try Recorder(plan)
        reading = LinkReading(
            source, until: limits.end(from: plan.start), configuration: configuration)
    }

    /// The source as it is now.
    var input: Source { reading.input }
    /// How far the recording has got.
    var status: RecorderStatus { recorder.status }
    /// The end of the observation.
    private var end: Timestamp {
        reading.isCut ? limits.end(from: plan.start) ?? input.end : input.end
    }

    /// How long was recorded.
    var duration: Nanoseconds { end - plan.start }

    /// Records, and completes the last file, whatever ends the source.
    mutating func run() throws {
        defer { commentary.end(at: end) }
        do {
            while !isEnough, try reading.read() { try take() }
        } catch let error as Source.Failure {
            // What it gave before is worth as much as ever.
            failure = error
        }
        try takeRest()
        try complete()
    }

    /// What was read and is not stored yet, or not looked at.
    private mutating func takeRest() throws {
        while reading.readRest() { try take() }
    }

    private mutating func complete() throws(RecordingError) {
        reading.finish(at: end)
        takeEvents()
        reading.takeStored(&stored)
        try recorder.append(&stored, facts: facts)
        try recorder.finish(at: end)
        commentary.follow(status)
    }

    private mutating func takeEvents() {
        facts.learn(RecordingFacts(resolution: input.resolution))
        for event in reading.takeEvents() {
            commentary.take(event)
            facts.learn(
                RecordingFacts(
                    secrets: SecretSearch.finding(
                        in: event, isLegible: commentary.summary.legibility.problem == nil)))
        }
    }

    private var isEnough: Bool {
        if Interrupt.isRequested { return true }
        guard let bytesMax = limits.bytesMax else { return false }
        return recorder.status.progress.allBytes >= bytesMax
    }

    private mutating func take() throws {
        commentary.take(reading.batch)
        takeEvents()
        // The batch that the recorder gets next is not decoded yet.
        if reading.isBehind { return }
        let notes = input.notes
        reading.takeStored(&stored)
        let isEmpty = stored.edges.isEmpty && stored.gap == nil && notes.count == notesTaken
        if isEmpty, facts.secrets == nil {
            try recorder.check()
        } else {
            try recorder.append(
                &stored, records: Array(notes[notesTaken...]), cut: nextCut(), facts: facts)
            notesTaken = notes.count
            facts = RecordingFacts()
        }
        commentary.follow(recorder.status)
        commentary.update(.init(recorder.status), at: input.end)
    }

    /// Where the link allows another file to begin.
    private mutating func nextCut() -> CutPlace? {
        if let pull = reading.decoder.lastResetPull, pull.session > sessionsTold {
            sessionsTold = pull.session
            return .session(at: pull.hostStopped)
        }
        return reading.decoder.wires.isIdle && !reading.holdsNews ? .idle : nil
    }
}

/// When a recording ends by itself.
struct RecordingLimits {
    /// How long it is.
    var span: Nanoseconds?
    /// How large all its files together are, in bytes.
    var bytesMax: Int64?

    /// The moment at which it ends.
    func end(from start: Timestamp) -> Timestamp? {
        span.map {
            start.nanoseconds > Timestamp.latest.nanoseconds - $0.count ? .latest : start + $0
        }
    }
}

extension [CaptureChannel] {
    /// The levels at the beginning.
    var levels: LevelSet {
        reduce(into: LevelSet(bits: 0)) { $0[$1.channel] = $1.initialLevel }
    }
}

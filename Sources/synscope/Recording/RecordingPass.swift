import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// Records a source until it ends, somebody ends it, or a limit is reached.
struct RecordingPass<Source: RecordingSource> {
    private let recorder: Recorder
    private let plan: RecordingPlan
    private let limits: RecordingLimits
    private var source: HandshakeOrderedSource<TappedSource<Source>>
    private let tap: TappedSource<Source>.Tap
    private var decoder: LinkDecoder
    private(set) var summary: ImportSummary
    private var line: RecordingStatusLine
    /// What was learned since the recorder was told.
    private var facts = RecordingFacts()
    private var notesTaken = 0
    private var sessionsTold = 0

    init(
        _ source: Source, plan: RecordingPlan, limits: RecordingLimits,
        configuration: WireDecoder.Configuration, line: RecordingStatusLine
    ) throws(CaptureError) {
        self.plan = plan
        self.limits = limits
        self.line = line
        recorder = try Recorder(plan)
        let tapped = TappedSource(source, until: limits.end(from: plan.start))
        tap = tapped.tap
        self.source = HandshakeOrderedSource(tapped)
        summary = ImportSummary(vocabulary: configuration.vocabulary)
        var configuration = configuration
        configuration.observationStart = plan.start
        decoder = LinkDecoder(configuration: configuration)
    }

    /// The source as it is now.
    var input: Source { source.base.base }
    /// How far the recording has got.
    var status: RecorderStatus { recorder.status }
    /// The end of the observation.
    private var end: Timestamp {
        tap.isCut ? limits.end(from: plan.start) ?? input.end : input.end
    }

    /// How long was recorded.
    var duration: Nanoseconds { end - plan.start }

    /// Records, and completes the last file, whatever ends the source.
    mutating func run() throws {
        defer { line.end() }
        do {
            var batch = EdgeBatch(levels: plan.channels.levels)
            while !isEnough, try source.read(into: &batch) { try take(batch) }
        } catch let error as Source.Failure {
            // The source failed, and what it gave before is worth as much as ever.
            try takeRest()
            try complete()
            throw Failure(
                .failed, "\(error)\n\(line.place(status)) holds everything before that")
        }
        try takeRest()
        try complete()
    }

    /// What was read and is not stored yet, or not looked at.
    private mutating func takeRest() throws {
        var batch = EdgeBatch()
        while source.readRest(into: &batch) { try take(batch) }
    }

    private mutating func complete() throws(RecordingError) {
        decoder.finish(at: end)
        takeEvents()
        var nothing = EdgeBatch(levels: tap.batch.levels)
        try recorder.append(&nothing, facts: facts)
        try recorder.finish(at: end)
        line.follow(status)
    }

    private mutating func takeEvents() {
        facts.learn(RecordingFacts(resolution: input.resolution))
        for event in decoder.takeEvents() {
            summary.take(event)
            line.take(event)
            facts.learn(RecordingFacts(secrets: secrets(in: event)))
        }
    }

    private var isEnough: Bool {
        if Interrupt.isRequested { return true }
        guard let bytesMax = limits.bytesMax else { return false }
        return recorder.status.progress.allBytes >= bytesMax
    }

    private mutating func take(_ batch: EdgeBatch) throws {
        summary.take(batch)
        decoder.decode(batch)
        takeEvents()
        // The batch that the recorder gets next is not decoded yet.
        if source.isBehind { return }
        let notes = input.notes
        let isEmpty = tap.batch.edges.isEmpty && tap.batch.gap == nil && notes.count == notesTaken
        if isEmpty, facts.secrets == nil {
            try recorder.check()
        } else {
            try recorder.append(
                &tap.batch, records: Array(notes[notesTaken...]), cut: nextCut(),
                facts: facts)
            notesTaken = notes.count
            facts = RecordingFacts()
        }
        line.update(recorder.status, summary: summary, time: input.end)
    }

    /// What an event shows of secrets; nil when nobody can know.
    private func secrets(in event: LinkEvent) -> CaptureMetadata.Secrets? {
        guard case .message(let message) = event else { return nil }
        if SecretSearch.holdsSecret(event) { return .present }
        if summary.legibility.problem != nil { return nil }
        if case .host(.initialise) = message.content { return CaptureMetadata.Secrets.none }
        return .notSeen
    }

    /// Where the link allows another file to begin.
    private mutating func nextCut() -> CutPlace? {
        if let pull = decoder.lastResetPull, pull.session > sessionsTold {
            sessionsTold = pull.session
            return .session(at: pull.hostStopped)
        }
        return decoder.wires.isIdle && !source.holdsNews ? .idle : nil
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

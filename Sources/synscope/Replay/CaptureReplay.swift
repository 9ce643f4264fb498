import BridgeProtocol
import CaptureStore
import Decoding
import HostProtocol
import LinkProtocol
import Measurements
import Replay
import Signals

/// How a capture is replayed.
enum ReplayMode: String, CaseIterable {
    /// Exact where the capture has a journal, else sequence.
    case auto
    /// From the capture's own journal: every output at its time.
    case exact
    /// From edges alone: the session, and the link below it.
    case sequence
    /// From edges alone: only bits, characters and frames.
    case link
}

/// One capture against the machines.
struct CaptureReplay {
    let path: String
    let ends: [LinkEnd]
    let mode: ReplayMode
    /// Nil: the reference's for captures without a journal.
    let dialect: Dialect?
    let withoutRules: [ReferenceRule]
    let trial: SequenceTrial
    let link: LinkOptions
    let showsProgress: Bool

    /// The passwords to mask in what is told.
    func secrets() throws -> SecretBook {
        let capture = try Capture(opening: path)
        return try SecretSearch(link: try link.resolved(for: capture)).bookForMasking(of: capture)
    }

    /// The number of bits in the capture's characters.
    func characterBits() throws -> Int {
        try link.resolved(for: try Capture(opening: path)).characterSize.bitCount
    }

    func results() throws -> [EndReplay] {
        let capture = try Capture(opening: path)
        let link = try link.resolved(for: capture)
        var schedule = LinkSchedule()
        try CapturePass(capture: capture, title: "decoding", showsProgress: showsProgress)
            .decode(link.decoderConfiguration) { schedule.handle($0) }
        let machines = RecordedMachines(capture)
        return try ends.flatMap { end in
            try results(of: end, capture, schedule, machines, link)
        }
    }

    private func results(
        of end: LinkEnd, _ capture: Capture, _ schedule: LinkSchedule,
        _ machines: RecordedMachines, _ link: LinkOptions
    ) throws -> [EndReplay] {
        let hasJournal = machines.hasJournal(of: end)
        let concludes = dialect != nil || trial != .none || !withoutRules.isEmpty
        switch mode {
        case .exact: return try exact([end], capture, schedule, machines)
        case .auto where hasJournal && !concludes:
            return try exact([end], capture, schedule, machines)
        case .auto where capture.observationStart > .zero:
            // What was called before this file begins is unknown.
            return try linkResults([end], capture, schedule, link).map { .link($0) }
        case .auto, .sequence:
            var rules = try dialect.map { ReferenceRules($0) } ?? machines.rules(of: end)
            for rule in withoutRules { rules = rules.without(rule) }
            let session = SequenceReplay(
                end: end, schedule: schedule, rules: rules, trial: trial
            ).result()
            return try linkResults([end], capture, schedule, link).map { .sequence(session, $0) }
        case .link: return try linkResults([end], capture, schedule, link).map { .link($0) }
        }
    }

    private func linkResults(
        _ ends: [LinkEnd], _ capture: Capture, _ schedule: LinkSchedule, _ link: LinkOptions
    ) throws -> [LinkReplayResult] {
        var replays = ends.map {
            LinkReplay(
                end: $0, schedule: schedule, characterSize: link.characterSize,
                start: capture.observationStart)
        }
        try CapturePass(capture: capture, title: "replaying", showsProgress: showsProgress)
            .forEachBatch { batch in
                for index in replays.indices { replays[index].feed(batch) }
            }
        return replays.indices.map { replays[$0].finish(at: capture.end) }
    }

    private func exact(
        _ ends: [LinkEnd], _ capture: Capture, _ schedule: LinkSchedule,
        _ machines: RecordedMachines
    ) throws -> [EndReplay] {
        var replays: [ExactReplay] = []
        for end in ends { replays.append(try machines.replay(end, schedule: schedule)) }
        var records = capture.recordSource()
        var next = try records.next()
        var source = ReadAheadSource(try capture.edges())
        var batch = EdgeBatch(levels: capture.initialLevels)
        var between: [JournalRecord] = []
        var edgeCount: Int64 = 0
        var progress = Progress(
            "replaying \(path)", total: Double(capture.edgeCount), isEnabled: showsProgress)
        defer { progress.end() }
        while try source.read(into: &batch) {
            edgeCount += Int64(batch.edges.count)
            between.removeAll(keepingCapacity: true)
            while let record = next, record.edgesBefore < edgeCount {
                between.append(record)
                next = try records.next()
            }
            for index in replays.indices { replays[index].feed(batch, records: between) }
            progress.update(Double(edgeCount))
            if Interrupt.isRequested { throw Failure(.interrupted, "interrupted") }
        }
        between.removeAll(keepingCapacity: true)
        while let record = next {
            between.append(record)
            next = try records.next()
        }
        batch.gap = nil
        batch.edges.removeAll()
        for index in replays.indices { replays[index].feed(batch, records: between) }
        return replays.indices.map { .exact(replays[$0].finish(at: capture.end)) }
    }
}

/// The machines that a capture says it was made by.
struct RecordedMachines {
    private let path: String
    private let hostText: String?
    private let bridgeText: String?
    private let isPunctual: Bool

    init(_ capture: Capture) {
        path = capture.path
        let extra = capture.metadata.extra
        hostText = extra.first { $0.key == RecordedConfiguration.hostKey }?.value
        isPunctual = extra.contains {
            $0.key == RecordedConfiguration.timeKey && $0.value == "virtual"
        }
        bridgeText = extra.first { $0.key == RecordedConfiguration.bridgeKey }?.value
    }

    func hasJournal(of end: LinkEnd) -> Bool { (end == .host ? hostText : bridgeText) != nil }

    /// The faults that the recorded machine imitated; the reference's for a capture of others.
    func rules(of end: LinkEnd) throws -> ReferenceRules {
        guard let text = end == .host ? hostText : bridgeText else {
            return ReferenceRules(.reference)
        }
        do throws(ConfigurationFault) {
            return switch end {
            case .host: try HostConfiguration(text: Array(text.utf8)).rules
            case .bridge: try BridgeConfiguration(text: Array(text.utf8)).rules
            }
        } catch {
            throw fault(error, of: end)
        }
    }

    private func fault(_ error: ConfigurationFault, of end: LinkEnd) -> Failure {
        Failure(
            .failed,
            "\(path): line \(error.line) of its \(end.name) configuration is "
                + "\(error.reason.name); was it made by a newer synscope?")
    }

    func replay(_ end: LinkEnd, schedule: LinkSchedule) throws -> ExactReplay {
        guard let text = end == .host ? hostText : bridgeText else {
            throw Failure(
                .failed,
                "\(path) was not made by a \(end.name) of synscope: it has no journal of one; "
                    + "replay it with --mode sequence")
        }
        do throws(ConfigurationFault) {
            switch end {
            case .host:
                return ExactReplay(
                    host: try RecordedConfiguration.host(text, schedule: schedule),
                    schedule: schedule, isPunctual: isPunctual)
            case .bridge:
                return ExactReplay(
                    bridge: try RecordedConfiguration.bridge(text), schedule: schedule,
                    isPunctual: isPunctual)
            }
        } catch {
            throw fault(error, of: end)
        }
    }
}

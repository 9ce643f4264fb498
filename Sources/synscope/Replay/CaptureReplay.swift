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
    /// Nil: those that made the capture, or both where it is not of synscope's own ends.
    let ends: [LinkEnd]?
    let mode: ReplayMode
    /// Nil: the reference's for captures without a journal.
    let dialect: Dialect?
    let withoutRules: [ReferenceRule]
    let trial: SequenceTrial
    let link: LinkOptions
    let showsProgress: Bool

    /// The capture, and how its link is read.
    func open() throws -> (capture: Capture, link: LinkOptions) {
        let capture = try Capture(opening: path)
        return (capture, try link.resolved(for: capture))
    }

    /// What came of each end, the host first.
    func results(_ capture: Capture, _ link: LinkOptions) throws -> [EndReplay] {
        var schedule = LinkSchedule()
        try CapturePass(capture: capture, title: "decoding", showsProgress: showsProgress)
            .decode(link.decoderConfiguration) { schedule.handle($0) }
        let machines = RecordedMachines(capture)
        let ends = ends ?? (mode == .auto || mode == .exact ? machines.ownEnds : [.host, .bridge])
        let ways = ends.map { (end: $0, mode: mode(of: $0, capture, machines)) }
        // One pass over the edges serves both ends.
        let exactEnds = ways.filter { $0.mode == .exact }.map(\.end)
        let otherEnds = ways.filter { $0.mode != .exact }.map(\.end)
        var exacts = try exact(exactEnds, capture, schedule, machines).makeIterator()
        var links = try linkResults(otherEnds, capture, schedule, link).makeIterator()
        return try ways.compactMap { end, mode in
            switch mode {
            case .exact: exacts.next().map { .exact($0) }
            case .sequence:
                try links.next().map { .sequence(try session(of: end, schedule, machines), $0) }
            case .link, .auto: links.next().map { .link($0) }
            }
        }
    }

    /// How an end is replayed: never ``ReplayMode/auto``.
    private func mode(
        of end: LinkEnd, _ capture: Capture, _ machines: RecordedMachines
    ) -> ReplayMode {
        guard mode == .auto else { return mode }
        let concludes = dialect != nil || trial != .none || !withoutRules.isEmpty
        if machines.hasJournal(of: end), !concludes { return .exact }
        // What was called before such a file begins is unknown.
        return capture.observationStart == .zero ? .sequence : .link
    }

    private func session(
        of end: LinkEnd, _ schedule: LinkSchedule, _ machines: RecordedMachines
    ) throws -> SequenceReplayResult {
        var rules = try dialect.map { ReferenceRules($0) } ?? machines.rules(of: end)
        for rule in withoutRules { rules = rules.without(rule) }
        return SequenceReplay(end: end, schedule: schedule, rules: rules, trial: trial).result()
    }

    private func linkResults(
        _ ends: [LinkEnd], _ capture: Capture, _ schedule: LinkSchedule, _ link: LinkOptions
    ) throws -> [LinkReplayResult] {
        if ends.isEmpty { return [] }
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
    ) throws -> [ExactReplayResult] {
        if ends.isEmpty { return [] }
        var replays = try ends.map { try machines.replay($0, schedule: schedule) }
        var source = ReadAheadSource(try capture.edges())
        var batch = EdgeBatch(levels: capture.initialLevels)
        var recordSource = capture.recordSource()
        var records: [JournalRecord] = []
        var edgeCount: Int64 = 0
        var progress = Progress(
            "replaying \(path)", total: Double(capture.edgeCount), isEnabled: showsProgress)
        defer { progress.end() }
        while try source.read(into: &batch) {
            edgeCount += Int64(batch.edges.count)
            try recordSource.read(before: edgeCount, into: &records)
            for index in replays.indices { replays[index].feed(batch, records: records) }
            progress.update(Double(edgeCount))
            if Interrupt.isRequested { throw Failure(.interrupted, "interrupted") }
        }
        try recordSource.read(before: .max, into: &records)
        return replays.indices.map { replays[$0].finish(at: capture.end, records: records) }
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
        hostText = extra.first { $0.key == CaptureMetadata.MachineKey.host }?.value
        isPunctual = extra.contains {
            $0.key == CaptureMetadata.MachineKey.time && $0.value == "virtual"
        }
        bridgeText = extra.first { $0.key == CaptureMetadata.MachineKey.bridge }?.value
    }

    /// The ends that made the capture; both if neither did.
    var ownEnds: [LinkEnd] {
        let own = [LinkEnd.host, .bridge].filter { hasJournal(of: $0) }
        return own.isEmpty ? [.host, .bridge] : own
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

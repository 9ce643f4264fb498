import ArgumentParser
import LinkProtocol
import Replay
import Reporting
import Signals

/// `synscope replay`: captures against the stack.
struct ReplayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay captures against synscope's own stack, and find the first difference.",
        discussion: """
            exact     from a capture's own journal: every call, byte, level and timer goes in again, \
            and every output must be equal, at its time.
            sequence  from edges alone: at the bit where a recorded frame began, our machine must \
            hold exactly that frame; calls and network events are concluded, known faults of the \
            reference are exempt by rule; and every edge must be equal.
            link      from edges alone, without asking why a frame was sent.

              synscope replay trace.syn
              synscope replay *.syn --end host --junit replay.xml
              synscope replay Captures            # a folder with a replay.manifest
              synscope replay Captures --bless    # accept what changed, after showing it
              synscope replay trace.syn --without-rule subscribed-twice

            Exit status: 0 identical, 1 differs, 2 could not tell (missing edges, or a capture that \
            begins in the middle) or failed.
            """)

    enum End: String, ExpressibleByArgument, CaseIterable { case host, bridge, both }

    @Argument(help: "The captures (.syn), or folders with a replay.manifest.")
    var captures: [String]

    @Option(
        help: """
            The end to replay: host, bridge or both. (default: the ends that made the capture, if it is of \
            synscope's own, else both)
            """)
    var end: End?

    @Option(
        help: "How: auto (exact where there is a journal, else sequence), exact, sequence, link.")
    var mode: ModeArgument = ModeArgument(.auto)

    @Option(help: "How our machines behave in a sequence: current or reference, with its faults.")
    var dialect: DialectArgument?

    @Option(
        help: ArgumentHelp(
            "Do not exempt a known fault of the reference; may be given several times.",
            valueName: "RULE"))
    var withoutRule: [RuleArgument] = []

    @Option(
        help: ArgumentHelp(
            "Change our host on purpose, to see that it is found.",
            visibility: .hidden))
    var trial: TrialArgument = TrialArgument(.none)

    @Option(help: "Write a JUnit report to this file as well.")
    var junit: String?

    @Flag(help: "Accept what changed into the expected texts of a manifest, after showing it.")
    var bless = false

    @Flag(help: "Write one JSON object per capture and end.")
    var json = false

    @Flag(help: "Show passwords.")
    var showSecrets = false

    @OptionGroup var link: LinkOptions

    func validate() throws {
        let judges = dialect != nil || !withoutRule.isEmpty || trial.trial != .none
        if judges, mode.mode == .exact || mode.mode == .link {
            throw ValidationError(
                "--dialect and --without-rule are for --mode sequence: the other modes conclude "
                    + "nothing that they could change")
        }
        if bless, judges {
            throw ValidationError(
                "--bless accepts what a plain replay says: leave out --dialect and --without-rule")
        }
    }

    func run() throws {
        let jobs = try captures.flatMap { try self.jobs(for: $0) }
        if let junit {
            try OutputGuard.check(
                junit,
                isNone: jobs.flatMap {
                    [$0.replay.path, $0.manifest, $0.expected].compactMap { $0 }
                })
        }
        if bless, jobs.allSatisfy({ $0.expected == nil }) {
            throw Failure(
                .failed,
                "--bless needs a folder with a \(ReplayManifest.fileName): it is that "
                    + "which has expected texts")
        }
        var worst = ReplayVerdict.same
        var cases: [ReplayJUnit.Case] = []
        var results: [EndReplay] = []
        var failure: Failure?
        try ReplayRun(jobs: jobs, showSecrets: showSecrets, bless: bless).forEach { outcome in
            worst = .worse(worst, outcome.verdict)
            cases += outcome.cases
            results += outcome.results
            if let problem = outcome.failure {
                Console.complain(problem.message ?? "interrupted")
                failure = problem
                return
            }
            if json {
                for object in outcome.objects { try Console.print(object.line) }
            } else {
                if jobs.count > 1 { try Console.print(outcome.path) }
                for line in outcome.lines { try Console.print(line) }
            }
        }
        if !json {
            for line in ReplayText.scope(of: results, width: Console.width) {
                try Console.print(line)
            }
        }
        if let junit {
            try TextOutput.write(ReplayJUnit(cases).text, to: junit, replacing: true)
        }
        if let failure, worst != .differs { throw Failure(failure.status) }
        switch worst {
        case .same: return
        case .differs: throw Failure(.differs)
        case .couldNotTell: throw Failure(.failed)
        }
    }

    private var ends: [LinkEnd]? {
        switch end {
        case nil: nil
        case .host: [.host]
        case .bridge: [.bridge]
        case .both: [.host, .bridge]
        }
    }

    private func jobs(for path: String) throws -> [ReplayJob] {
        if FolderKind.isFolder(path) {
            guard mode.mode == .auto, end == nil, dialect == nil else {
                throw Failure(
                    .failed,
                    "\(path) is a folder: its \(ReplayManifest.fileName) says end, mode and dialect; "
                        + "leave out --end, --mode and --dialect")
            }
            return try ReplayManifest(folder: path).jobs(
                trial: trial.trial, withoutRules: withoutRule.map(\.rule), link: link)
        }
        return [
            ReplayJob(
                replay: CaptureReplay(
                    path: path, ends: ends, mode: mode.mode, dialect: dialect?.dialect,
                    withoutRules: withoutRule.map(\.rule), trial: trial.trial, link: link,
                    showsProgress: captures.count == 1),
                expected: nil)
        ]
    }
}

/// A mode of replay on the command line.
struct ModeArgument: ExpressibleByArgument {
    let mode: ReplayMode

    init(_ mode: ReplayMode) { self.mode = mode }

    init?(argument: String) {
        guard let mode = ReplayMode(rawValue: argument) else { return nil }
        self.mode = mode
    }

    static var allValueStrings: [String] { ReplayMode.allCases.map(\.rawValue) }
    var defaultValueDescription: String { mode.rawValue }
}

/// A rule of the reference on the command line.
struct RuleArgument: ExpressibleByArgument {
    let rule: ReferenceRule

    init?(argument: String) {
        guard let rule = ReferenceRule.allCases.first(where: { $0.name.description == argument })
        else { return nil }
        self.rule = rule
    }

    static var allValueStrings: [String] { ReferenceRule.allCases.map { $0.name.description } }
}

/// A change on purpose on the command line.
struct TrialArgument: ExpressibleByArgument {
    let trial: SequenceTrial

    init(_ trial: SequenceTrial) { self.trial = trial }

    init?(argument: String) {
        guard let trial = SequenceTrial(rawValue: argument) else { return nil }
        self.trial = trial
    }

    static var allValueStrings: [String] { SequenceTrial.allCases.map(\.rawValue) }
    var defaultValueDescription: String { trial.rawValue }
}

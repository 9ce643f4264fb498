import Dispatch
import LinkProtocol
import Measurements
import Replay
import Reporting
import Signals
import Synchronization

/// One capture to replay, and what is expected of it.
struct ReplayJob: Sendable {
    var replay: CaptureReplay
    /// The file with the text that the replay is expected to print; nil for none.
    var expected: String?
    /// The manifest that says so; nil for none.
    var manifest: String?
}

/// What came of one capture.
struct ReplayOutcome: Sendable {
    var path: String
    var results: [EndReplay] = []
    var lines: [String] = []
    var objects: [JSONValue] = []
    var cases: [ReplayJUnit.Case] = []
    var verdict: ReplayVerdict = .couldNotTell
    var failure: Failure?
}

/// Many captures, as many at a time as there are processors; their outcomes in the order of the
/// captures.
struct ReplayRun {
    let jobs: [ReplayJob]
    let showSecrets: Bool
    let bless: Bool

    func forEach(_ body: (ReplayOutcome) throws -> Void) throws {
        let outcomes = Mutex([ReplayOutcome?](repeating: nil, count: jobs.count))
        let done = Mutex(0)
        let progress = Mutex(
            Progress(
                "replaying \(jobs.count) captures", total: Double(jobs.count),
                isEnabled: jobs.count > 1))
        let (jobs, showSecrets, bless) = (jobs, showSecrets, bless)
        DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
            let outcome = Self.outcome(of: jobs[index], showSecrets: showSecrets, bless: bless)
            outcomes.withLock { $0[index] = outcome }
            let count = done.withLock { count in
                count += 1
                return count
            }
            progress.withLock { $0.update(Double(count)) }
        }
        progress.withLock { $0.end() }
        for outcome in outcomes.withLock({ $0 }) {
            if let outcome { try body(outcome) }
        }
    }

    private static func outcome(
        of job: ReplayJob, showSecrets: Bool, bless: Bool
    ) -> ReplayOutcome {
        var outcome = ReplayOutcome(path: job.replay.path)
        do {
            let (capture, link) = try job.replay.open()
            let secrets =
                try showSecrets ? nil : SecretSearch(link: link).bookForMasking(of: capture)
            let characterBits = link.characterSize.bitCount
            outcome.results = try job.replay.results(capture, link)
            let text = ReplayText(
                capture: job.replay.path, secrets: secrets, width: Console.width,
                characterBits: characterBits)
            var verdict = ReplayVerdict.same
            for result in outcome.results {
                let lines = text.lines(result)
                verdict = .worse(verdict, result.verdict)
                outcome.lines += lines
                outcome.objects.append(
                    ReplayObjects.object(result, capture: job.replay.path, secrets: secrets))
                outcome.cases.append(
                    .init(
                        capture: job.replay.path, end: result.end.name, verdict: result.verdict,
                        text: lines.joined(separator: "\n")))
            }
            outcome.verdict = verdict
            if let expected = job.expected {
                let plain = ReplayText(
                    capture: job.replay.path.lastPathComponent, secrets: secrets,
                    width: TextWidth.standard, characterBits: characterBits)
                try compare(&outcome, told: plain, with: expected, bless: bless)
            }
        } catch let failure as Failure {
            outcome.failure = failure
        } catch {
            outcome.failure = Failure(.failed, "\(error)")
        }
        if let failure = outcome.failure {
            outcome.verdict = .couldNotTell
            outcome.cases.append(
                .init(
                    capture: job.replay.path, end: "both", verdict: .couldNotTell,
                    text: failure.message ?? ""))
        }
        return outcome
    }

    /// The text is the expectation, whatever the verdict: a difference that is expected is well. It
    /// is what `synscope replay CAPTURE` prints for that capture alone.
    private static func compare(
        _ outcome: inout ReplayOutcome, told text: ReplayText, with path: String, bless: Bool
    ) throws {
        let found =
            outcome.results.flatMap { text.lines($0) }
            + ReplayText.scope(of: outcome.results, width: TextWidth.standard)
        let expected = try ExpectedText(path: path)
        let changes = expected.changes(to: found)
        if changes.isEmpty {
            outcome.verdict = .same
            outcome.lines = ["as expected (\(path.lastPathComponent))"] + outcome.lines
            outcome.cases = outcome.cases.map {
                .init(capture: $0.capture, end: $0.end, verdict: .same, text: "")
            }
            return
        }
        outcome.lines = ["NOT as expected (\(path.lastPathComponent)):"] + changes
        if bless {
            try expected.replace(by: found)
            outcome.verdict = .same
            outcome.lines[0] = "now expected (\(path.lastPathComponent)):"
            return
        }
        outcome.verdict = .differs
        outcome.cases.append(
            .init(
                capture: outcome.path, end: "expected text", verdict: .differs,
                text: changes.joined(separator: "\n")))
    }
}

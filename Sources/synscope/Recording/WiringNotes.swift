import Decoding
import Reporting
import Signals

/// What may be wrong with the wires, told once each while a recording goes on.
struct WiringNotes {
    private var check: WiringCheck
    private let start: Timestamp
    private var told: [WiringCheck.Finding] = []
    private var lastEdges = ContinuousClock.now
    private var nextLook: Timestamp
    private var lastTime: Timestamp

    init(start: Timestamp, levels: LevelSet) {
        check = WiringCheck(start: start, levels: levels)
        self.start = start
        nextLook = start + WiringCheck.quietMin
        lastTime = start
    }

    mutating func take(_ batch: EdgeBatch) {
        check.take(batch)
        guard let last = batch.edges.last else { return }
        lastEdges = .now
        lastTime = max(lastTime, last.time)
    }

    /// What is new, in sentences. Looks every few seconds, by the time stamps, or by the clock where a
    /// source that is silent has none.
    mutating func takeNotes(at time: Timestamp) -> [String] {
        let silence = Nanoseconds(Int64((.now - lastEdges) / .nanoseconds(1)))
        let now = max(time, lastTime + silence)
        guard now >= nextLook else { return [] }
        nextLook = now + Nanoseconds(WiringCheck.quietMin.count / 5)
        return notes(of: check.findings(at: now))
    }

    /// What is new at the end.
    mutating func takeLastNotes(at time: Timestamp) -> [String] {
        notes(of: check.findings(at: max(time, lastTime)))
    }

    private mutating func notes(of findings: [WiringCheck.Finding]) -> [String] {
        findings.filter { finding in
            guard !told.contains(where: { $0.isSame(as: finding) }) else { return false }
            told.append(finding)
            return true
        }.map { "warning: " + WiringText.describe($0) }
    }
}

/// Findings about the wires in words.
enum WiringText {
    static func describe(_ finding: WiringCheck.Finding) -> String {
        switch finding {
        case .nothingMoves(let span):
            "no wire has moved for \(seconds(span)): is the link powered, and ground joined?"
        case .resetIsLow(let span):
            "reset has been low for \(seconds(span)): the bridge is held in reset, or that wire is "
                + "not joined"
        case .neverMoves(let silent, let moving):
            "\(silent.wireName) never moves, and \(moving.wireName) does: is it joined, and the "
                + "\(silent == .sckin ? "bridge" : "host") powered?"
        case .exchanged(let clock, let isSilent, let other):
            "\(clock.wireName) \(isSilent ? "never moves" : "does not move like a clock"), and "
                + "\(other.wireName) does: are they exchanged?"
        case .clocksAreData:
            "stx and srx move like clocks, and sckout and sckin do not: are data and clocks "
                + "exchanged?"
        }
    }

    private static func seconds(_ span: Nanoseconds) -> String { "\(span.count / 1_000_000_000) s" }
}

extension WiringCheck.Finding {
    /// Whether it says the same, though perhaps of another span of time.
    fileprivate func isSame(as other: Self) -> Bool {
        switch (self, other) {
        case (.nothingMoves, .nothingMoves), (.resetIsLow, .resetIsLow): true
        default: self == other
        }
    }
}

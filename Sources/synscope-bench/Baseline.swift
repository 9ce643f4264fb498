import Foundation
import Reporting

/// Figures that were stored before, to compare with.
struct Baseline: Decodable {
    struct StoredFigure: Decodable {
        var section: String
        var name: String
        var median: Double
        var unit: String
        var lowest: Double
        var highest: Double
        var peer: String?
        var peerMedian: Double?
    }

    struct Machine: Decodable {
        var processor: String
        var cores: Int
    }

    var commit: String
    var date: String
    var machine: Machine
    var figures: [StoredFigure]

    /// Reads what a run has written.
    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        self = try JSONDecoder().decode(Baseline.self, from: data)
    }
}

/// One figure then and now, and whether a difference is more than noise.
struct Change {
    enum Verdict: String {
        case faster = "**faster**"
        case slower = "**slower**"
        case smaller = "**smaller**"
        case larger = "**larger**"
        case cannotTell = "cannot tell"
    }

    var name: String
    /// What is compared: a ratio to the peer of the same run, or the figure itself.
    var basis: String
    /// How much more it is now: 0.1 is a tenth.
    var difference: Double
    /// How far the difference can be off.
    var uncertainty: Double
    var verdict: Verdict

    /// Peers drift against each other even on a quiet machine.
    private static let driftMin = 0.03

    /// Compares a figure with the one of the same name; nil when there is none to compare with.
    init?(_ figure: Figure, baseline: Baseline, section: String, machine: MachineFacts) {
        guard
            let before = baseline.figures.first(where: {
                $0.section == section && $0.name == figure.name && $0.unit == figure.unit
            })
        else { return nil }
        name = figure.name
        guard before.median > 0, figure.value > 0 else { return nil }
        let isSameMachine =
            machine.processor == baseline.machine.processor
            && machine.cores == baseline.machine.cores
        let own = figure.value / before.median - 1
        var differences: [Double] = []
        if let peer = figure.peer, peer.name == before.peer, let peerBefore = before.peerMedian,
            peer.value > 0, peerBefore > 0
        {
            differences.append((1 + own) * peerBefore / peer.value - 1)
            basis = "ratio to \(peer.name)"
        } else {
            basis = "the figure itself"
        }
        if isSameMachine { differences.append(own) }
        guard let first = differences.first else { return nil }
        difference = first
        // Half of each spread, as a share.
        let spreadBefore = (before.highest - before.lowest) / before.median / 2
        let spread = (figure.range.upperBound - figure.range.lowerBound) / figure.value / 2
        let isSize = figure.unit == "bytes/edge"
        let uncertainty = isSize ? 0.0005 : max(Self.driftMin, spread + spreadBefore)
        self.uncertainty = uncertainty
        let moreIsBetter = figure.unit.hasSuffix("/s")
        // A peer can be in another mood on another day: on one machine both must say the same.
        let isMore = differences.allSatisfy { $0 > uncertainty }
        let isLess = differences.allSatisfy { $0 < -uncertainty }
        if !isMore, !isLess {
            verdict = .cannotTell
        } else if isSize || figure.unit == "MB" {
            verdict = isLess ? .smaller : .larger
        } else {
            verdict = isMore == moreIsBetter ? .faster : .slower
        }
    }

    /// A table of all changes.
    static func table(
        _ sections: [(title: String, figures: [Figure])], baseline: Baseline, machine: MachineFacts
    ) -> String {
        var lines = [
            "Beside the stored figures of commit \(baseline.commit), \(baseline.date). A change counts "
                + "when it is larger than the spread of both runs, and on the same machine only if "
                + "the figure itself has changed as well as its ratio.", "",
            "| figure | compared | change | ± | verdict |", "|---|---|--:|--:|---|",
        ]
        for section in sections {
            for figure in section.figures {
                guard
                    let change = Change(
                        figure, baseline: baseline, section: section.title, machine: machine)
                else { continue }
                let sign = change.difference < 0 ? "" : "+"
                lines.append(
                    "| \(change.name) | \(change.basis) "
                        + "| \(sign)\(BenchReport.decimals(100 * change.difference, 1)) % "
                        + "| \(BenchReport.decimals(100 * change.uncertainty, 1)) % "
                        + "| \(change.verdict.rawValue) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

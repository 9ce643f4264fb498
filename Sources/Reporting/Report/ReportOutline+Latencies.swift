import LinkProtocol
import Measurements
import Signals

extension ReportOutline {
    static func publications(of report: LinkReport) -> Section {
        let publish = report.publish
        var blocks = spreads(
            publish.rows.map { row in
                Spread("qos \(row.qos.rawValue), \(row.phase.explanation)", row.latency)
            })
        for row in publish.rows {
            blocks += chart("qos \(row.qos.rawValue), \(row.phase.explanation)", row.latency)
        }
        blocks.append(.text(outcome(of: publish.outcomes, "publication")))
        if let uncertainty = report.capture.stamps.spanUncertainty, publish.outcomes.answered > 0 {
            blocks.append(
                .text(
                    "The stamps put each latency off by less than "
                        + "\(ReportNumber.definedSpan(uncertainty)), either way."))
        }
        return Section(
            title: "Publish > PUBOK",
            explanation:
                "from the end of the publish frame to the end of its answer, in ms; qos 0 is answered at once, qos 1 when the broker has it",
            blocks: blocks)
    }

    static func requests(of report: LinkReport) -> Section? {
        if report.time.outcomes.isEmpty, report.memory.outcomes.isEmpty { return nil }
        var blocks = spreads([
            Spread("time (the bridge asks the internet)", report.time.latency),
            Spread("free memory", report.memory.latency),
        ])
        if !report.time.outcomes.isEmpty {
            blocks.append(.text("Time: " + outcome(of: report.time.outcomes, "request")))
        }
        if !report.memory.outcomes.isEmpty {
            blocks.append(.text("Memory: " + outcome(of: report.memory.outcomes, "request")))
        }
        return Section(
            title: "Request > answer",
            explanation: "from the end of the request to the end of its answer, in ms",
            blocks: blocks)
    }

    /// What became of requests, only as much of it as there is to say.
    private static func outcome(of outcomes: RequestOutcomes, _ noun: String) -> String {
        if outcomes.isEmpty { return "No \(noun)." }
        var parts = [
            "\(ReportNumber.counted(outcomes.sent, noun)) sent",
            "\(ReportNumber.count(outcomes.answered)) answered",
        ]
        if outcomes.unanswered > 0 {
            parts.append(
                "\(ReportNumber.count(outcomes.unanswered)) never answered (the session ended first)"
            )
        }
        if outcomes.open > 0 {
            parts.append(
                "\(ReportNumber.count(outcomes.open)) still waiting when the capture ended")
        }
        if outcomes.doubtful > 0 {
            parts.append(
                "\(ReportNumber.count(outcomes.doubtful)) left out (a gap lies before the answer)")
        }
        if outcomes.answersWithoutRequest > 0 {
            parts.append(
                ReportNumber.counted(outcomes.answersWithoutRequest, "answer")
                    + " to requests that the capture does not hold")
        }
        return parts.joined(separator: ", ") + "."
    }

    static func turnRounds(of report: LinkReport) -> Section? {
        var blocks = spreads([
            Spread("bridge", report.bridgeTurnRound.distribution),
            Spread("host", report.hostTurnRound.distribution),
        ])
        guard !blocks.isEmpty else { return nil }
        blocks.append(.text(stalls("bridge", report.bridgeTurnRound)))
        blocks.append(.text(stalls("host", report.hostTurnRound)))
        if report.watchdog.count > 0 {
            let hits = ReportNumber.counted(report.watchdog.count, "silence")
            blocks.append(.text("\(hits) of the bridge that the watchdog ended: see Watchdog."))
        }
        blocks += chart(
            "the bridge's turn-rounds", report.bridgeTurnRound.distribution, isDetail: true)
        blocks += chart(
            "the host's turn-rounds", report.hostTurnRound.distribution, isDetail: true)
        return Section(
            title: "Turn-round",
            explanation: "how long an end took to answer the other's clock, per bit, in ms",
            blocks: blocks)
    }

    private static func stalls(_ end: String, _ turnRounds: TurnRounds) -> String {
        guard let threshold = turnRounds.stallThreshold else { return "The \(end) never answered." }
        guard turnRounds.stallCount > 0 else {
            return "No bit that the \(end) answered took it "
                + "\(ReportNumber.definedSpan(threshold)) or more."
        }
        return "The \(end) stalled \(ReportNumber.counted(turnRounds.stallCount, "time")), for "
            + "\(ReportNumber.span(turnRounds.timeInStalls)) in all: a bit took it "
            + "\(ReportNumber.definedSpan(threshold)) or more, and then it went on."
    }
}

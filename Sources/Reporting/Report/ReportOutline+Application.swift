import LinkProtocol
import Measurements
import Signals

extension ReportOutline {
    private static let publicationsShownMax = 20

    /// Publications from call to return; nil without a log.
    static func application(of report: LinkReport) -> Section? {
        guard let facts = report.publications else { return nil }
        var blocks = spreads(
            PublicationHop.allCases.flatMap { hop in
                groupsShown(facts, hop).map { group in
                    Spread("\(hop.explanation)\(suffix(of: group))", facts.latency(hop, of: group))
                }
            })
        blocks.append(.text(outcome(of: facts)))
        blocks += list(
            facts.lost, "Lost: the call returned, and no frame of it ever crossed the wire.",
            columns: ["returned s"]
        ) { [moment($0.returned)] }
        blocks += list(
            facts.notArrived,
            "Never arrived at the broker, though the call returned as done.",
            columns: ["returned s", "to broker s"]
        ) { [moment($0.returned), moment($0.sentToBroker)] }
        blocks += list(
            facts.waiting, "Not sent: neither a frame nor a return before the capture's end.")
        blocks += list(
            facts.repeated, "Crossed the wire more than once.",
            columns: ["first s", "reset s", "again s"]
        ) { [moment($0.firstBit), moment($0.resetBetween), moment($0.lastFirstBit)] }
        blocks += list(
            facts.sentAgain, "Sent to the broker more than once.",
            columns: ["times", "to broker s", "PUBACK s"]
        ) { ["\($0.sentCount)", moment($0.sentToBroker), moment($0.acknowledgedByBroker)] }
        blocks += list(
            facts.arrivedAgain, "Arrived at the broker more than once.",
            columns: ["times", "first s"]
        ) { ["\($0.arrivalCount)", moment($0.arrived)] }
        blocks += remarks(on: facts)
        return Section(
            title: title(of: facts.source),
            explanation:
                "\(origin(of: facts.source)), in ms; held back: the bridge did not serve at some moment between the call and PUBOK",
            blocks: blocks)
    }

    private static func title(of source: PublicationFacts.Source) -> String {
        source == .bridge
            ? "Publications on their way to the broker" : "Publications as the application saw them"
    }

    private static func origin(of source: PublicationFacts.Source) -> String {
        switch source {
        case .log: "by its log"
        case .host: "by the host's journal"
        case .bridge: "by the bridge's journal"
        }
    }

    /// Groups that have values of a hop; qualities of service are kept apart where they differ.
    private static func groupsShown(
        _ facts: PublicationFacts, _ hop: PublicationHop
    ) -> [PublicationFacts.Group] {
        [.atMostOnce, .atLeastOnce, .heldBack].filter { facts.latency(hop, of: $0).count > 0 }
    }

    private static func suffix(of group: PublicationFacts.Group) -> String {
        switch group {
        case .all: ""
        case .atMostOnce: ", qos 0"
        case .atLeastOnce: ", qos 1"
        case .heldBack: ", held back"
        }
    }

    private static func outcome(of facts: PublicationFacts) -> String {
        if facts.called == 0, facts.source != .bridge {
            return facts.source == .log
                ? "The log has no call of publish." : "The application called no publish."
        }
        let first =
            facts.source == .bridge
            ? ReportNumber.counted(facts.crossed, "publication")
            : "\(ReportNumber.counted(facts.called, "call")) of publish"
        var parts = [first, "\(ReportNumber.count(facts.crossed)) crossed the wire"]
        if facts.sent > 0 { parts.append("\(ReportNumber.count(facts.sent)) sent to the broker") }
        if facts.arrived > 0 { parts.append("\(ReportNumber.count(facts.arrived)) arrived there") }
        parts.append("\(ReportNumber.count(facts.acknowledged)) got PUBOK")
        if facts.source != .bridge {
            parts.append("\(ReportNumber.count(facts.returned)) returned")
            parts.append("\(ReportNumber.count(facts.lost.count)) lost")
        }
        if facts.refused > 0 { parts.append("\(ReportNumber.count(facts.refused)) refused") }
        if facts.unconfirmed > 0 {
            parts.append("\(ReportNumber.count(facts.unconfirmed)) returned as not confirmed")
        }
        if facts.doubtful > 0 {
            parts.append("\(ReportNumber.count(facts.doubtful)) in doubt (edges are missing)")
        }
        if facts.withoutCall > 0, facts.source != .bridge {
            parts.append("\(ReportNumber.count(facts.withoutCall)) on the wire without a call")
        }
        return parts.joined(separator: ", ") + "."
    }

    private static func list(
        _ traces: BoundedList<PublicationTrace>, _ title: String, columns: [String] = [],
        _ cells: (PublicationTrace) -> [String] = { _ in [] }
    ) -> [Block] {
        guard traces.count > 0 else { return [] }
        let rows = traces.kept.prefix(publicationsShownMax).map { trace in
            [
                shortened(ReadableBytes.escaped(trace.content.topic)),
                shortened(ReadableBytes.quoted(trace.content.message)),
                "\(trace.content.qos.rawValue)", moment(trace.called),
            ] + cells(trace)
        }
        let table = Table(
            columns: ["topic", "message", "qos", "called s"] + columns, rows: Array(rows),
            textColumns: [1])
        let left = traces.count - Int64(rows.count)
        let more: [Block] =
            left > 0 ? [.text("and \(ReportNumber.counted(left, "publication")) more")] : []
        return [.text(title), .table(table)] + more
    }

    private static let contentShownMax = 32

    private static func shortened(_ text: String) -> String {
        text.count > contentShownMax ? text.prefix(contentShownMax - 1) + "…" : text
    }

    private static func remarks(on facts: PublicationFacts) -> [Block] {
        var blocks: [Block] = []
        if let offset = facts.log.offset {
            blocks.append(
                .text(
                    "The log's clock is taken to be \(ReportNumber.span(offset)) ahead of the "
                        + "capture's" + (facts.log.isOffsetFound ? slack(of: facts) : ".")))
        }
        if facts.contradictions > 0 {
            blocks.append(
                .text(
                    ReportNumber.counted(facts.contradictions, "hop")
                        + " came out negative and count as 0: "
                        + (facts.source == .log
                            ? "the log's clock is joined wrongly, or drifts."
                            : "publications that are equal were taken for one another.")))
        }
        return blocks
    }

    /// By how much an offset that was found can be off.
    private static func slack(of facts: PublicationFacts) -> String {
        let begin = ", as if the fastest status had been told at once. If it took longer"
        let end =
            ", the first hop is as much too long, and PUBOK > return as much too short."
        guard facts.contradictions == 0,
            let shortest = [PublicationFacts.Group.atMostOnce, .atLeastOnce].compactMap({
                facts.latency(.callToFirstBit, of: $0).min
            }).min()
        else { return begin + end }
        return begin + " (\(ReportNumber.span(shortest)) at most, the shortest first hop)" + end
    }
}

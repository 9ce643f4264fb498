import Decoding
import LinkProtocol
import Measurements
import Signals

extension ReportOutline {
    private static let interruptionsShownMax = 20

    /// Times without service, from their causes to the first PUBOK behind them; nil without a journal.
    static func interruptions(of report: LinkReport) -> Section? {
        guard let facts = report.interruptions, facts.list.count > 0 else { return nil }
        var blocks = spreads(
            facts.rows.map { Spread("no service: \($0.kind.explanation)", $0.length) } + [
                Spread("fault > service", facts.faultToRestored),
                Spread(
                    "service > first PUBOK, with publications held", facts.restoredToAcknowledgement
                ),
            ])
        let rows = facts.list.kept.prefix(interruptionsShownMax).map { interruption in
            [
                moment(interruption.lost), what(interruption),
                interruption.fault.map {
                    "\($0.name) at \(ReportNumber.seconds($0.time.nanoseconds))"
                } ?? ReportNumber.absent,
                moment(interruption.restored), seconds(interruption.length),
                "\(interruption.heldCount)", moment(interruption.firstAcknowledgement),
            ]
        }
        blocks.append(
            .table(
                Table(
                    columns: [
                        "lost s", "what", "fault put in", "again s", "without", "held",
                        "PUBOK s",
                    ], rows: Array(rows), textColumns: [1, 2])))
        let left = facts.list.count - Int64(rows.count)
        if left > 0 {
            blocks.append(.text("and \(ReportNumber.counted(left, "interruption")) more"))
        }
        if facts.unfinished > 0 {
            blocks.append(.text("There was no service when the capture ended."))
        }
        return Section(
            title: "Interruptions",
            explanation:
                "from the bridge's last service to RUNNING, WIFI_UP or the broker again, in ms; held: publications on their way then",
            blocks: blocks)
    }

    private static func what(_ interruption: Interruption) -> String {
        guard interruption.kind == .restart, let cause = interruption.resetCause else {
            return interruption.kind.rawValue
        }
        return "\(interruption.kind.rawValue), \(cause.name)"
    }

    private static func seconds(_ span: Nanoseconds?) -> String {
        span.map { ReportNumber.span($0) } ?? ReportNumber.absent
    }

    /// Messages of the broker; nil without a journal of the bridge.
    static func deliveries(of report: LinkReport) -> Section? {
        guard let delivery = report.delivery, delivery.count > 0 else { return nil }
        return Section(
            title: "Messages of the broker",
            explanation: "how long they waited in the bridge, in ms",
            blocks: spreads([Spread("PUBLISH > first bit of its frame", delivery)]))
    }
}

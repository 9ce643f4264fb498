import Decoding
import LinkProtocol
import Measurements
import Signals

extension ReportOutline {
    private static let sessionsShownMax = 10

    static func startUp(of report: LinkReport) -> Section? {
        let startUp = report.startUp
        var blocks = spreads(
            [
                Spread("reset held low", startUp.resetLow),
                Spread("release of reset > both ends synchronised", startUp.synchronised),
                Spread("synchronised > init sent (the configuration)", startUp.initialised),
            ]
                + startUp.statuses.map {
                    Spread("init > status \($0.status.name)\(meaning(of: $0.status))", $0.delay)
                } + [
                    Spread("release of reset > RUNNING", startUp.running),
                    Spread("last service > RUNNING again", startUp.withoutService),
                ])
        guard !blocks.isEmpty else { return nil }
        if startUp.sessionsWithoutRunning > 0 {
            blocks.append(
                .text(
                    ReportNumber.counted(startUp.sessionsWithoutRunning, "session")
                        + " never reported RUNNING."))
        }
        return Section(
            title: "Start-up", explanation: "the phases of a start, over all sessions",
            blocks: blocks)
    }

    private static func meaning(of status: Status) -> String {
        switch status {
        case .defaultNetwork: " (tries its own network)"
        case .specifiedNetwork: " (asks for another)"
        case .brokerCheck: " (tries the broker)"
        case .brokerOK: " (broker connected)"
        case .running: " (ready)"
        case .wifiUp: " (network up)"
        case .brokerFail: " (no broker: fatal)"
        case .wifiDown: " (no network)"
        default: ""
        }
    }

    static func sessions(of report: LinkReport) -> Section? {
        let sessions = report.sessions
        guard sessions.count > 1 || sessions.kept.contains(where: { $0.number == 0 }) else {
            return nil
        }
        let rows = sessions.kept.prefix(sessionsShownMax).map { session in
            [
                "\(session.number)", moment(session.resetPulled), cause(of: session),
                moment(session.synchronised), moment(session.running), moment(session.ended),
                ReportNumber.count(session.frames),
                ReportNumber.count(session.subscriptionsRenewed),
            ]
        }
        var blocks: [Block] = [
            .table(
                Table(
                    columns: [
                        "session", "reset", "cause", "SYNC", "RUNNING", "ended", "frames",
                        "renewed",
                    ],
                    rows: Array(rows), textColumns: [2]))
        ]
        let left = sessions.count - Int64(rows.count)
        if left > 0 { blocks.append(.text("and \(ReportNumber.counted(left, "session")) more")) }
        return Section(
            title: "Sessions",
            explanation: "from reset to reset; moments in s; renewed: subscriptions sent again",
            blocks: blocks)
    }

    static func moment(_ time: Timestamp?) -> String {
        time.map { ReportNumber.seconds($0.nanoseconds) } ?? ReportNumber.absent
    }

    private static func cause(of session: SessionSummary) -> String {
        switch session.cause {
        case .fatalStatus(let status)?: "status \(status.name)"
        case .start?: "start"
        case .watchdog?: "watchdog"
        case .noSynchronisation?: "no synchronisation"
        case .hostRestart?: "host restarted"
        case nil: "before the capture"
        }
    }

    // MARK: Watchdog

    static func watchdog(of report: LinkReport) -> Section {
        let explanation = "the host resets a bridge that has stopped toggling"
        let facts = report.watchdog
        guard facts.count > 0 else {
            return Section(
                title: "Watchdog", explanation: explanation,
                blocks: [.text("No hit.")])
        }
        var blocks: [Block] = [.text(ReportNumber.counted(facts.count, "hit") + ".")]
        let hits = report.sessions.kept.filter { $0.silence != nil }
        for hit in hits.prefix(hitsShownMax) { blocks.append(.timeline(timeline(of: hit))) }
        let left = facts.count - Int64(min(hits.count, hitsShownMax))
        if left > 0 {
            blocks.append(.text("and \(ReportNumber.counted(left, "hit")) more, all of them in:"))
            blocks += spreads([
                Spread("silence before the host acted", facts.silence),
                Spread("reset held low", facts.resetLow),
                Spread("reset > both ends synchronised", facts.toSynchronised),
                Spread("reset > RUNNING", facts.toRunning),
                Spread("last toggle > RUNNING (no service)", facts.withoutService),
            ])
        }
        return Section(title: "Watchdog", explanation: explanation, blocks: blocks)
    }

    private static let hitsShownMax = 5

    private static func timeline(of session: SessionSummary) -> [(time: String, text: String)] {
        var lines: [(time: String, text: String)] = []
        func note(_ time: Timestamp?, _ text: String) {
            if let time { lines.append((ReportNumber.seconds(time.nanoseconds) + " s", text)) }
        }
        if let silence = session.silence {
            note(silence.start, "the bridge's last toggle, in session \(silence.session)")
            let low = session.resetLow.map { "; reset held low \(ReportNumber.span($0))" } ?? ""
            note(silence.end, "the host acts after \(ReportNumber.span(silence.silence))\(low)")
        }
        note(session.synchronised, "both ends synchronised: session \(session.number)")
        let lost = session.withoutService.map { ", \(ReportNumber.span($0)) without service" } ?? ""
        note(session.running, "RUNNING\(lost)")
        note(
            session.lastRenewal,
            ReportNumber.counted(session.subscriptionsRenewed, "subscription") + " renewed")
        return lines
    }

    // MARK: Outages

    static func outages(of report: LinkReport) -> Section? {
        let outages = report.outages
        guard outages.length.count > 0 || outages.unfinished > 0 else { return nil }
        var blocks = spreads([Spread("WIFI_DOWN > WIFI_UP", outages.length)])
        if outages.unfinished > 0 {
            blocks.append(.text("The network was down when the capture ended."))
        }
        return Section(
            title: "Outages",
            explanation: "Wi-Fi or broker lost and found again, as the bridge reported it",
            blocks: blocks)
    }
}

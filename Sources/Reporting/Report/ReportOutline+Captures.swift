import LinkProtocol
import Measurements
import Signals

extension ReportOutline {
    /// Everything that a report on these captures says.
    init(of captures: [ReportedCapture]) {
        summary = captures.count > 1 ? Self.summary(of: captures) : nil
        chapters = captures.map { capture in
            Chapter(
                title: capture.heading.name,
                lines: Self.lines(of: capture),
                sections: Self.sections(of: capture.report))
        }
        let untold = LinkReport.notOnTheWire(of: captures.map(\.report))
        closing = Section(
            title: "Not on the wire",
            explanation: "what no capture of the wires can tell",
            blocks: untold.isEmpty
                ? [.text("Nothing of that kind: the journal tells it.")] : [.list(untold)])
    }

    private static func sections(of report: LinkReport) -> [Section] {
        [
            gaps(of: report), throughput(of: report), detail(kinds(of: report)),
            publications(of: report), application(of: report), requests(of: report),
            detail(turnRounds(of: report)),
            startUp(of: report), sessions(of: report), watchdog(of: report),
            outages(of: report), interruptions(of: report), deliveries(of: report),
        ].compactMap { $0 }
    }

    private static func detail(_ section: Section?) -> Section? {
        var section = section
        section?.isDetail = true
        return section
    }

    // MARK: The head of a chapter

    private static func lines(of capture: ReportedCapture) -> [String] {
        let facts = capture.report.capture
        var lines: [String] = []
        if !capture.heading.source.isEmpty { lines.append(capture.heading.source) }
        lines.append(
            "\(ReportNumber.counted(facts.edgeCount, "edge")) in "
                + "\(ReportNumber.seconds(facts.duration.count)) s, "
                + "\(ReportNumber.counted(sessionCount(of: capture.report), "session")), "
                + completeness(of: facts))
        lines.append(stamps(of: facts.stamps))
        return lines + capture.heading.notes
    }

    private static func sessionCount(of report: LinkReport) -> Int64 { report.sessions.count }

    static func completeness(of facts: CaptureFacts) -> String {
        if facts.isWithoutGaps { return "\(facts.completeness.name) throughout" }
        return "\(facts.completeness.name) except in "
            + "\(ReportNumber.counted(facts.gaps.count, "gap"))"
    }

    private static func stamps(of stamps: StampFacts) -> String {
        let resolution =
            stamps.resolution.map { "time stamps of \(ReportNumber.definedSpan($0))" }
            ?? "time stamps of unknown resolution"
        let accuracy =
            stamps.accuracyPartsPerBillion.map {
                "the clock is right to \(ReportNumber.decimal(Double($0) / 1_000, decimals: 3)) ppm"
            } ?? "accuracy of the clock\(Self.inWords(stamps.accuracy))"
        return "\(resolution), \(accuracy)"
    }

    private static func inWords(_ accuracy: String?) -> String {
        guard let accuracy, accuracy != "not calibrated" else { return " not calibrated" }
        return ": " + accuracy
    }

    // MARK: Gaps

    private static func gaps(of report: LinkReport) -> Section? {
        let gaps = report.capture.gaps
        guard gaps.count > 0 else { return nil }
        let rows = gaps.kept.prefix(gapsShownMax).map { place in
            [
                ReportNumber.seconds(place.gap.start.nanoseconds),
                ReportNumber.milliseconds(place.gap.end - place.gap.start),
                "\(place.session)", "\(place.gap.reason.name)",
                place.gap.channel.map(\.wireName) ?? "any",
            ]
        }
        var blocks: [Block] = [
            .table(
                Table(
                    columns: ["from s", "at most ms", "session", "known by", "wire"],
                    rows: Array(rows), textColumns: [3, 4]))
        ]
        let left = gaps.count - Int64(rows.count)
        if left > 0 { blocks.append(.text("and \(ReportNumber.counted(left, "gap")) more")) }
        return Section(
            title: "Gaps", explanation: "edges are missing here; figures leave out what they spoil",
            blocks: blocks)
    }

    private static let gapsShownMax = 10

    // MARK: Several captures

    private static func summary(of captures: [ReportedCapture]) -> Section {
        let rows = captures.map { capture -> [String] in
            let report = capture.report
            let qos0 = report.publish.latency(qos: .atMostOnce, phase: .whileRunning)
            let qos1 = report.publish.latency(qos: .atLeastOnce, phase: .whileRunning)
            return [
                Self.withoutEnding(capture.heading.name),
                ReportNumber.decimal(Double(report.capture.duration.count) / 1e9, decimals: 1),
                ReportNumber.count(report.capture.gaps.count),
                ReportNumber.rate(report.traffic.host.charactersPerSecondWhileSending),
                ReportNumber.rate(report.traffic.bridge.charactersPerSecondWhileSending),
                ReportNumber.rate(report.traffic.bitRate),
                ReportNumber.milliseconds(qos0[.p50]), ReportNumber.milliseconds(qos1[.p50]),
                ReportNumber.count(report.publish.outcomes.unanswered),
                ReportNumber.count(report.watchdog.count),
            ]
        }
        return Section(
            title: "Summary", explanation: "one row a capture; definitions are below",
            blocks: [
                .table(
                    Table(
                        columns: [
                            "capture", "s", "gaps", "H>B", "B>H", "bit/s",
                            "qos 0", "qos 1", "lost", "hits",
                        ],
                        rows: rows)),
                .text(
                    "H>B, B>H: char/s while the host or the bridge sends a frame; qos 0, qos 1: median "
                        + "from publish to PUBOK, in ms; lost: publications whose session ended "
                        + "before an answer; hits: of the watchdog."
                ),
            ])
    }

    private static func withoutEnding(_ name: String) -> String {
        name.hasSuffix(".syn") ? String(name.dropLast(4)) : name
    }
}

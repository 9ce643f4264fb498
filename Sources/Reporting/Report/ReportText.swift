import Measurements

/// A report for the terminal: plain text that fits its columns.
public struct ReportText {
    /// No line is longer.
    private let width: Int
    private let isBrief: Bool
    /// The longest bar of a chart.
    static let barLengthMax = 40

    /// The report on one or more captures, with a summary when there are several.
    ///
    /// - Parameters:
    ///   - isBrief: leaves out charts and the sections for a closer look.
    ///   - width: the columns of the terminal.
    public static func render(
        _ captures: [ReportedCapture], isBrief: Bool = false, width: Int = TextWidth.standard
    ) -> String {
        ReportText(width: TextWidth.clamped(width), isBrief: isBrief).render(captures)
    }

    /// Some sections alone, by their titles.
    public static func render(
        _ captures: [ReportedCapture], only titles: [String], width: Int = TextWidth.standard
    ) -> String {
        let text = ReportText(width: TextWidth.clamped(width), isBrief: true)
        let sections = ReportOutline(of: captures).chapters.flatMap(\.sections)
        return sections.filter { titles.contains($0.title) }.map {
            text.render($0).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private func render(_ captures: [ReportedCapture]) -> String {
        let outline = ReportOutline(of: captures)
        var lines: [String] = []
        if let summary = outline.summary { lines += render(summary) + [""] }
        for chapter in outline.chapters {
            lines += wrap(chapter.title, indent: 0)
            for line in chapter.lines { lines += wrap(line, indent: 2) }
            for section in chapter.sections where !(isBrief && section.isDetail) {
                lines += [""] + render(section)
            }
            lines.append("")
        }
        lines += render(outline.closing)
        return lines.map { $0 + "\n" }.joined()
    }

    private func render(_ section: ReportOutline.Section) -> [String] {
        let explanation = section.explanation.isEmpty ? "" : ": \(section.explanation)"
        return wrap(section.title + explanation, indent: 0, hanging: 2)
            + section.blocks.flatMap { render($0) }
    }

    private func render(_ block: ReportOutline.Block) -> [String] {
        switch block {
        case .text(let text): wrap(text, indent: 2)
        case .table(let table): TextTable(table).lines(indent: 2, widthMax: width)
        case .chart(let chart):
            chart.isDetail || isBrief ? [] : Self.lines(of: chart, indent: 2, width: width)
        case .timeline(let moments): render(moments)
        case .list(let items): items.flatMap { wrap("- " + $0, indent: 2, hanging: 2) }
        }
    }

    private func render(_ moments: [(time: String, text: String)]) -> [String] {
        let timeWidth = moments.reduce(0) { max($0, $1.time.count) }
        return moments.flatMap { moment in
            wrap(
                TextTable.padded(moment.time, to: timeWidth, left: true) + "  " + moment.text,
                indent: 2, hanging: timeWidth + 2)
        }
    }

    /// A chart of number signs.
    static func lines(
        of chart: ReportOutline.Chart, indent: Int, width: Int = TextWidth.standard
    ) -> [String] {
        let most = chart.bars.reduce(0) { max($0, $1.count) }
        let labelWidth = chart.bars.reduce(0) { max($0, $1.label.count) }
        return TextWidth.wrap(chart.caption, indent: indent, width: width)
            + chart.bars.map { bar in
                String(repeating: " ", count: indent + 2)
                    + TextTable.padded(bar.label, to: labelWidth, left: true) + "  "
                    + self.bar(bar.count, of: most) + ReportNumber.count(bar.count)
            }
    }

    /// A bar and a space; nothing at all for nothing.
    static func bar(_ count: Int64, of most: Int64) -> String {
        guard count > 0, most > 0 else { return "" }
        let share = Double(count) / Double(most) * Double(barLengthMax)
        return String(repeating: "#", count: max(1, Int(share.rounded()))) + " "
    }

    private func wrap(_ text: String, indent: Int, hanging: Int = 0) -> [String] {
        TextWidth.wrap(text, indent: indent, hanging: hanging, width: width)
    }

    /// Names and notes come from outside: what would move the cursor becomes a question mark.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? "?" : scalar
                }))
    }
}

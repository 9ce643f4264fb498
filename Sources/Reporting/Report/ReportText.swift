import Measurements

/// A report for the terminal: plain text of at most ``widthMax`` columns.
public enum ReportText {
    /// No line is longer.
    public static let widthMax = 100
    /// The longest bar of a chart.
    static let barLengthMax = 40

    /// The report on one or more captures, with a summary when there are several.
    ///
    /// - Parameter isBrief: leaves out charts and the sections for a closer look.
    public static func render(_ captures: [ReportedCapture], isBrief: Bool = false) -> String {
        let outline = ReportOutline(of: captures)
        var lines: [String] = []
        if let summary = outline.summary { lines += render(summary) + [""] }
        for chapter in outline.chapters {
            lines += wrap(chapter.title, indent: 0)
            for line in chapter.lines { lines += wrap(line, indent: 2) }
            for section in chapter.sections where !(isBrief && section.isDetail) {
                lines += [""] + render(section, isBrief: isBrief)
            }
            lines.append("")
        }
        lines += render(outline.closing)
        return lines.map { $0 + "\n" }.joined()
    }

    private static func render(
        _ section: ReportOutline.Section, isBrief: Bool = false
    ) -> [String] {
        let explanation = section.explanation.isEmpty ? "" : ": \(section.explanation)"
        return wrap(section.title + explanation, indent: 0, hanging: 2)
            + section.blocks.flatMap { render($0, isBrief: isBrief) }
    }

    private static func render(_ block: ReportOutline.Block, isBrief: Bool) -> [String] {
        switch block {
        case .text(let text): wrap(text, indent: 2)
        case .table(let table): TextTable(table).lines(indent: 2, widthMax: widthMax)
        case .chart(let chart): chart.isDetail || isBrief ? [] : lines(of: chart, indent: 2)
        case .timeline(let moments): render(moments)
        case .list(let items): items.flatMap { wrap("- " + $0, indent: 2, hanging: 2) }
        }
    }

    private static func render(_ moments: [(time: String, text: String)]) -> [String] {
        let width = moments.reduce(0) { max($0, $1.time.count) }
        return moments.flatMap { moment in
            wrap(
                TextTable.padded(moment.time, to: width, left: true) + "  " + moment.text,
                indent: 2, hanging: width + 2)
        }
    }

    /// A chart of number signs.
    static func lines(of chart: ReportOutline.Chart, indent: Int) -> [String] {
        let most = chart.bars.reduce(0) { max($0, $1.count) }
        let width = chart.bars.reduce(0) { max($0, $1.label.count) }
        return wrap(chart.caption, indent: indent)
            + chart.bars.map { bar in
                String(repeating: " ", count: indent + 2)
                    + TextTable.padded(bar.label, to: width, left: true) + "  "
                    + self.bar(bar.count, of: most) + ReportNumber.count(bar.count)
            }
    }

    /// A bar and a space; nothing at all for nothing.
    static func bar(_ count: Int64, of most: Int64) -> String {
        guard count > 0, most > 0 else { return "" }
        let share = Double(count) / Double(most) * Double(barLengthMax)
        return String(repeating: "#", count: max(1, Int(share.rounded()))) + " "
    }

    /// Breaks a text at spaces; lines after the first are indented by `hanging` more.
    static func wrap(_ text: String, indent: Int, hanging: Int = 0) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isBegun = false
        for word in printable(text).split(separator: " ", omittingEmptySubsequences: false) {
            if isBegun, line.count + 1 + word.count > widthMax {
                lines.append(line)
                line = String(repeating: " ", count: indent + hanging)
                isBegun = false
            }
            if isBegun { line += " " }
            line += word
            isBegun = true
            while line.count > widthMax {
                lines.append(String(line.prefix(widthMax)))
                line = String(repeating: " ", count: indent + hanging) + line.dropFirst(widthMax)
            }
        }
        return lines + [line]
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

import Measurements

/// A report as Markdown, with tables that GitHub and others draw.
public enum ReportMarkdown {
    /// The report on one or more captures, with a summary when there are several.
    public static func render(_ captures: [ReportedCapture]) -> String {
        let outline = ReportOutline(of: captures)
        var parts: [String] = []
        if let summary = outline.summary { parts += render(summary, level: 1) }
        for chapter in outline.chapters {
            parts.append("# " + escaped(chapter.title))
            parts.append(chapter.lines.map(escaped).joined(separator: "  \n"))
            for section in chapter.sections { parts += render(section, level: 2) }
        }
        parts += render(outline.closing, level: outline.chapters.count > 1 ? 1 : 2)
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func render(_ section: ReportOutline.Section, level: Int) -> [String] {
        var parts = [String(repeating: "#", count: level) + " " + escaped(section.title)]
        if !section.explanation.isEmpty { parts.append(sentence(section.explanation)) }
        return parts + section.blocks.map(render)
    }

    /// A clause as a paragraph of its own.
    private static func sentence(_ clause: String) -> String {
        escaped(clause.prefix(1).uppercased() + clause.dropFirst() + ".")
    }

    private static func render(_ block: ReportOutline.Block) -> String {
        switch block {
        case .text(let text): escaped(text)
        case .table(let table): render(table)
        case .chart(let chart): render(chart)
        case .timeline(let moments):
            render(.init(columns: ["", ""], rows: moments.map { [$0.time, $0.text] }))
        case .list(let items): items.map { "- " + escaped($0) }.joined(separator: "\n")
        }
    }

    private static func render(_ table: ReportOutline.Table) -> String {
        let rules = table.columns.indices.map { column in
            column == 0 || table.textColumns.contains(column) ? ":---" : "---:"
        }
        let rows = [table.columns.map(cell), rules] + table.rows.map { $0.map(cell) }
        return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private static func render(_ chart: ReportOutline.Chart) -> String {
        let lines = ReportText.lines(of: chart, indent: 0)
        return "```text\n" + lines.joined(separator: "\n") + "\n```"
    }

    private static func cell(_ text: String) -> String { escaped(text, beginsLine: false) }

    private static func escaped(_ text: String) -> String { escaped(text, beginsLine: true) }

    /// Text from outside must not become markup, and must stay on its line.
    private static func escaped(_ text: String, beginsLine: Bool) -> String {
        var escaped = ""
        var previous: Character = " "
        for (place, character) in ReportText.printable(text).enumerated() {
            let isMarkup =
                place == 0 && beginsLine
                ? "\\`*_[]<>|~&#+-=".contains(character) : "\\`*[]<|~&".contains(character)
            // An underscore inside a word emphasises nothing.
            let isUnderscore = character == "_" && !previous.isLetter && !previous.isNumber
            if isMarkup || isUnderscore { escaped.append("\\") }
            escaped.append(character)
            previous = character
        }
        return escaped
    }
}

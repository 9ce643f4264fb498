/// A table as aligned columns.
struct TextTable {
    private let columns: [String]
    private let rows: [[String]]
    private let textColumns: [Int]

    init(_ table: ReportOutline.Table) {
        columns = table.columns
        rows = table.rows.map { row in row.map(ReportText.printable) }
        textColumns = [0] + table.textColumns
    }

    /// The lines, without trailing spaces; the first column gives way when they are too long.
    func lines(indent: Int, widthMax: Int) -> [String] {
        var widths = columns.map(\.count)
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], cell.count)
            }
        }
        let total = indent + widths.reduce(0, +) + 2 * (widths.count - 1)
        widths[0] = max(1, widths[0] - max(0, total - widthMax))
        return ([columns] + rows).map { row in
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.enumerated() {
                if column > 0 { line += "  " }
                line += Self.padded(
                    Self.shortened(cell, to: widths[column]), to: widths[column],
                    left: !textColumns.contains(column))
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Fills a text with spaces, before it (`left`) or behind it.
    static func padded(_ text: String, to width: Int, left: Bool) -> String {
        let fill = String(repeating: " ", count: max(0, width - text.count))
        return left ? fill + text : text + fill
    }

    private static func shortened(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }
}

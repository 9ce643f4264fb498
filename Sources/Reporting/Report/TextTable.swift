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

    /// The lines, without trailing spaces; labels that are too long go on below.
    func lines(indent: Int, widthMax: Int) -> [String] {
        var widths = columns.map(\.count)
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], cell.count)
            }
        }
        let total = indent + widths.reduce(0, +) + 2 * (widths.count - 1)
        widths[0] = max(min(widths[0], Self.labelWidthMin), widths[0] - max(0, total - widthMax))
        return ([columns] + rows).flatMap { row in
            let label = TextWidth.wrap(row.first ?? "", hanging: 2, width: widths[0])
            var line = Self.padded(label[0], to: widths[0], left: false)
            for (column, cell) in row.enumerated().dropFirst() {
                line += "  "
                line += Self.padded(
                    cell, to: widths[column], left: !textColumns.contains(column))
            }
            return ([line] + label.dropFirst()).map { line in
                var line = String(repeating: " ", count: indent) + line
                while line.last == " " { line.removeLast() }
                return line
            }
        }
    }

    /// A narrower label is no longer read, whatever the width.
    private static let labelWidthMin = 12

    /// Fills a text with spaces, before it (`left`) or behind it.
    static func padded(_ text: String, to width: Int, left: Bool) -> String {
        let fill = String(repeating: " ", count: max(0, width - text.count))
        return left ? fill + text : text + fill
    }
}

/// How wide text is, and how it is broken.
public enum TextWidth {
    /// The columns of a terminal of which nothing is known.
    public static let standard = 80
    /// Narrower text is no longer read, and wider text not well.
    public static let range = 40...120

    /// The nearest width that makes sense.
    public static func clamped(_ width: Int) -> Int {
        min(max(width, range.lowerBound), range.upperBound)
    }

    /// As many of the first fields as fit, two spaces between them; none is cut but the first, when
    /// even that is too long.
    public static func fitting(_ fields: [String], in width: Int) -> String {
        guard var line = fields.first else { return "" }
        guard line.count <= width else { return line.prefix(max(0, width - 1)) + "…" }
        for field in fields.dropFirst() {
            guard line.count + 2 + field.count <= width else { break }
            line += "  " + field
        }
        return line
    }

    /// Breaks a text at spaces.
    ///
    /// - Parameters:
    ///   - indent: spaces before every line.
    ///   - hanging: spaces more before lines after the first.
    ///   - width: the columns that no line exceeds; words that are longer are cut.
    public static func wrap(
        _ text: String, indent: Int = 0, hanging: Int = 0, width: Int = standard
    ) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isBegun = false
        for word in ReportText.printable(text).split(
            separator: " ", omittingEmptySubsequences: false)
        {
            if isBegun, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent + hanging)
                isBegun = false
            }
            if isBegun { line += " " }
            line += word
            isBegun = true
            while line.count > width {
                lines.append(String(line.prefix(width)))
                line = String(repeating: " ", count: indent + hanging) + line.dropFirst(width)
            }
        }
        return lines + [line]
    }
}

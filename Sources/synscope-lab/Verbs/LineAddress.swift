import ArgumentParser

/// A line of a simulated chip: LABEL:LINE, the line by its name or number.
struct LineAddress: ExpressibleByArgument {
    var label: String
    var line: String

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":") else { return nil }
        label = String(argument[..<colon])
        line = String(argument[argument.index(after: colon)...])
        guard !label.isEmpty, !line.isEmpty else { return nil }
    }

    func find() throws(LabError) -> SimulatedLine {
        try SimulatedChip(label: label).line(line)
    }
}

import Reporting

/// All figures of one run, as JSON and Markdown.
struct BenchReport {
    var machine: MachineFacts
    var swift: String
    var commit: String
    var date: String
    var edgeCount: Int
    var seed: UInt64
    var sections: [(title: String, figures: [Figure])]

    var json: String {
        let value: JSONValue = .object([
            ("schema", .string("synscope.bench")), ("version", .integer(1)),
            (
                "machine",
                .object([
                    ("processor", .string(machine.processor)),
                    ("cores", .integer(Int64(machine.cores))),
                    ("memoryBytes", .integer(machine.memoryBytes)),
                    ("kernel", .string(machine.kernel)), ("swift", .string(swift)),
                    ("loadBefore", .number(machine.load)),
                ])
            ),
            ("commit", .string(commit)), ("date", .string(date)),
            ("edges", .integer(Int64(edgeCount))), ("seed", .integer(Int64(seed))),
            (
                "figures",
                .array(
                    sections.flatMap { section in
                        section.figures.map { object($0, section: section.title) }
                    })
            ),
        ])
        return value.text
    }

    private func object(_ figure: Figure, section: String) -> JSONValue {
        .object([
            ("section", .string(section)), ("name", .string(figure.name)),
            ("median", .number(figure.value)), ("unit", .string(figure.unit)),
            ("runs", .integer(Int64(figure.runs))),
            ("lowest", .number(figure.range.lowerBound)),
            ("highest", .number(figure.range.upperBound)),
            ("peer", figure.peer.map { .string($0.name) } ?? .null),
            ("peerMedian", .init(figure.peer?.value)), ("ratio", .init(figure.ratio)),
            ("goal", figure.goal.map { .string($0.text) } ?? .null),
            ("goalIsMet", figure.goal.map { .boolean($0.isMet) } ?? .null),
        ])
    }

    /// The tables, without a title.
    var tables: String {
        let memory = Int((Double(machine.memoryBytes) / 1e9).rounded())
        var lines = [
            "\(machine.processor), \(machine.cores) cores, \(memory) GB, \(machine.kernel), "
                + "\(swift), commit \(commit), \(date). "
                + "Load of the machine before: \(Self.decimals(machine.load, 1)).",
            "Generated traffic of \(BenchReport.grouped(Double(edgeCount))) edges, seed \(seed). "
                + "Medians; a ratio compares with the peer or limit of the same run.", "",
        ]
        for section in sections where !section.figures.isEmpty {
            lines += [
                "| \(section.title) | ours | runs from … to | peer or limit | its figure | ratio | goal |",
                "|---|--:|--:|---|--:|--:|---|",
            ]
            lines += section.figures.map(row)
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ figure: Figure) -> String {
        func text(_ value: Double) -> String { Self.text(value, figure.unit) }
        let range =
            figure.runs > 1
            ? "\(text(figure.range.lowerBound)) … \(text(figure.range.upperBound))" : ""
        let goal = figure.goal.map { "\($0.text): \($0.isMet ? "met" : "**not met**")" } ?? ""
        let columns = [
            figure.name, "\(text(figure.value)) \(figure.unit)", range, figure.peer?.name ?? "",
            figure.peer.map { text($0.value) } ?? "",
            figure.ratio.map { "\(Self.decimals($0, $0 < 0.1 ? 3 : 2))" } ?? "", goal,
        ]
        return "| " + columns.joined(separator: " | ") + " |"
    }

    /// A value with as many digits as mean something.
    static func text(_ value: Double, _ unit: String) -> String {
        if unit == "edges/s" {
            return value >= 1e6 ? "\(decimals(value / 1e6, 1)) M" : grouped(value)
        }
        return decimals(value, unit == "bytes/edge" ? 3 : value < 100 ? 1 : 0)
    }

    static func decimals(_ value: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int64(scale))
        return "\(sign)\(scaled / Int64(scale))."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    static func grouped(_ value: Double) -> String {
        var digits = String(Int64(value.rounded()))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}

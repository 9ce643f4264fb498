public import Measurements

/// A metric as people read it.
public enum MetricText {
    /// Every metric, one a line, with its unit in files: in groups, each under a line of what it is.
    ///
    /// - Parameter words: only metrics whose names contain one of these; none takes all.
    public static func list(containing words: [String] = []) -> [String] {
        let groups = LinkReport.metricGroups.map { group in
            (group.title, group.names.filter { isWanted($0, words) })
        }
        let width = groups.reduce(0) { max($0, $1.1.reduce(0) { max($0, $1.count) }) }
        var lines: [String] = []
        for (title, names) in groups where !names.isEmpty {
            lines += ["", "# " + title]
            lines += names.map { name in
                let unit = LinkReport.unit(ofMetric: name)?.symbol ?? ""
                return TextTable.padded(name, to: width, left: false) + "  "
                    + (unit.isEmpty ? "count" : unit)
            }
        }
        return lines.isEmpty ? [] : units + lines
    }

    /// What a number must have behind it in a gate.
    private static let units = [
        "# METRIC and the unit that it has in files. In a gate the number wants a unit:",
        "# a time ns, us, ms or s; a rate char/s, or bit/s or kbit/s; a share %; a count none.",
        "# A percentile exists only if there are enough values: p90 of 10, p99 of 100.",
    ]

    private static func isWanted(_ name: String, _ words: [String]) -> Bool {
        words.isEmpty || words.contains { name.lowercased().contains($0.lowercased()) }
    }

    /// The value with its unit, as the report prints it, or why there is none.
    public static func value(of metric: Metric) -> String {
        guard case .value(let value) = metric.reading else {
            if case .absent(let reason) = metric.reading { return reason }
            return ReportNumber.absent
        }
        return switch metric.unit {
        case .time: TimeText.span(whole(value))
        case .count: ReportNumber.count(whole(value))
        case .percent: ReportNumber.decimal(value, decimals: 1) + " %"
        case .characterRate, .bitRate: ReportNumber.rate(value) + " " + metric.unit.symbol
        }
    }

    /// The nearest integer; a sum of all times of a damaged file can be beyond all of them.
    private static func whole(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}

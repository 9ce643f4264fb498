public import Measurements

/// A metric as people read it.
public enum MetricText {
    /// Every metric, one a line, with the unit that its values have in files.
    public static var list: [String] {
        let names = LinkReport.metricNames
        let width = names.reduce(0) { max($0, $1.count) }
        return names.map { name in
            let unit = LinkReport.unit(ofMetric: name)?.symbol ?? ""
            return TextTable.padded(name, to: width, left: false) + "  "
                + (unit.isEmpty ? "count" : unit)
        }
    }

    /// The value with its unit, or why there is none.
    public static func value(of metric: Metric) -> String {
        switch metric.reading {
        case .absent(let reason): reason
        case .value(let value) where metric.unit == .time: TimeText.span(whole(value))
        case .value(let value) where value == value.rounded():
            "\(whole(value)) \(metric.unit.symbol)".trimmingSuffix(" ")
        case .value(let value): "\(value) \(metric.unit.symbol)".trimmingSuffix(" ")
        }
    }

    /// The nearest integer; a sum of all times of a damaged file can be beyond all of them.
    private static func whole(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

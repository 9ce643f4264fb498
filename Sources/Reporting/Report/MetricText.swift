public import Measurements

/// A metric as people read it.
public enum MetricText {
    /// The value with its unit, or why there is none.
    public static func value(of metric: Metric) -> String {
        switch metric.reading {
        case .absent(let reason): reason
        case .value(let value) where metric.unit == .time: TimeText.span(Int64(value.rounded()))
        case .value(let value) where value == value.rounded():
            "\(Int64(value)) \(metric.unit.symbol)".trimmingSuffix(" ")
        case .value(let value): "\(value) \(metric.unit.symbol)".trimmingSuffix(" ")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

/// Why a text is no gate.
public enum GateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no comparison in it.
    case noComparison(String)
    /// The comparison is none that gates know.
    case unknownComparison(String)
    /// Nothing stands before the comparison.
    case noMetric(String)
    /// There is no metric of this name; some have names like it.
    case unknownMetric(String, similar: [String])
    /// No number stands after the comparison.
    case noNumber(String)
    /// The number has more digits than can be compared exactly.
    case tooManyDigits(String)
    /// The number's unit is not one of the metric's.
    case wrongUnit(String, metric: String, unit: MetricUnit)

    /// What is wrong, and what would be right.
    public var description: String {
        switch self {
        case .noComparison(let text):
            "no comparison in '\(text)': write something like publish.qos1.p90>200ms"
        case .unknownComparison(let symbol):
            "'\(symbol)' is no comparison: use one of > >= < <= == !="
        case .noMetric(let text): "no metric before the comparison in '\(text)'"
        case .unknownMetric(let name, let similar):
            similar.isEmpty
                ? "there is no metric '\(name)'"
                : "there is no metric '\(name)'; did you mean \(similar.joined(separator: ", "))?"
        case .noNumber(let text):
            text.isEmpty
                ? "no number after the comparison" : "'\(text)' does not begin with a number"
        case .tooManyDigits(let text): "'\(text)' has more than \(GateNumber.digitsMax) digits"
        case .wrongUnit(let symbol, let metric, let unit):
            (symbol.isEmpty ? "the number has no unit: " : "'\(symbol)' is the wrong unit: ")
                + "\(metric) \(Self.wish(for: unit))"
        }
    }

    private static func wish(for unit: MetricUnit) -> String {
        switch unit {
        case .time: "is a time and wants ns, us, ms or s"
        case .characterRate: "is a rate and wants char/s"
        case .bitRate: "is a rate and wants bit/s or kbit/s"
        case .percent: "is a share and wants %"
        case .count: "is a plain number without unit"
        }
    }
}

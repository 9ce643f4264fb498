internal import Signals

/// A condition under which a capture shall be refused, such as `publish.qos1.p90>200ms`.
///
/// A gate trips when its condition holds. A metric that the capture does not support is an outcome
/// of its own: it neither trips the gate nor passes it.
public struct Gate: Equatable, Sendable {
    /// How the metric is compared.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case unequal = "!="
        case below = "<"
        case above = ">"

        func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .atMost: left <= right
            case .atLeast: left >= right
            case .equal: left == right
            case .unequal: left != right
            case .below: left < right
            case .above: left > right
            }
        }
    }

    /// What a gate says of a capture.
    public enum Outcome: Equatable, Sendable {
        /// The condition does not hold.
        case passed(value: Double)
        /// The condition holds.
        case tripped(value: Double)
        /// The capture does not support the metric, and why.
        case cannotTell(reason: String)
    }

    /// The gate as it was written.
    public let text: String
    /// The metric's name.
    public let metric: String
    /// The metric's unit.
    public let unit: MetricUnit
    /// How it is compared.
    public let comparison: Comparison
    /// The number that it is compared with, in the metric's unit (a time in nanoseconds).
    public let threshold: Double

    /// Reads a gate: a metric, one of `> >= < <= == !=`, a number and its unit.
    ///
    /// Times want `ns`, `us`, `ms` or `s`, rates `char/s`, or `bit/s` or `kbit/s`, shares `%`; counts
    /// have no unit.
    public init(parsing text: String) throws(GateError) {
        let characters = Array(text.utf8)
        guard let place = characters.firstIndex(where: { Array("<>=!".utf8).contains($0) }) else {
            throw .noComparison(text)
        }
        let end = characters[place...].firstIndex { !Array("<>=!".utf8).contains($0) }
        let symbol = String(decoding: characters[place..<(end ?? characters.count)], as: UTF8.self)
        guard let comparison = Comparison(rawValue: symbol) else {
            throw .unknownComparison(symbol)
        }
        let name = Self.trimmed(characters[..<place])
        guard !name.isEmpty else { throw .noMetric(text) }
        guard let unit = LinkReport.unit(ofMetric: name) else {
            throw .unknownMetric(name, similar: NearNames.of(name, among: LinkReport.metricNames))
        }
        let limit = Self.trimmed(characters[(end ?? characters.count)...])
        self.text = text
        metric = name
        self.unit = unit
        self.comparison = comparison
        threshold = try GateNumber.value(of: limit, unit: unit, metric: name)
    }

    /// What the gate says of a report.
    public func judge(_ report: LinkReport) -> Outcome {
        switch report.metric(named: metric)?.reading {
        case .value(let value)?:
            comparison.holds(value, threshold) ? .tripped(value: value) : .passed(value: value)
        case .absent(let reason)?: .cannotTell(reason: reason)
        case nil: .cannotTell(reason: "there is no metric \(metric)")
        }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var rest = text.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}

/// What a metric counts in.
public enum MetricUnit: UInt8, Hashable, Sendable, CaseIterable {
    /// Nanoseconds.
    case time
    /// Characters a second.
    case characterRate
    /// Bits a second.
    case bitRate
    /// Hundredths.
    case percent
    /// Nothing: a plain number.
    case count

    /// The unit as files and reports write it; empty for a plain number.
    public var symbol: String {
        switch self {
        case .time: "ns"
        case .characterRate: "char/s"
        case .bitRate: "bit/s"
        case .percent: "%"
        case .count: ""
        }
    }
}

/// What a capture says about a metric.
public enum MetricReading: Equatable, Sendable {
    /// The figure, in the metric's unit.
    case value(Double)
    /// The capture does not support a figure, and why.
    case absent(reason: String)
}

/// A figure of a report under a stable name, for gates and comparisons.
///
/// Names are dotted, and never change their meaning.
public struct Metric: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The unit.
    public var unit: MetricUnit
    /// The figure, or why there is none.
    public var reading: MetricReading

    /// The figure, or nil when there is none.
    public var value: Double? {
        if case .value(let value) = reading { value } else { nil }
    }
}

extension LinkReport {
    /// The names of all metrics, in the order of the catalogue.
    public static var metricNames: [String] { MetricCatalogue.all.map(\.name) }

    /// The names of all metrics in groups, each with a clause on what its members are.
    public static var metricGroups: [(title: String, names: [String])] {
        MetricCatalogue.groups.map { ($0.title, $0.members.map(\.name)) }
    }

    /// The unit of a metric; nil when there is no such name.
    public static func unit(ofMetric name: String) -> MetricUnit? {
        MetricCatalogue.all.first { $0.name == name }?.unit
    }

    /// The metric of a name; nil when there is no such name.
    public func metric(named name: String) -> Metric? {
        MetricCatalogue.all.first { $0.name == name }.map(reading)
    }

    /// Every metric, in the order of the catalogue.
    public var metrics: [Metric] { MetricCatalogue.all.map(reading) }

    private func reading(of definition: MetricCatalogue.Definition) -> Metric {
        Metric(name: definition.name, unit: definition.unit, reading: definition.read(self))
    }
}

import Measurements
import Signals

extension ReportOutline {
    /// A distribution with the words before it.
    struct Spread {
        var label: String
        var values: Distribution

        init(_ label: String, _ values: Distribution) {
            self.label = label
            self.values = values
        }
    }

    /// A table of distributions in milliseconds, and what its readers must know of it.
    ///
    /// A percentile that no row supports gets no column; below the table stands what it needs.
    static func spreads(_ spreads: [Spread], label: String = "") -> [Block] {
        let spreads = spreads.filter { $0.values.count > 0 }
        guard !spreads.isEmpty else { return [] }
        if spreads.allSatisfy({ $0.values.count == 1 }) {
            let rows = spreads.map { [$0.label, ReportNumber.milliseconds($0.values.max)] }
            return [.table(Table(columns: [label, "ms (n = 1)"], rows: rows))]
        }
        let most = spreads.reduce(0) { max($0, $1.values.count) }
        let percentiles = Distribution.Percentile.allCases.filter { $0.countMin <= most }
        let table = Table(
            columns: [label, "n", "min"] + percentiles.map(\.name) + ["max"],
            rows: spreads.map { spread in
                [spread.label, ReportNumber.count(spread.values.count)]
                    + cells(of: spread.values, percentiles: percentiles)
            })
        let needs = Distribution.Percentile.allCases.filter { percentile in
            percentile != .p999 && spreads.contains { $0.values.count < percentile.countMin }
        }
        var blocks: [Block] = [.table(table)]
        let notes =
            needs.map { "\($0.name) needs n >= \(ReportNumber.count($0.countMin))" }
            + binning(of: spreads)
        if !notes.isEmpty { blocks.append(.text(notes.joined(separator: "; "))) }
        return blocks
    }

    /// The cells of a distribution: the shortest, some percentiles, the longest.
    static func cells(
        of values: Distribution, percentiles: [Distribution.Percentile]
    ) -> [String] {
        [ReportNumber.milliseconds(values.min)]
            + percentiles.map { ReportNumber.milliseconds(values[$0]) }
            + [ReportNumber.milliseconds(values.max)]
    }

    private static func binning(of spreads: [Spread]) -> [String] {
        let error = spreads.reduce(0) { max($0, $1.values.binningErrorPartsPerMillion) }
        guard error > 0 else { return [] }
        let percent = ReportNumber.decimal(Double(error) / 10_000, decimals: 1)
        return ["values were counted in bins: figures are right to \(percent) %"]
    }

    /// A chart of a distribution that has enough values to show a shape.
    static func chart(
        _ caption: String, _ values: Distribution, isDetail: Bool = false
    ) -> [Block] {
        guard values.count >= chartedCountMin, values.bins.count > 1 else { return [] }
        let isShort = values.max.map { $0 < Nanoseconds.milliseconds(10) } ?? false
        let scale: Int64 = isShort ? 1_000 : 1_000_000
        let unit = isShort ? "us" : "ms"
        return [
            .chart(
                Chart(
                    caption: caption,
                    bars: values.bins.map { bin in
                        .init(
                            label: limit(bin.lower, scale) + "…" + limit(bin.upper, scale)
                                + " " + unit,
                            count: bin.count)
                    }, isDetail: isDetail))
        ]
    }

    private static let chartedCountMin: Int64 = 10

    private static func limit(_ span: Nanoseconds, _ scale: Int64) -> String {
        if span.count % scale == 0 { return ReportNumber.count(span.count / scale) }
        return ReportNumber.decimal(Double(span.count) / Double(scale), decimals: 3)
    }
}

import Measurements
import Signals

extension ReportOutline {
    static func throughput(of report: LinkReport) -> Section {
        let traffic = report.traffic
        let both: (String, (DirectionTraffic) -> String) -> [String] = { label, value in
            [label, value(traffic.host), value(traffic.bridge)]
        }
        var rows = [
            both("frames (strings, whole)") { ReportNumber.count($0.frames) },
            both("characters in frames, closing zeros not counted") {
                ReportNumber.count($0.characters)
            },
            both("char/s while a frame is sent") {
                ReportNumber.rate($0.charactersPerSecondWhileSending)
            },
            [
                "char/s over the whole capture",
                ReportNumber.rate(traffic.charactersPerSecond(of: .host)),
                ReportNumber.rate(traffic.charactersPerSecond(of: .bridge)),
            ],
            both("bits (an idle link sends zeros)") { ReportNumber.count($0.bits) },
            [
                "bit/s over the whole capture", ReportNumber.rate(traffic.bitRate(of: .host)),
                ReportNumber.rate(traffic.bitRate(of: .bridge)),
            ],
            [
                "share of time in which a frame is sent",
                ReportNumber.share(traffic.busyShare(of: .host)),
                ReportNumber.share(traffic.busyShare(of: .bridge)),
            ],
        ]
        if traffic.host.fragments + traffic.bridge.fragments > 0 {
            rows.insert(
                both("pieces of frames (cut off, damaged or headless)") {
                    ReportNumber.count($0.fragments)
                }, at: 1)
        }
        return Section(
            title: "Throughput", explanation: "what crossed the wires, and how fast",
            blocks: [
                .table(Table(columns: ["", "host>bridge", "bridge>host"], rows: rows)),
                .text(
                    "Either end sends a frame in \(ReportNumber.share(traffic.busyShare)) of the "
                        + "time; the link is idle in \(ReportNumber.share(traffic.idleShare))."),
            ] + rates(of: traffic))
    }

    /// The bit rate over time, in few enough bars for a terminal.
    private static func rates(of traffic: Traffic) -> [Block] {
        let bins = traffic.series.bins
        guard bins.count > 1 else { return [] }
        let group = (bins.count + ratesShownMax - 1) / ratesShownMax
        let width = Nanoseconds(traffic.series.binWidth.count * Int64(group))
        var bars: [Chart.Bar] = []
        for first in stride(from: 0, to: bins.count, by: group) {
            let part = bins[first..<min(first + group, bins.count)]
            let bits = part.reduce(Int64(0)) { $0 + $1.hostBits }
            let begin =
                (traffic.series.start ?? .zero) + Nanoseconds(width.count * Int64(bars.count))
            let end = min(begin + width, (traffic.series.start ?? .zero) + traffic.duration)
            let length = (end - begin).count
            guard length > 0 else { continue }
            bars.append(
                .init(
                    label: ReportNumber.seconds(begin.nanoseconds) + " s",
                    count: Int64(min(0x1p62, (Double(bits) * 1e9 / Double(length)).rounded()))))
        }
        return [
            .chart(
                Chart(
                    caption:
                        "bit/s from host to bridge, in steps of \(ReportNumber.definedSpan(width))",
                    bars: bars))
        ]
    }

    private static let ratesShownMax = 16

    static func kinds(of report: LinkReport) -> Section? {
        var rows: [[String]] = []
        for end in LinkEnd.allCases {
            for kind in report.traffic[end].kinds {
                rows.append(
                    [
                        "\(end.name)>\(end.peer.name) \(kind.name)",
                        ReportNumber.count(kind.count), ReportNumber.count(kind.characters),
                    ] + cells(of: kind.duration, percentiles: [.p50]))
            }
        }
        guard !rows.isEmpty else { return nil }
        return Section(
            title: "Frames by kind",
            explanation: "durations in ms, from the first bit to the closing zero",
            blocks: [
                .table(
                    Table(columns: ["", "n", "characters", "min", "p50", "max"], rows: rows))
            ])
    }
}

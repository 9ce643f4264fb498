import LinkProtocol
import Measurements
import Signals

/// A report as JSON, in the schema of Documentation/ReportSchema.md.
public enum ReportJSON {
    /// The schema's name and version; it changes with every change that could break a reader.
    public static let schema = "synscope.report/1"

    /// The report on one or more captures.
    public static func render(_ captures: [ReportedCapture]) -> String {
        JSONValue.object([
            ("schema", .string(schema)),
            ("captures", .array(captures.map(json))),
            (
                "notOnTheWire",
                .array(LinkReport.notOnTheWire(of: captures.map(\.report)).map { .string($0) })
            ),
        ]).text
    }

    private static func json(_ capture: ReportedCapture) -> JSONValue {
        let report = capture.report
        return .object([
            ("name", .string(capture.heading.name)),
            ("source", .string(capture.heading.source)),
            ("notes", .array(capture.heading.notes.map { .string($0) })),
            ("capture", json(report.capture)),
            ("traffic", json(report.traffic)),
            ("publish", json(report.publish)),
            ("publications", report.publications.map(json) ?? .null),
            ("journal", report.journal.map(json) ?? .null),
            ("interruptions", report.interruptions.map(json) ?? .null),
            ("delivery", report.delivery.map(json) ?? .null),
            ("time", json(report.time)),
            ("memory", json(report.memory)),
            (
                "turnRound",
                .object([
                    ("host", json(report.hostTurnRound)), ("bridge", json(report.bridgeTurnRound)),
                ])
            ),
            ("startUp", json(report.startUp)),
            ("sessions", sessions(of: report)),
            ("resets", .object(report.resets.map { ($0.cause, .integer($0.count)) })),
            ("watchdog", json(report.watchdog)),
            (
                "outages",
                .object([
                    ("length", json(report.outages.length)),
                    ("unfinished", .integer(report.outages.unfinished)),
                ])
            ),
            ("metrics", json(report.metrics)),
        ])
    }

    /// The metrics that the capture supports.
    private static func json(_ metrics: [Metric]) -> JSONValue {
        // A loop: Swift 6.3 fails to optimise the same as `compactMap`.
        var members: [(String, JSONValue)] = []
        for metric in metrics {
            guard let value = metric.value else { continue }
            members.append((metric.name, .number(value)))
        }
        return .object(members)
    }
}

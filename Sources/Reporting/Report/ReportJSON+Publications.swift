import Measurements

extension ReportJSON {
    /// Publications as a log or a journal has them.
    static func json(_ facts: PublicationFacts) -> JSONValue {
        .object([
            ("source", .string(facts.source.rawValue)),
            (
                "log",
                .object([
                    ("source", facts.log.source.map { .string($0) } ?? .null),
                    ("offsetNs", span(facts.log.offset)),
                    ("offsetFound", .boolean(facts.log.isOffsetFound)),
                    ("entries", .integer(facts.log.entryCount)),
                ])
            ),
            ("called", .integer(facts.called)), ("returned", .integer(facts.returned)),
            ("crossed", .integer(facts.crossed)), ("acknowledged", .integer(facts.acknowledged)),
            ("sent", .integer(facts.sent)), ("arrived", .integer(facts.arrived)),
            ("refused", .integer(facts.refused)), ("unconfirmed", .integer(facts.unconfirmed)),
            ("doubtful", .integer(facts.doubtful)), ("withoutCall", .integer(facts.withoutCall)),
            ("contradictions", .integer(facts.contradictions)),
            ("lost", list(facts.lost)), ("waiting", list(facts.waiting)),
            ("repeated", list(facts.repeated)), ("sentAgain", list(facts.sentAgain)),
            ("arrivedAgain", list(facts.arrivedAgain)), ("notArrived", list(facts.notArrived)),
            (
                "rows",
                .array(
                    facts.rows.map { row in
                        .object([
                            ("group", .string(row.group.name)), ("hop", .string(row.hop.name)),
                            ("latency", json(row.latency)),
                        ])
                    })
            ),
        ])
    }

    private static func list(_ traces: BoundedList<PublicationTrace>) -> JSONValue {
        .object([
            ("count", .integer(traces.count)),
            ("first", .array(traces.kept.map { PublicationObject.object(for: $0, unit: "Ns") })),
        ])
    }
}

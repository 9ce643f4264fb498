import Decoding
import Measurements
import Signals

extension ReportJSON {
    /// What of a journal the capture has.
    static func json(_ facts: JournalFacts) -> JSONValue {
        .object([
            ("host", .boolean(facts.hasHost)), ("bridge", .boolean(facts.hasBridge)),
            ("surroundings", .boolean(facts.hasSurroundings)),
            ("faults", .integer(facts.faultCount)), ("damaged", .integer(facts.damagedCount)),
        ])
    }

    /// Times without service.
    static func json(_ facts: InterruptionFacts) -> JSONValue {
        .object([
            ("count", .integer(facts.list.count)), ("held", .integer(facts.held)),
            ("unfinished", .integer(facts.unfinished)), ("length", json(facts.length)),
            (
                "kinds",
                .array(
                    facts.rows.map {
                        .object([
                            ("kind", .string($0.kind.rawValue)), ("length", json($0.length)),
                        ])
                    })
            ),
            ("faultToRestored", json(facts.faultToRestored)),
            ("restoredToPubok", json(facts.restoredToAcknowledgement)),
            ("first", .array(facts.list.kept.map(json))),
        ])
    }

    private static func json(_ interruption: Interruption) -> JSONValue {
        .object([
            ("kind", .string(interruption.kind.rawValue)),
            ("session", .integer(Int64(interruption.session))),
            ("resetCause", interruption.resetCause.map { .string($0.name) } ?? .null),
            ("fault", interruption.fault.map { .string($0.name) } ?? .null),
            ("faultNs", JSONValue(interruption.fault?.time.nanoseconds)),
            ("lostNs", .integer(interruption.lost.nanoseconds)),
            ("restoredNs", JSONValue(interruption.restored?.nanoseconds)),
            ("held", .integer(Int64(interruption.heldCount))),
            ("pubokNs", JSONValue(interruption.firstAcknowledgement?.nanoseconds)),
        ])
    }
}

/// Metrics of times without service, and of messages of the broker, which want a journal.
extension MetricCatalogue {
    private static let noJournal = "the capture has no journal of a machine"

    static let interruptions: [Definition] =
        [
            count("count") { $0.list.count }, count("held") { $0.held },
            count("unfinished") { $0.unfinished },
        ]
        + spread("interruption.length") { $0.interruptions?.length ?? Distribution() }
        + Interruption.Kind.allCases.flatMap { kind in
            spread("interruption.\(kind.rawValue)") {
                $0.interruptions?.length(of: kind) ?? Distribution()
            }
        }
        + spread("interruption.fault-service") {
            $0.interruptions?.faultToRestored ?? Distribution()
        }
        + spread("interruption.service-pubok") {
            $0.interruptions?.restoredToAcknowledgement ?? Distribution()
        }

    static let deliveries: [Definition] =
        spread("delivery.received-firstBit") { $0.delivery ?? Distribution() }

    private static func count(
        _ name: String, _ read: @escaping @Sendable (InterruptionFacts) -> Int64
    ) -> Definition {
        Definition(name: "interruption.\(name)", unit: .count) { report in
            report.interruptions.map { .value(Double(read($0))) } ?? .absent(reason: noJournal)
        }
    }
}

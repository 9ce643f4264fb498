/// Metrics of publications as an application's log or a journal has them.
extension MetricCatalogue {
    private static let noLog =
        "the capture has no log of an application (synscope annotate --log), and no journal"

    static let applicationPublications: [Definition] =
        [
            count("called") { $0.called }, count("returned") { $0.returned },
            count("crossed") { $0.crossed }, count("acknowledged") { $0.acknowledged },
            count("lost") { $0.lost.count }, count("waiting") { $0.waiting.count },
            count("sent") { $0.sent }, count("arrived") { $0.arrived },
            count("refused") { $0.refused }, count("unconfirmed") { $0.unconfirmed },
            count("doubtful") { $0.doubtful }, count("repeated") { $0.repeated.count },
            count("sentAgain") { $0.sentAgain.count },
            count("arrivedAgain") { $0.arrivedAgain.count },
            count("notArrived") { $0.notArrived.count },
            count("withoutCall") { $0.withoutCall },
            count("contradictions") { $0.contradictions },
        ]
        + PublicationFacts.Group.allCases.flatMap { group in
            PublicationHop.allCases.flatMap { hop in
                spread("publication.\(group.metricPrefix)\(hop.name)") {
                    $0.publications?.latency(hop, of: group) ?? Distribution()
                }
            }
        }

    private static func count(
        _ name: String, _ read: @escaping @Sendable (PublicationFacts) -> Int64
    ) -> Definition {
        Definition(name: "publication.\(name)", unit: .count) { report in
            report.publications.map { .value(Double(read($0))) } ?? .absent(reason: noLog)
        }
    }
}

@testable import Decoding
import LinkProtocol
import Signals
import Testing

@testable import Measurements

/// A log beside the wires, as figures of a report.
@Suite struct ApplicationViewTests {
    private func entry(_ text: String) -> JSONNode {
        (try? JSONNode(parsing: Array(text.utf8))) ?? .null
    }

    private func call(_ id: String, qos: QualityOfService = .atLeastOnce) -> JSONNode {
        entry(
            #"{"ev":"call","op":"publish","topic":"a","msg":"b","qos":\#(qos.rawValue),"id":\#(id)}"#
        )
    }

    private func back(_ id: String, _ operation: String = "publish") -> JSONNode {
        entry(#"{"ev":"ret","op":"\#(operation)","id":\#(id)}"#)
    }

    /// Feeds the conversation's events at their ends, and the log's entries at their times.
    private func report(
        _ talk: Conversation, _ log: [(Int64, JSONNode)]
    ) -> LinkReport {
        var measurements = LinkMeasurements()
        var rest = log[...]
        func tell(_ entry: (Int64, JSONNode)) {
            measurements.handle(
                JournalEvent(
                    time: at(entry.0), edgesBefore: 0, .application(entry.1, isFromLog: true)),
                session: 1)
        }
        for event in talk.events {
            if case .message(let message) = event {
                while let entry = rest.first, at(entry.0) < message.frame.end {
                    tell(entry)
                    rest.removeFirst()
                }
            }
            measurements.handle(event)
        }
        for entry in rest { tell(entry) }
        return measurements.finish(
            wires: WireDecoder(), captureStart: .zero, captureEnd: at(60_000),
            log: ApplicationLogFacts(source: "a.jsonl", offset: ms(3), isOffsetFound: true))
    }

    private var oneSentOneNot: LinkReport {
        var talk = Conversation.inARunningSession()
        let request = talk.publish(2_010, 2_050)
        talk.say(.status(.publicationOK), 2_190, 2_200, answering: request)
        return report(
            talk,
            [
                (2_000, call("1")), (2_000, entry(#"{"ev":"status","n":4}"#)), (2_220, back("1")),
                (3_000, call("2", qos: .atMostOnce)), (3_500, back("2")),
                (4_000, entry(#"{"ev":"call","op":"subscribe","id":3}"#)),
                (4_001, back("3", "subscribe")), (5_000, call("4")),
            ])
    }

    @Test func withoutALogThereIsNoView() {
        let report = Conversation.inARunningSession().report(until: 2_000)
        #expect(report.publications == nil)
        guard case .absent(let reason)? = report.metric(named: "publication.lost")?.reading else {
            Issue.record("a metric without a log")
            return
        }
        #expect(reason.contains("annotate --log"))
    }

    @Test func aLogGivesHopsAndFates() throws {
        let facts = try #require(oneSentOneNot.publications)
        #expect(facts.log.source == "a.jsonl" && facts.log.entryCount == 8)
        #expect(facts.called == 3 && facts.returned == 2)
        #expect(facts.crossed == 1 && facts.acknowledged == 1)
        #expect(facts.lost.kept.map(\.id) == ["2"])
        #expect(facts.waiting.kept.map(\.id) == ["4"])
        #expect(facts.latency(.callToFirstBit, of: .atLeastOnce).max == ms(10))
        #expect(facts.latency(.callToReturn, of: .all).max == ms(220))
        #expect(facts.latency(.callToReturn, of: .all).count == 1)
        #expect(facts.latency(.callToReturn, of: .atMostOnce).count == 0)
        #expect(facts.latency(.acknowledgementToReturn, of: .heldBack).count == 0)
        #expect(facts.contradictions == 0)
    }

    @Test func gatesKnowTheMetrics() throws {
        let report = oneSentOneNot
        #expect(
            try Gate(parsing: "publication.lost>0").judge(report) == .tripped(value: 1))
        #expect(
            try Gate(parsing: "publication.call-return.max<=220ms").judge(report)
                == .tripped(value: 220e6))
        #expect(
            try Gate(parsing: "publication.qos1.frameEnd-pubok.p50>1s").judge(report)
                == .passed(value: 150e6))
        guard
            case .cannotTell = try Gate(parsing: "publication.call-return.p90>1s").judge(report)
        else {
            Issue.record("a p90 of one value")
            return
        }
    }

    @Test func aClockThatContradictsTheWiresIsCounted() throws {
        var talk = Conversation.inARunningSession()
        talk.publish(2_010, 2_050)
        let facts = try #require(report(talk, [(2_020, call("1"))]).publications)
        #expect(facts.contradictions == 1)
        #expect(facts.latency(.callToFirstBit, of: .all).max == .zero)
    }

    @Test func whatWasCalledInAnOutageIsHeldBack() throws {
        var talk = Conversation.inARunningSession()
        talk.say(.status(.wifiDown), 2_000, 2_010)
        talk.say(.status(.wifiUp), 9_000, 9_010)
        let request = talk.publish(9_100, 9_150)
        talk.say(.status(.publicationOK), 9_190, 9_200, answering: request)
        let facts = try #require(
            report(talk, [(3_000, call("1")), (9_210, back("1"))]).publications)
        #expect(facts.latency(.callToReturn, of: .heldBack).max == ms(6_210))
        #expect(facts.latency(.callToReturn, of: .atLeastOnce).count == 0)
    }

    @Test func listsAreBounded() throws {
        let talk = Conversation.inARunningSession()
        let log = (0..<200).flatMap { step -> [(Int64, JSONNode)] in
            [
                (2_000 + Int64(step), call("\(step)")), (2_000 + Int64(step), back("\(step)")),
            ]
        }
        let facts = try #require(report(talk, log).publications)
        #expect(facts.lost.count == 200)
        #expect(facts.lost.kept.count == PublicationFacts.listedMax)
    }
}

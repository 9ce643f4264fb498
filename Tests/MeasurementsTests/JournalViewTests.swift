import BridgeProtocol
import LinkProtocol
import MQTTProtocol
import Signals
import Testing

@testable import Decoding
@testable import Measurements

/// What a journal adds to a report: hops, repetitions, losses, and times without service.
@Suite struct JournalViewTests {
    private func running() -> (Conversation, JournalFixture) {
        let talk = Conversation.inARunningSession()
        var fixture = JournalFixture()
        fixture.hear(talk.events)
        return (talk, fixture)
    }

    private func hear(
        _ fixture: inout JournalFixture, _ talk: inout Conversation,
        _ say: (inout Conversation) -> Void
    ) {
        let before = talk.events.count
        say(&talk)
        fixture.hear(Array(talk.events[before...]))
    }

    @Test func everyHopOfAPublicationIsMeasured() throws {
        var (talk, fixture) = running()
        var request: DecodedMessage.Request?
        fixture.call(2_000, 7)
        hear(&fixture, &talk) { request = $0.publish(2_010, 2_050) }
        fixture.publishOut(2_053)
        fixture.arrived(2_054)
        fixture.pubackIn(2_060)
        hear(&fixture, &talk) { $0.say(.status(.publicationOK), 2_190, 2_200, answering: request) }
        fixture.back(2_220, 7)
        let report = fixture.report()
        let facts = try #require(report.publications)
        let expected: [(PublicationHop, Int64)] = [
            (.callToFirstBit, 10), (.firstBitToFrameEnd, 40), (.frameEndToSent, 3),
            (.sentToBrokerAcknowledgement, 7), (.brokerAcknowledgementToAcknowledgement, 140),
            (.frameEndToAcknowledgement, 150), (.acknowledgementToReturn, 20),
            (.callToReturn, 220), (.callToArrival, 54),
        ]
        for (hop, span) in expected {
            #expect(facts.latency(hop, of: .atLeastOnce).max == ms(span), "\(hop)")
            let metric = report.metric(named: "publication.qos1.\(hop.name).max")
            #expect(metric?.value == Double(span) * 1e6)
        }
        #expect(facts.source == .host && facts.sent == 1 && facts.arrived == 1)
        #expect(facts.repeated.count + facts.sentAgain.count + facts.arrivedAgain.count == 0)
        #expect(facts.notArrived.count == 0 && facts.contradictions == 0)
        #expect(report.notOnTheWire == [])
    }

    @Test func callsOfALogBesideAHostsJournalAreNotCountedTwice() throws {
        var (_, fixture) = running()
        fixture.host(1_900, #"{"ev":"start"}"#)
        fixture.call(2_000, 7)
        fixture.call(2_000, 7, isFromLog: true)
        let facts = try #require(fixture.report().publications)
        #expect(facts.called == 1 && facts.log.entryCount == 1)
    }

    @Test func aPublicationThatIsSentAgainIsListed() throws {
        var (talk, fixture) = running()
        var request: DecodedMessage.Request?
        fixture.call(2_000, 7)
        hear(&fixture, &talk) { request = $0.publish(2_010, 2_050) }
        fixture.publishOut(2_060)
        fixture.publishOut(7_060, isDuplicate: true)
        fixture.pubackIn(7_070)
        hear(&fixture, &talk) { $0.say(.status(.publicationOK), 7_080, 7_090, answering: request) }
        fixture.arrived(2_065)
        fixture.arrived(7_065, isDuplicate: true)
        let facts = try #require(fixture.report().publications)
        #expect(facts.sentAgain.kept.map(\.sentCount) == [2])
        #expect(facts.arrivedAgain.kept.map(\.arrivalCount) == [2])
        #expect(facts.repeated.count == 0)
        // The way from the first sending to the acknowledgement has the repetition in it.
        #expect(facts.latency(.sentToBrokerAcknowledgement, of: .all).max == ms(5_010))
        #expect(facts.latency(.callToArrival, of: .all).max == ms(65))
    }

    @Test func afterAResetTheHopsBeginAnew() throws {
        var (talk, fixture) = running()
        var request: DecodedMessage.Request?
        fixture.call(2_000, 7)
        hear(&fixture, &talk) { $0.publish(2_010, 2_050) }
        fixture.publishOut(2_060)
        fixture.pubackIn(2_070)
        hear(&fixture, &talk) {
            $0.reset(5_000, 5_100, cause: .hostRestart)
            $0.running(9_000, 9_010, lastService: 5_000)
            request = $0.publish(9_020, 9_060)
        }
        fixture.publishOut(9_065)
        fixture.pubackIn(9_070)
        hear(&fixture, &talk) { $0.say(.status(.publicationOK), 9_080, 9_090, answering: request) }
        let facts = try #require(fixture.report().publications)
        #expect(facts.contradictions == 0)
        #expect(facts.latency(.frameEndToSent, of: .all).max == ms(5))
        #expect(facts.latency(.brokerAcknowledgementToAcknowledgement, of: .all).max == ms(20))
        #expect(facts.repeated.count == 1 && facts.sentAgain.count == 1)
    }

    @Test func refusedUnconfirmedAndUndeliveredAreToldApart() throws {
        var (talk, fixture) = running()
        fixture.tell(1_900, .fault(number: 7, .zero))
        fixture.call(2_000, 1)
        fixture.back(2_001, 1, "refused")
        fixture.call(2_010, 2, qos: 0)
        fixture.back(2_400, 2, "unconfirmed")
        var request: DecodedMessage.Request?
        fixture.call(3_000, 3, qos: 0)
        hear(&fixture, &talk) { request = $0.publish(3_010, 3_050, qos: .atMostOnce) }
        fixture.publishOut(3_060, qos: .atMostOnce)
        hear(&fixture, &talk) { $0.say(.status(.publicationOK), 3_080, 3_090, answering: request) }
        fixture.back(3_100, 3)
        fixture.call(4_000, 4)
        fixture.back(4_100, 4)
        let facts = try #require(fixture.report().publications)
        #expect(facts.refused == 1 && facts.unconfirmed == 1 && facts.acknowledged == 1)
        #expect(facts.lost.kept.map(\.id) == ["4"])
        #expect(facts.notArrived.kept.map(\.id) == ["3", "4"])
    }

    @Test func withoutArrivalsNobodyIsSaidNotToHaveArrived() throws {
        var (_, fixture) = running()
        fixture.call(2_000, 1)
        fixture.back(2_100, 1)
        let facts = try #require(fixture.report().publications)
        #expect(facts.notArrived.count == 0 && facts.lost.count == 1)
    }

    @Test func theJournalOfABridgeAloneHasItsHops() throws {
        var (talk, fixture) = running()
        hear(&fixture, &talk) { $0.publish(2_010, 2_050) }
        fixture.publishOut(2_060)
        fixture.pubackIn(2_070)
        let report = fixture.report()
        let facts = try #require(report.publications)
        #expect(facts.source == .bridge && facts.called == 0 && facts.sent == 1)
        #expect(facts.latency(.frameEndToSent, of: .all).max == ms(10))
        #expect(report.notOnTheWire.count == 5)
    }

    // MARK: Interruptions

    @Test func aCrashIsFollowedFromItsFaultToTheFirstPublication() throws {
        var (talk, fixture) = running()
        var request: DecodedMessage.Request?
        fixture.tell(3_000, .fault(number: 1, .zero))
        fixture.call(3_500, 1)
        hear(&fixture, &talk) {
            $0.watchdog(2_990, 6_000)
            $0.reset(6_000, 6_100, cause: .watchdog)
            $0.running(9_000, 9_010, lastService: 2_990)
            request = $0.publish(9_020, 9_060)
            $0.say(.status(.publicationOK), 9_080, 9_090, answering: request)
        }
        let report = fixture.report()
        let facts = try #require(report.interruptions)
        let one = try #require(facts.list.kept.first)
        #expect(facts.list.count == 1 && facts.held == 1 && facts.unfinished == 0)
        #expect(one.kind == .restart && one.resetCause == .watchdog && one.session == 1)
        #expect(one.fault?.name == "crash" && one.faultToRestored == ms(6_010))
        #expect(one.length == ms(6_020) && one.restoredToAcknowledgement == ms(80))
        #expect(report.metric(named: "interruption.restart.max")?.value == 6_020e6)
        #expect(report.metric(named: "interruption.fault-service.max")?.value == 6_010e6)
        #expect(report.metric(named: "interruption.service-pubok.max")?.value == 80e6)
        #expect(report.metric(named: "interruption.held")?.value == 1)
    }

    @Test func anOutageBeginsWhereTheConnectionIsLost() throws {
        var (talk, fixture) = running()
        fixture.tell(3_000, .fault(number: 3, .seconds(5)))
        fixture.tell(3_500, .bridge(.event(.connectionLost(.closedByPeer))))
        hear(&fixture, &talk) { $0.say(.status(.wifiDown), 3_510, 3_520) }
        fixture.tell(9_000, .bridge(.event(.connected(sessionPresent: false))))
        hear(&fixture, &talk) { $0.say(.status(.wifiUp), 9_010, 9_020) }
        fixture.tell(20_000, .bridge(.event(.connectionLost(.silence))))
        fixture.tell(21_000, .bridge(.event(.connected(sessionPresent: true))))
        fixture.tell(30_000, .bridge(.event(.connectionLost(.silence))))
        let facts = try #require(fixture.report().interruptions)
        #expect(facts.list.kept.map(\.kind) == [.network, .connection, .connection])
        #expect(facts.list.kept.map(\.length) == [ms(5_520), ms(1_000), nil])
        #expect(facts.list.kept.map(\.fault?.number) == [3, nil, nil])
        #expect(facts.unfinished == 1)
    }

    @Test func aPublicationWhileTheConnectionIsLostIsHeldBack() throws {
        var (talk, fixture) = running()
        var request: DecodedMessage.Request?
        fixture.tell(2_000, .bridge(.event(.connectionLost(.silence))))
        fixture.call(2_100, 1)
        hear(&fixture, &talk) { request = $0.publish(2_110, 2_150) }
        fixture.tell(5_000, .bridge(.event(.connected(sessionPresent: true))))
        hear(&fixture, &talk) { $0.say(.status(.publicationOK), 5_080, 5_090, answering: request) }
        let report = fixture.report()
        let facts = try #require(report.publications)
        #expect(facts.latency(.frameEndToAcknowledgement, of: .heldBack).count == 1)
        #expect(report.interruptions?.list.kept.first?.restoredToAcknowledgement == ms(90))
    }

    @Test func withoutAJournalThereIsNothingOfIt() {
        let report = Conversation.inARunningSession().report(until: 2_000)
        #expect(report.journal == nil && report.interruptions == nil && report.delivery == nil)
        #expect(report.notOnTheWire.count == 6)
        guard case .absent? = report.metric(named: "interruption.count")?.reading else {
            Issue.record("a metric without a journal")
            return
        }
    }

    @Test func messagesOfTheBrokerWaitFromPacketToFrame() throws {
        var (talk, fixture) = running()
        let packet = MQTTPublish(
            topic: [97], message: [99], qos: .atLeastOnce, packetIdentifier: 3)
        var again = packet
        again.isDuplicate = true
        for (time, packet) in [(Int64(2_000), packet), (2_050, again)] {
            fixture.tell(
                time, .packet(.packet(.publish(packet)), from: .server, acknowledges: nil))
        }
        hear(&fixture, &talk) {
            $0.say(.publication(topic: [97], message: [99], isRetained: false), 2_100, 2_200)
            $0.say(.publication(topic: [97], message: [99], isRetained: false), 2_300, 2_400)
        }
        let delivery = try #require(fixture.report().delivery)
        #expect(delivery.count == 1 && delivery.max == ms(100))
    }

    /// Steps in no order, of which nothing may trap and everything stays bounded.
    @Test func anyOrderIsPutUpWith() throws {
        var fixture = JournalFixture()
        for step in 0..<3_000 {
            let time = Int64((step * 7_919) % 10_007)
            switch step % 7 {
            case 0: fixture.pubackIn(time)
            case 1: fixture.publishOut(time, isDuplicate: step % 2 == 0)
            case 2: fixture.arrived(time)
            case 3: fixture.back(time, step % 5)
            case 4: fixture.call(time, step % 5)
            case 5: fixture.tell(time, .fault(number: step % 20, .zero))
            default: fixture.tell(time, .bridge(.event(.connected(sessionPresent: true))))
            }
        }
        let facts = try #require(fixture.report().publications)
        #expect(facts.called == 428)
    }
}

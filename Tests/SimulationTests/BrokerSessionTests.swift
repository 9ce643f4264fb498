import MQTTProtocol
import Signals
import Simulation
import Testing

/// What the broker remembers of clients that are not there.
@Suite struct BrokerSessionTests {
    @Test func anUncleanSessionOutlivesItsConnection() {
        let stand = BrokerStand()
        #expect(stand.connect(1, as: "a", clean: false) == [BrokerStand.accepted(1)])
        stand.subscribe(1, ("t", .atLeastOnce))
        stand.publish("t", "in flight")
        stand.give(.connectionClosed(1))
        stand.publish("t", "queued")
        stand.publish("t", "too weak", qos: .atMostOnce)
        #expect(
            stand.connect(2, as: "a", clean: false) == [
                BrokerStand.accepted(2, sessionPresent: true),
                BrokerStand.sent(2, "t", "in flight", 1, isDuplicate: true),
                BrokerStand.sent(2, "t", "queued", 2),
            ])
        stand.give(2, .publishAcknowledgement(1), .publishAcknowledgement(2), .disconnect)
        #expect(
            stand.connect(3, as: "a", clean: false)
                == [BrokerStand.accepted(3, sessionPresent: true)])
        #expect(stand.publish("t", "later") == [BrokerStand.sent(3, "t", "later", 3)])
    }

    @Test func aCleanConnectionErasesTheSessionAndLeavesNone() {
        let stand = BrokerStand()
        stand.connect(1, as: "a", clean: false)
        stand.subscribe(1, ("t", .atLeastOnce))
        stand.publish("t")
        stand.give(1, .disconnect)
        #expect(stand.connect(2, as: "a") == [BrokerStand.accepted(2)])
        #expect(stand.publish("t") == [])
        stand.subscribe(2, ("t", .atLeastOnce))
        stand.give(.connectionClosed(2))
        #expect(stand.connect(3, as: "a", clean: false) == [BrokerStand.accepted(3)])
        #expect(stand.publish("t") == [])
    }

    @Test func aRestartKeepsSessionsOrLosesThem() {
        for keeps in [true, false] {
            let stand = BrokerStand()
            stand.connect(1, as: "a", clean: false, will: BrokerStand.will("t"))
            stand.subscribe(1, ("t", .atLeastOnce))
            stand.connect(2, as: "b")
            stand.publish("t", "kept", isRetained: true)
            stand.broker.restart(keepingSessions: keeps)
            #expect(stand.broker.deadline == nil)
            #expect(stand.give(1, .pingRequest) == [])
            #expect(stand.give(.connectionClosed(1)) == [])
            let events = stand.connect(3, as: "a", clean: false)
            #expect(events.first == BrokerStand.accepted(3, sessionPresent: keeps))
            #expect(
                events.dropFirst()
                    == (keeps ? [BrokerStand.sent(3, "t", "kept", 1, isDuplicate: true)] : []))
            #expect(stand.connect(4, as: "b", clean: false) == [BrokerStand.accepted(4)])
            #expect(stand.subscribe(4, ("t", .atMostOnce)).count == (keeps ? 2 : 1))
        }
    }

    @Test func withoutARetryIntervalNothingIsRepeatedOnOneConnection() {
        let stand = BrokerStand()
        stand.connect(1, as: "a")
        stand.subscribe(1, ("t", .atLeastOnce))
        stand.publish("t")
        #expect(stand.pass(.seconds(3_600)) == [])
    }

    @Test func withARetryIntervalWhatIsNotAcknowledgedComesAgain() {
        let stand = BrokerStand { $0.retryInterval = .seconds(20) }
        stand.connect(1, as: "a")
        stand.subscribe(1, ("t", .atLeastOnce))
        stand.publish("t", "1")
        stand.pass(.seconds(5))
        stand.publish("t", "2")
        let again = ["1", "2"].enumerated().map {
            BrokerStand.sent(1, "t", $0.element, UInt16($0.offset + 1), isDuplicate: true)
        }
        #expect(stand.broker.deadline == .zero + .seconds(20))
        #expect(stand.pass(.seconds(21)) == again)
        stand.give(1, .publishAcknowledgement(1))
        #expect(stand.pass(.seconds(20)) == [again[1]])
        stand.give(1, .publishAcknowledgement(2))
        #expect(stand.broker.deadline == nil)
    }
}

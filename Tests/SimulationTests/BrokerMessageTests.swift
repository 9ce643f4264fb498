import MQTTProtocol
import Signals
import Simulation
import Testing

@Suite struct BrokerMessageTests {
    @Test func aPublicationIsAcknowledgedToldAndPassedOn() {
        let stand = BrokerStand()
        stand.connect(1, as: "a")
        stand.connect(2, as: "b")
        #expect(
            stand.subscribe(2, ("t/+", .atLeastOnce), ("x", .atMostOnce))
                == [.sent(2, .subscribeAcknowledgement(packetIdentifier: 9, [1, 0]))])
        let arrival = BrokerArrival(
            topic: Array("t/1".utf8), message: Array("m".utf8), qos: .atLeastOnce,
            isDuplicate: true, connection: 1)
        #expect(
            stand.give(1, BrokerStand.publish("t/1", "m", 5, isDuplicate: true)) == [
                .sent(1, .publishAcknowledgement(5)), .arrived(arrival),
                BrokerStand.sent(2, "t/1", "m", 1),
            ])
        #expect(
            stand.give(2, .publishAcknowledgement(1)) == [
                .acknowledged(
                    BrokerDelivery(
                        topic: arrival.topic, message: arrival.message, connection: 2,
                        packetIdentifier: 1))
            ])
        #expect(stand.give(2, .publishAcknowledgement(1)) == [])
    }

    @Test(arguments: [
        (MQTTQualityOfService.atMostOnce, MQTTQualityOfService.atMostOnce, UInt16(0)),
        (.atMostOnce, .atLeastOnce, 0), (.atLeastOnce, .atMostOnce, 0),
        (.atLeastOnce, .atLeastOnce, 1), (.exactlyOnce, .exactlyOnce, 1),
    ])
    func theLowerQualityCounts(
        published: MQTTQualityOfService, subscribed: MQTTQualityOfService, identifier: UInt16
    ) {
        let stand = BrokerStand()
        stand.connect(1, as: "a")
        stand.subscribe(1, ("t", subscribed))
        #expect(
            stand.publish("t", qos: published) == [BrokerStand.sent(1, "t", "m", identifier)])
    }

    @Test func overlappingFiltersBringAMessageOnceWithTheBestQuality() {
        let stand = BrokerStand()
        stand.connect(1, as: "a")
        stand.subscribe(1, ("#", .atMostOnce), ("t/#", .atLeastOnce), ("t/1", .atMostOnce))
        #expect(stand.publish("t/1") == [BrokerStand.sent(1, "t/1", "m", 1)])
        #expect(stand.publish("u") == [BrokerStand.sent(1, "u")])
        #expect(stand.publish("$SYS/x") == [])
    }

    @Test func aFilterIsReplacedAndCancelled() {
        let stand = BrokerStand()
        stand.connect(1, as: "a")
        stand.subscribe(1, ("t", .atLeastOnce))
        stand.subscribe(1, ("t", .atMostOnce))
        #expect(stand.publish("t") == [BrokerStand.sent(1, "t")])
        #expect(
            stand.give(1, .unsubscribe(packetIdentifier: 4, [[0x74], [0x75]]))
                == [.sent(1, .unsubscribeAcknowledgement(4))])
        #expect(stand.publish("t") == [])
    }

    @Test func keptMessagesComeWithEverySubscription() {
        let stand = BrokerStand()
        stand.publish("t/2", "b", isRetained: true)
        stand.publish("t/1", "a", qos: .atMostOnce, isRetained: true)
        stand.publish("t/2", "c", isRetained: true)
        stand.publish("t/3", "d")
        stand.connect(1, as: "a")
        for round: UInt16 in 1...2 {
            #expect(
                stand.subscribe(1, ("t/+", .atLeastOnce)) == [
                    .sent(1, .subscribeAcknowledgement(packetIdentifier: 9, [1])),
                    BrokerStand.sent(1, "t/2", "c", round, isRetained: true),
                    BrokerStand.sent(1, "t/1", "a", isRetained: true),
                ])
        }
        // To those that are subscribed already it is as any other.
        #expect(stand.publish("t/1", "e", isRetained: true) == [BrokerStand.sent(1, "t/1", "e", 3)])
        // An empty message is passed on, and clears.
        #expect(stand.publish("t/2", "", isRetained: true) == [BrokerStand.sent(1, "t/2", "", 4)])
        stand.connect(2, as: "b")
        #expect(stand.subscribe(2, ("t/2", .atMostOnce)).count == 1)
    }

    @Test func aWillIsPublishedUnlessTheClientSaidGoodbye() {
        let stand = BrokerStand()
        let will = BrokerStand.will("w", qos: .exactlyOnce, isRetained: true)
        stand.connect(1, as: "a", will: will)
        #expect(stand.give(1, .disconnect) == [.closed(1)])
        stand.connect(2, as: "a", will: will)
        #expect(
            stand.give(.connectionClosed(2)) == [
                .arrived(
                    BrokerArrival(
                        topic: will.topic, message: will.message, qos: .atLeastOnce,
                        isRetained: true, connection: 2, isWill: true))
            ])
        stand.connect(3, as: "b")
        #expect(
            stand.subscribe(3, ("w", .atLeastOnce)).last
                == BrokerStand.sent(3, "w", "gone", 1, isRetained: true))
        // A broker that closes a connection publishes its will too.
        stand.connect(4, as: "a", will: will)
        #expect(stand.give(.received(4, [0xff])).contains(BrokerStand.sent(3, "w", "gone", 2)))
    }

    @Test func theWindowFillsAndDrainsInOrder() {
        let stand = BrokerStand { $0.inFlightMax = 2 }
        stand.connect(1, as: "a")
        stand.subscribe(1, ("t", .atLeastOnce))
        #expect(stand.publish("t", "1") == [BrokerStand.sent(1, "t", "1", 1)])
        #expect(stand.publish("t", "2") == [BrokerStand.sent(1, "t", "2", 2)])
        #expect(stand.publish("t", "3") == [])
        #expect(stand.publish("t", "4") == [])
        #expect(
            stand.give(1, .publishAcknowledgement(2)).last == BrokerStand.sent(1, "t", "3", 3))
        #expect(
            stand.give(1, .publishAcknowledgement(1)).last == BrokerStand.sent(1, "t", "4", 4))
    }

    @Test func aTopicOfAnOutsideClientThatIsNoneGoesNowhere() {
        let stand = BrokerStand()
        let publish = SimulatedBroker.Input.publish(
            topic: [0x23], message: [], qos: .atMostOnce, isRetained: false)
        #expect(stand.give(publish) == [])
    }

    @Test func limitsAreKept() {
        let stand = BrokerStand {
            $0.subscriptionsMax = 1
            $0.sessionsMax = 2
            $0.retainedMessagesMax = 1
            $0.queuedMessagesMax = 2
            $0.inFlightMax = 1
        }
        stand.connect(1, as: "a")
        #expect(
            stand.subscribe(1, ("t", .atLeastOnce), ("u", .atLeastOnce), ("t", .atMostOnce))
                == [.sent(1, .subscribeAcknowledgement(packetIdentifier: 9, [1, 0x80, 0]))])
        stand.subscribe(1, ("t", .atLeastOnce))
        stand.connect(2, as: "b")
        #expect(
            stand.connect(3, as: "c") == [
                .sent(3, .connectAcknowledgement(sessionPresent: false, .serverUnavailable)),
                .closed(3),
            ])
        for number in 1...5 { stand.publish("t", "\(number)") }
        #expect(stand.broker.droppedMessages == 2)
        stand.publish("x", isRetained: true)
        stand.publish("y", isRetained: true)
        #expect(stand.subscribe(2, ("y", .atMostOnce)).count == 1)
    }
}

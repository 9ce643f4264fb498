import MQTTProtocol
import Signals
import Testing

@Suite struct ClientSubscriptionTests {
    private static let accepted = MQTTPacket.connectAcknowledgement(
        sessionPresent: false, .accepted)

    @Test func aSubscriptionIsSentAndItsAnswerTold() {
        let stand = ClientStand.connected()
        #expect(stand.subscribe("a/#", tag: 3) == [subscribes("a/#", 1)])
        #expect(
            stand.subscribe("b", qos: .atMostOnce, tag: 4) == [subscribes("b", 2, qos: .atMostOnce)]
        )
        #expect(
            stand.packet(.subscribeAcknowledgement(packetIdentifier: 2, [0]))
                == [.subscribed(tag: 4, granted: .atMostOnce)])
        #expect(
            stand.packet(.subscribeAcknowledgement(packetIdentifier: 1, [1]))
                == [.subscribed(tag: 3, granted: .atLeastOnce)])
    }

    @Test func aRefusalIsToldAndStaysHeld() {
        let stand = ClientStand.connected()
        stand.subscribe("a", tag: 3)
        #expect(
            stand.packet(.subscribeAcknowledgement(packetIdentifier: 1, [0x80]))
                == [.subscribed(tag: 3, granted: nil)])
        stand.give(.transportClosed)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(Self.accepted)
                == [.connected(sessionPresent: false), subscribes("a", 2)])
    }

    @Test func everythingHeldIsRenewedBeforePublications() {
        let stand = ClientStand.connected()
        stand.publish("p", tag: 1)
        for (tag, filter) in ["a", "b", "c"].enumerated() {
            stand.subscribe(filter, tag: tag)
            stand.packet(.subscribeAcknowledgement(packetIdentifier: UInt16(tag + 2), [1]))
        }
        stand.subscribe("b", qos: .atMostOnce, tag: 9)
        stand.give(.transportClosed)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, .accepted)) == [
                .connected(sessionPresent: false), subscribes("a", 6),
                subscribes("b", 7, qos: .atMostOnce), subscribes("c", 8), publishes("p", 9),
                .repeated(tag: 1, asDuplicate: false),
            ])
        #expect(
            stand.packet(.subscribeAcknowledgement(packetIdentifier: 7, [0]))
                == [.subscribed(tag: 9, granted: .atMostOnce)])
    }

    @Test func withoutRenewalsOnlyWhatWasNeverGrantedIsSent() {
        let stand = ClientStand.connected { $0.renewsSubscriptions = false }
        stand.subscribe("a", tag: 1)
        stand.packet(.subscribeAcknowledgement(packetIdentifier: 1, [1]))
        stand.subscribe("b", tag: 2)
        stand.give(.transportClosed)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(Self.accepted)
                == [.connected(sessionPresent: false), subscribes("b", 3)])
    }

    @Test func anAnswerToAnEarlierFormOfASubscriptionGrantsNothingOfTheLater() {
        let stand = ClientStand.connected { $0.renewsSubscriptions = false }
        stand.subscribe("a", qos: .atMostOnce, tag: 1)
        stand.subscribe("a", qos: .atLeastOnce, tag: 2)
        stand.packet(.subscribeAcknowledgement(packetIdentifier: 1, [0]))
        stand.give(.transportClosed)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(Self.accepted)
                == [.connected(sessionPresent: false), subscribes("a", 3)])
    }

    @Test func whatIsNotHeldAnyMoreIsNotRenewed() {
        let stand = ClientStand.connected()
        stand.subscribe("a", tag: 1)
        stand.packet(.subscribeAcknowledgement(packetIdentifier: 1, [1]))
        #expect(
            stand.give(.unsubscribe(filter: bytes("a"), tag: 2))
                == [sends(.unsubscribe(packetIdentifier: 2, [bytes("a")]))])
        #expect(stand.packet(.unsubscribeAcknowledgement(2)) == [.unsubscribed(tag: 2)])
        stand.give(.transportClosed)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(stand.packet(Self.accepted) == [.connected(sessionPresent: false)])
    }

    @Test func aCancellationThatWasNotAcknowledgedIsSentAgainBeforeSubscriptions() {
        let stand = ClientStand.connected()
        stand.give(.unsubscribe(filter: bytes("a"), tag: 1))
        stand.subscribe("a", tag: 2)
        stand.give(.transportClosed)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(Self.accepted) == [
                .connected(sessionPresent: false),
                sends(.unsubscribe(packetIdentifier: 3, [bytes("a")])), subscribes("a", 4),
            ])
    }

    @Test func aSubscriptionThatIsNotAcknowledgedLosesTheConnection() {
        let stand = ClientStand.connected()
        stand.subscribe("a")
        #expect(
            stand.pass(.seconds(11)).withoutPings
                == [event(10_000, .closeTransport), event(10_000, .lost(.notAcknowledged))])
    }

    @Test func acknowledgementsOfNothingAreCountedAndIgnored() {
        let stand = ClientStand.connected()
        stand.subscribe("a")
        stand.publish("p")
        #expect(
            stand.packet(.subscribeAcknowledgement(packetIdentifier: 2, [1])) == [
                .dropped(.acknowledgement(.subscribeAcknowledgement, packetIdentifier: 2))
            ])
        #expect(
            stand.packet(.unsubscribeAcknowledgement(1)) == [
                .dropped(.acknowledgement(.unsubscribeAcknowledgement, packetIdentifier: 1))
            ])
        #expect(
            stand.packet(.publishAcknowledgement(1)) == [
                .dropped(.acknowledgement(.publishAcknowledgement, packetIdentifier: 1))
            ])
    }

    @Test func aSubackNeedsOneCodeForEachFilter() {
        let stand = ClientStand.connected()
        stand.subscribe("a")
        #expect(
            stand.packet(.subscribeAcknowledgement(packetIdentifier: 1, [1, 1]))
                == [.closeTransport, .lost(.fault(.codeCount(expected: 1, actual: 2)))])
        stand.establish()
        #expect(
            stand.give(.received(drawn("90 02 00 02")))
                == [.closeTransport, .lost(.fault(.emptyPayload(.subscribeAcknowledgement)))])
    }

    @Test func anUnsubackHasNoPayload() {
        let stand = ClientStand.connected()
        stand.give(.unsubscribe(filter: bytes("a"), tag: 1))
        #expect(
            stand.give(.received(drawn("b0 03 00 01 00"))) == [
                .closeTransport,
                .lost(.fault(.surplus(.unsubscribeAcknowledgement, offset: 4, count: 1))),
            ])
    }

    @Test func whatCannotBeAskedForIsRefused() {
        let stand = ClientStand { $0.subscriptionsMax = 2 }
        #expect(stand.subscribe("a#", tag: 1) == [.dropped(.subscription(tag: 1, .filter))])
        #expect(
            stand.subscribe("a", qos: .exactlyOnce, tag: 2)
                == [.dropped(.subscription(tag: 2, .exactlyOnce))])
        #expect(
            stand.give(.unsubscribe(filter: [], tag: 3))
                == [.dropped(.subscription(tag: 3, .filter))])
        #expect(stand.subscribe("a", tag: 4) == [])
        #expect(stand.subscribe("b", tag: 5) == [])
        #expect(stand.subscribe("c", tag: 6) == [.dropped(.subscription(tag: 6, .queueFull))])
        #expect(stand.subscribe("b", tag: 7) == [])
        for tag in 8...9 { #expect(stand.give(.unsubscribe(filter: bytes("x"), tag: tag)) == []) }
        #expect(
            stand.give(.unsubscribe(filter: bytes("x"), tag: 10))
                == [.dropped(.subscription(tag: 10, .queueFull))])
        stand.establish()
        // Four requests are on their way, which is as many as may be.
        #expect(stand.subscribe("b", tag: 11) == [.dropped(.subscription(tag: 11, .queueFull))])
    }
}

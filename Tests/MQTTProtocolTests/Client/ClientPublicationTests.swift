import MQTTProtocol
import Signals
import Testing

@Suite struct ClientPublicationTests {
    @Test func qualityZeroIsCompleteWhenItIsWritten() {
        let stand = ClientStand.connected()
        #expect(
            stand.publish("a", qos: .atMostOnce, tag: 7)
                == [publishes("a", 0), .published(tag: 7)])
        #expect(stand.client.unfinishedPublications == 0)
    }

    @Test func qualityOneIsCompleteWhenItIsAcknowledged() {
        let stand = ClientStand.connected()
        #expect(stand.publish("a", tag: 7) == [publishes("a", 1)])
        #expect(stand.client.unfinishedPublications == 1)
        #expect(stand.packet(.publishAcknowledgement(1)) == [.published(tag: 7)])
        #expect(stand.client.unfinishedPublications == 0)
    }

    @Test func messagesKeepTheirFlagAndTheirBytes() {
        let stand = ClientStand.connected()
        let outputs = stand.give(
            .publish(
                topic: bytes("a"), message: [0, 255], isRetained: true, qos: .atMostOnce, tag: 0))
        let publish = MQTTPublish(topic: bytes("a"), message: [0, 255], isRetained: true)
        #expect(outputs == [sends(.publish(publish)), .published(tag: 0)])
    }

    @Test func oneIsInFlightAtATimeAndTheOthersKeepTheirOrder() {
        let stand = ClientStand.connected()
        stand.publish("a", tag: 1)
        #expect(stand.publish("b", qos: .atMostOnce, tag: 2) == [])
        #expect(stand.publish("c", tag: 3) == [])
        #expect(
            stand.packet(.publishAcknowledgement(1)) == [
                .published(tag: 1), publishes("b", 0), .published(tag: 2), publishes("c", 2),
            ])
    }

    @Test func whatIsPublishedBeforeTheConnectionWaitsForIt() {
        let stand = ClientStand()
        #expect(stand.publish("a", tag: 1) == [])
        stand.give(.connect)
        #expect(stand.publish("b", qos: .atMostOnce, tag: 2) == [])
        stand.give(.transportOpened)
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, .accepted))
                == [.connected(sessionPresent: false), publishes("a", 1)])
    }

    @Test func withoutAnAcknowledgementItIsRepeatedAsADuplicateThenTheConnectionIsLost() {
        let stand = ClientStand.connected {
            $0.responseTime = .seconds(10)
            $0.republicationsMax = 2
            $0.keepAliveSeconds = 240
        }
        stand.publish("a", tag: 7)
        let again = publishes("a", 1, isDuplicate: true)
        #expect(
            stand.pass(.seconds(59)).withoutPings == [
                event(10_000, again), event(10_000, .repeated(tag: 7, asDuplicate: true)),
                event(20_000, again), event(20_000, .repeated(tag: 7, asDuplicate: true)),
                event(30_000, .closeTransport), event(30_000, .lost(.notAcknowledged)),
            ])
        #expect(stand.client.unfinishedPublications == 1)
        // A new connection sends it as new, under a number of its own.
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, .accepted)) == [
                .connected(sessionPresent: false), publishes("a", 2),
                .repeated(tag: 7, asDuplicate: false),
            ])
        #expect(
            stand.packet(.publishAcknowledgement(1)) == [
                .dropped(.acknowledgement(.publishAcknowledgement, packetIdentifier: 1))
            ])
        #expect(stand.packet(.publishAcknowledgement(2)) == [.published(tag: 7)])
    }

    @Test func aLateAcknowledgementOfARepeatedPublicationCounts() {
        let stand = ClientStand.connected()
        stand.publish("a", tag: 7)
        stand.pass(.seconds(11))
        #expect(stand.packet(.publishAcknowledgement(1)) == [.published(tag: 7)])
        #expect(
            stand.packet(.publishAcknowledgement(1)) == [
                .dropped(.acknowledgement(.publishAcknowledgement, packetIdentifier: 1))
            ])
        #expect(stand.pass(.seconds(14)).withoutPings == [])
    }

    @Test func withoutRepetitionsTheFirstWaitIsTheLast() {
        let stand = ClientStand.connected { $0.republicationsMax = 0 }
        stand.publish("a")
        #expect(
            stand.pass(.seconds(12)).withoutPings == [
                event(10_000, .closeTransport), event(10_000, .lost(.notAcknowledged)),
            ])
    }

    @Test func unfinishedPublicationsOutliveAnyLossInTheirOrder() {
        let stand = ClientStand.connected()
        stand.publish("a", tag: 1)
        stand.publish("b", tag: 2)
        stand.give(.transportClosed)
        stand.publish("c", qos: .atMostOnce, tag: 3)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, .accepted)) == [
                .connected(sessionPresent: false), publishes("a", 2),
                .repeated(tag: 1, asDuplicate: false),
            ])
        // The second was never sent, so it is not repeated.
        #expect(
            stand.packet(.publishAcknowledgement(2)) == [.published(tag: 1), publishes("b", 3)])
        #expect(
            stand.packet(.publishAcknowledgement(3))
                == [.published(tag: 2), publishes("c", 0), .published(tag: 3)])
    }

    @Test func theQueueHasALimit() {
        let stand = ClientStand { $0.publicationsMax = 3 }
        for tag in 1...3 { #expect(stand.publish("a", tag: tag) == []) }
        #expect(stand.publish("a", tag: 4) == [.dropped(.publication(tag: 4, .queueFull))])
        #expect(stand.client.unfinishedPublications == 3)
    }

    @Test func whatCannotBeSentIsRefusedAtOnce() {
        let stand = ClientStand.connected { $0.packetLengthMax = 300 }
        #expect(stand.publish("a/#", tag: 1) == [.dropped(.publication(tag: 1, .topic))])
        #expect(
            stand.publish("a", qos: .exactlyOnce, tag: 2)
                == [.dropped(.publication(tag: 2, .exactlyOnce))])
        let long = [UInt8](repeating: 0, count: 293)
        #expect(
            stand.give(
                .publish(
                    topic: bytes("ab"), message: long, isRetained: false, qos: .atLeastOnce, tag: 3)
            )
                == [.dropped(.publication(tag: 3, .packetTooLong(length: 302)))])
        #expect(
            stand.give(
                .publish(
                    topic: bytes("ab"), message: long, isRetained: false, qos: .atMostOnce, tag: 4)
            ).last == .published(tag: 4))
        #expect(stand.client.isConnected)
    }

    @Test func identifiersGoRoundWithoutZeroAndWithoutThoseInUse() {
        let stand = ClientStand.connected()
        stand.subscribe("s")
        for round in 0..<70_000 {
            // 1 is in use by the subscription that nobody acknowledges.
            let identifier = UInt16(2 + round % 65_534)
            stand.publish("a", tag: round)
            guard stand.packet(.publishAcknowledgement(identifier)) == [.published(tag: round)]
            else {
                Issue.record("publication \(round) was not sent as \(identifier)")
                return
            }
        }
    }

    @Test func stepsOfQualityTwoAreCountedAndIgnored() {
        let stand = ClientStand.connected()
        stand.publish("a")
        for packet in [MQTTPacket.publishReceived(1), .publishRelease(1), .publishComplete(1)] {
            #expect(
                stand.packet(packet)
                    == [.dropped(.acknowledgement(packet.type, packetIdentifier: 1))])
        }
    }
}

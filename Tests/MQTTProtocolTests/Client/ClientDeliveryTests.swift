import MQTTProtocol
import Signals
import Testing

@Suite struct ClientDeliveryTests {
    private static func arrives(
        _ topic: String, delivery: Int?, isDuplicate: Bool = false
    ) -> MQTTClient.Output {
        .message(
            MQTTMessage(
                topic: bytes(topic), message: bytes("m"),
                qos: delivery == nil ? .atMostOnce : .atLeastOnce, isDuplicate: isDuplicate),
            delivery: delivery)
    }

    @Test func qualityZeroNeedsNoDelivery() {
        let stand = ClientStand.connected()
        #expect(stand.packet(arrival("a")) == [Self.arrives("a", delivery: nil)])
    }

    @Test func aRetainedMessageIsMarked() {
        let stand = ClientStand.connected()
        let publish = MQTTPublish(topic: bytes("a"), message: [], isRetained: true)
        #expect(
            stand.packet(.publish(publish)) == [
                .message(
                    MQTTMessage(topic: bytes("a"), message: [], isRetained: true), delivery: nil)
            ])
    }

    @Test func qualityOneIsAcknowledgedWhenItIsDeliveredAndOnlyOnce() {
        let stand = ClientStand.connected()
        #expect(stand.packet(arrival("a", 100)) == [Self.arrives("a", delivery: 1)])
        #expect(stand.give(.delivered(2)) == [])
        #expect(stand.give(.delivered(1)) == [sends(.publishAcknowledgement(100))])
        #expect(stand.give(.delivered(1)) == [])
    }

    @Test func acknowledgementsLeaveInTheOrderOfArrival() {
        let stand = ClientStand.connected()
        for identifier: UInt16 in 10...12 { stand.packet(arrival("a", identifier)) }
        #expect(stand.give(.delivered(2)) == [])
        #expect(
            stand.give(.delivered(1))
                == [sends(.publishAcknowledgement(10)), sends(.publishAcknowledgement(11))])
        #expect(stand.give(.delivered(3)) == [sends(.publishAcknowledgement(12))])
    }

    @Test func aDuplicateOfWhatIsPendingIsNotPassedTwice() {
        let stand = ClientStand.connected()
        stand.packet(arrival("a", 100))
        #expect(
            stand.packet(arrival("a", 100, isDuplicate: true))
                == [.dropped(.redelivery(packetIdentifier: 100))])
        #expect(stand.give(.delivered(1)) == [sends(.publishAcknowledgement(100))])
        // Acknowledged is forgotten: what comes under the number now is another message.
        #expect(
            stand.packet(arrival("a", 100, isDuplicate: true))
                == [Self.arrives("a", delivery: 2, isDuplicate: true)])
    }

    @Test func aNewMessageUnderANumberInUseBreaksTheProtocol() {
        let stand = ClientStand.connected()
        stand.packet(arrival("a", 100))
        #expect(
            stand.packet(arrival("b", 100))
                == [.closeTransport, .lost(.fault(.packetIdentifierInUse(100)))])
    }

    @Test func deliveriesAreForgottenAtALoss() {
        let stand = ClientStand.connected()
        stand.packet(arrival("a", 100))
        stand.give(.transportClosed)
        stand.establish()
        #expect(stand.give(.delivered(1)) == [])
        #expect(
            stand.packet(arrival("a", 100, isDuplicate: true))
                == [Self.arrives("a", delivery: 2, isDuplicate: true)])
        #expect(stand.give(.delivered(1)) == [])
        #expect(stand.give(.delivered(2)) == [sends(.publishAcknowledgement(100))])
    }

    @Test func qualityTwoClosesTheConnection() {
        let stand = ClientStand.connected { $0.packetLengthMax = 300 }
        for count in [1, 1_000] {
            let publish = MQTTPublish(
                topic: bytes("a"), message: [UInt8](repeating: 0, count: count),
                qos: .exactlyOnce, packetIdentifier: 1)
            #expect(
                stand.packet(.publish(publish)) == [.closeTransport, .lost(.qualityOfServiceTwo)])
            stand.establish()
        }
    }

    @Test func aMessageThatIsTooLongIsDroppedAndAcknowledgedInItsTurn() {
        let stand = ClientStand.connected { $0.packetLengthMax = 300 }
        func long(_ identifier: UInt16) -> MQTTPacket {
            .publish(
                MQTTPublish(
                    topic: bytes("abc"), message: [UInt8](repeating: 0, count: 1_000),
                    qos: identifier == 0 ? .atMostOnce : .atLeastOnce,
                    packetIdentifier: identifier))
        }
        func dropped(_ identifier: UInt16) -> MQTTClient.Output {
            .dropped(
                .oversized(
                    packetIdentifier: identifier, qos: identifier == 0 ? .atMostOnce : .atLeastOnce,
                    length: identifier == 0 ? 1_008 : 1_010, topicLength: 3))
        }
        #expect(stand.packet(long(0)) == [dropped(0)])
        #expect(stand.packet(long(5)) == [dropped(5), sends(.publishAcknowledgement(5))])
        stand.packet(arrival("a", 6))
        #expect(stand.packet(long(7)) == [dropped(7)])
        #expect(
            stand.give(.delivered(2))
                == [sends(.publishAcknowledgement(6)), sends(.publishAcknowledgement(7))])
    }

    @Test func moreThanTheLimitWaitAndAreTakenOneByOne() {
        let stand = ClientStand.connected()
        let limit = UInt16(MQTTClient.deliveriesMax)
        for identifier in 1...limit { stand.packet(arrival("a", identifier)) }
        #expect(stand.packet(arrival("a", limit + 1)) == [])
        #expect(stand.packet(arrival("a", limit + 2)) == [])
        for extra: UInt16 in 1...2 {
            #expect(
                stand.give(.delivered(Int(extra))) == [
                    sends(.publishAcknowledgement(extra)),
                    Self.arrives("a", delivery: Int(limit + extra)),
                ])
        }
        #expect(stand.give(.delivered(3)) == [sends(.publishAcknowledgement(3))])
    }

    @Test func whatDoesNotFitEvenAsBytesIsPassedToNobodyAndNotAcknowledged() {
        let stand = ClientStand.connected()
        let limit = UInt16(MQTTClient.deliveriesMax)
        for identifier in 1...limit { stand.packet(arrival("a", identifier)) }
        let packet = encoded(arrival("a", limit + 1))
        let waiting = [[UInt8]](
            repeating: packet, count: MQTTClient.waitingBytesMax / packet.count)
        #expect(stand.give(.received(waiting.flatMap { $0 })) == [])
        #expect(
            stand.give(.received(packet))
                == [.dropped(.undelivered(packetIdentifier: limit + 1))])
    }
}

import MQTTProtocol
import Signals
import Simulation
import Testing

@Suite struct BrokerClientTests {
    @Test func aClientIsGreetedPingedAndLetGo() {
        let stand = BrokerStand()
        #expect(stand.connect(1, as: "a") == [BrokerStand.accepted(1)])
        #expect(stand.give(1, .pingRequest) == [.sent(1, .pingResponse)])
        #expect(stand.give(1, .disconnect) == [.closed(1)])
        #expect(stand.give(.connectionClosed(1)) == [])
        #expect(stand.give(1, .pingRequest) == [])
    }

    @Test func bytesInAnyPiecesAreTaken() {
        let stand = BrokerStand()
        stand.give(.connectionOpened(1))
        let connect = MQTTPacket.connect(MQTTConnect(clientIdentifier: [0x61]))
        var events: [BrokerStand.Event] = []
        for byte in (try? connect.encoded()) ?? [] { events += stand.give(.received(1, [byte])) }
        #expect(events == [BrokerStand.accepted(1)])
    }

    @Test(arguments: MQTTReturnCode.allCases.dropFirst())
    func aBrokerThatRefusesSaysWhyAndPublishesNoWill(code: MQTTReturnCode) {
        let stand = BrokerStand { $0.refuses = code }
        #expect(
            stand.connect(1, as: "a", will: BrokerStand.will("w")) == [
                .sent(1, .connectAcknowledgement(sessionPresent: false, code)), .closed(1),
            ])
    }

    @Test func anotherProtocolLevelIsAnsweredWithItsCode() {
        let stand = BrokerStand()
        stand.give(.connectionOpened(1))
        let bytes: [UInt8] = [0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 0, 0, 0]
        #expect(
            stand.give(.received(1, bytes)) == [
                .sent(1, .connectAcknowledgement(sessionPresent: false, .unacceptableProtocol)),
                .closed(1),
            ])
    }

    @Test func aUserAndAPasswordCanBeWanted() {
        let stand = BrokerStand {
            $0.user = [1]
            $0.password = [2]
        }
        let tries: [([UInt8]?, [UInt8]?, MQTTReturnCode)] = [
            (nil, nil, .badUserOrPassword), ([1], nil, .badUserOrPassword),
            ([1], [3], .badUserOrPassword), ([2], [2], .badUserOrPassword), ([1], [2], .accepted),
        ]
        for (connection, (user, password, code)) in tries.enumerated() {
            stand.give(.connectionOpened(connection))
            let connect = MQTTConnect(clientIdentifier: [0x61], user: user, password: password)
            #expect(
                stand.give(connection, .connect(connect)).first
                    == .sent(connection, .connectAcknowledgement(sessionPresent: false, code)))
        }
    }

    @Test func aClientWithoutANameIsOnlyTakenClean() {
        let stand = BrokerStand()
        #expect(stand.connect(1, as: "") == [BrokerStand.accepted(1)])
        #expect(stand.connect(2, as: "") == [BrokerStand.accepted(2)])
        stand.give(.connectionOpened(3))
        // Nobody can write this CONNECT but by hand.
        let bytes: [UInt8] = [0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0, 0, 0, 0, 0]
        #expect(
            stand.give(.received(3, bytes)) == [
                .sent(3, .connectAcknowledgement(sessionPresent: false, .identifierRejected)),
                .closed(3),
            ])
    }

    @Test func thoseWhoBreakTheProtocolAreClosed() {
        let stand = BrokerStand()
        let greeted: [MQTTPacket] = [
            .connect(MQTTConnect(clientIdentifier: [0x61])), .publishReceived(1),
            .publishRelease(1), .publishComplete(1),
            .publish(
                MQTTPublish(topic: [0x61], message: [], qos: .exactlyOnce, packetIdentifier: 1)),
        ]
        for (connection, packet) in greeted.enumerated() {
            stand.connect(connection, as: "a")
            #expect(stand.give(connection, packet) == [.closed(connection)])
        }
        stand.give(.connectionOpened(10))
        #expect(stand.give(10, .pingRequest) == [.closed(10)])
        stand.connect(11, as: "a")
        #expect(stand.give(.received(11, [0xff, 0])) == [.closed(11)])
        // Nothing behind the fault counts.
        stand.connect(12, as: "a")
        #expect(stand.give(.received(12, [0xe0, 1, 0, 0xc0, 0])) == [.closed(12)])
    }

    @Test func aSilentClientIsClosedAfterOneAndAHalfTimesItsKeepalive() {
        let stand = BrokerStand()
        stand.connect(1, as: "a", keepAlive: 10, will: BrokerStand.will("w"))
        stand.connect(2, as: "b")
        stand.subscribe(2, ("w", .atMostOnce))
        stand.pass(.seconds(10))
        stand.give(1, .pingRequest)
        #expect(stand.broker.deadline == .zero + .seconds(25))
        #expect(stand.pass(Nanoseconds(14_999_999_999)) == [])
        let events = stand.pass(Nanoseconds(1))
        #expect(events.first == .closed(1))
        #expect(events.last == BrokerStand.sent(2, "w", "gone"))
        #expect(stand.broker.deadline == nil)
    }

    @Test func theSameNameTakesOver() {
        let stand = BrokerStand()
        stand.connect(3, as: "watcher")
        stand.subscribe(3, ("w", .atMostOnce))
        stand.connect(1, as: "a", clean: false, will: BrokerStand.will("w"))
        let events = stand.connect(2, as: "a", clean: false)
        #expect(
            events.filter { if case .arrived = $0 { false } else { true } } == [
                .closed(1), BrokerStand.sent(3, "w", "gone"),
                BrokerStand.accepted(2, sessionPresent: true),
            ])
        #expect(stand.give(1, .pingRequest) == [])
        #expect(stand.give(.connectionClosed(1)) == [])
        #expect(stand.give(2, .pingRequest) == [.sent(2, .pingResponse)])
    }
}

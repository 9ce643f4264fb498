import MQTTProtocol
import Signals
import Testing

@Suite struct ClientConnectionTests {
    private static let accepted = MQTTPacket.connectAcknowledgement(
        sessionPresent: false, .accepted)

    @Test func aConnectionIsOpenedGreetedAndAccepted() {
        let stand = ClientStand {
            $0.user = bytes("me")
            $0.password = bytes("secret")
            $0.keepAliveSeconds = 30
            $0.will = MQTTWill(topic: bytes("w"), message: bytes("gone"), qos: .atLeastOnce)
        }
        #expect(stand.client.isIdle && stand.client.deadline == nil)
        #expect(stand.give(.connect) == [.openTransport])
        let connect = MQTTConnect(
            clientIdentifier: bytes("client"), keepAliveSeconds: 30,
            will: MQTTWill(topic: bytes("w"), message: bytes("gone"), qos: .atLeastOnce),
            user: bytes("me"), password: bytes("secret"))
        #expect(stand.give(.transportOpened) == [sends(.connect(connect))])
        #expect(!stand.client.isConnected && !stand.client.isIdle)
        #expect(stand.packet(Self.accepted) == [.connected(sessionPresent: false)])
        #expect(stand.client.isConnected)
    }

    @Test func withoutAUserThereIsNoPassword() {
        let stand = ClientStand { $0.password = bytes("secret") }
        stand.give(.connect)
        let connect = MQTTConnect(clientIdentifier: bytes("client"))
        #expect(stand.give(.transportOpened) == [sends(.connect(connect))])
    }

    @Test(arguments: MQTTReturnCode.allCases.dropFirst())
    func everyRefusalEndsTheAttempt(code: MQTTReturnCode) {
        let stand = ClientStand()
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, code))
                == [.closeTransport, .refused(code)])
        #expect(stand.client.isIdle && stand.client.deadline == nil)
        #expect(stand.give(.connect) == [.openTransport])
    }

    @Test func aTransportThatDoesNotOpenIsGivenUp() {
        let stand = ClientStand { $0.connectTimeout = .seconds(3) }
        stand.give(.connect)
        #expect(
            stand.pass(.seconds(60))
                == [event(3_000, .closeTransport), event(3_000, .lost(.transportNotOpened))])
        #expect(stand.client.isIdle)
    }

    @Test func aBrokerThatDoesNotAnswerIsGivenUp() {
        let stand = ClientStand { $0.connectTimeout = .seconds(3) }
        stand.give(.connect)
        stand.pass(.seconds(2))
        stand.give(.transportOpened)
        stand.give(.received([0x20]))
        #expect(
            stand.pass(.seconds(60))
                == [event(5_000, .closeTransport), event(5_000, .lost(.noConnectAcknowledgement))])
    }

    @Test func aTransportThatIsClosedIsALossInEveryState() {
        let stand = ClientStand()
        #expect(stand.give(.transportClosed) == [])
        stand.give(.connect)
        #expect(stand.give(.transportClosed) == [.lost(.closedByPeer)])
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(stand.give(.transportClosed) == [.lost(.closedByPeer)])
        stand.establish()
        #expect(stand.give(.transportClosed) == [.lost(.closedByPeer)])
        #expect(stand.client.isIdle)
    }

    @Test func theOwnerCanDisconnectInEveryState() {
        let stand = ClientStand()
        #expect(stand.give(.disconnect) == [])
        stand.give(.connect)
        #expect(stand.give(.disconnect) == [.closeTransport, .lost(.disconnected)])
        stand.give(.connect)
        stand.give(.transportOpened)
        let goodbye: [MQTTClient.Output] = [
            sends(.disconnect), .closeTransport, .lost(.disconnected),
        ]
        #expect(stand.give(.disconnect) == goodbye)
        stand.establish()
        #expect(stand.give(.disconnect) == goodbye)
        #expect(stand.client.isIdle)
    }

    @Test func whatIsOutOfPlaceMeansNothing() {
        let stand = ClientStand()
        for input in [
            MQTTClient.Input.transportOpened, .received([0xff]), .timer, .delivered(1),
            .setReading(false), .setReading(true),
        ] {
            #expect(stand.give(input) == [])
        }
        stand.establish()
        #expect(stand.give(.connect) == [])
        #expect(stand.give(.transportOpened) == [])
        #expect(stand.give(.received([])) == [])
        #expect(stand.give(.timer) == [])
    }

    @Test(arguments: [
        (MQTTPacket.pingResponse, MQTTFault.unexpectedPacket(.pingResponse, from: .server)),
        (arrival("a"), .unexpectedPacket(.publish, from: .server)),
        (.connectAcknowledgement(sessionPresent: true, .accepted), .acknowledgeFlags(actual: 1)),
    ])
    func onlyAConnackComesFirst(first: MQTTPacket, fault: MQTTFault) {
        let stand = ClientStand()
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(stand.packet(first) == [.closeTransport, .lost(.fault(fault))])
    }

    @Test func aSecondConnackBreaksTheProtocol() {
        let stand = ClientStand.connected()
        #expect(
            stand.packet(Self.accepted) == [
                .closeTransport,
                .lost(.fault(.unexpectedPacket(.connectAcknowledgement, from: .server))),
            ])
    }

    @Test func bytesThatAreNoMQTTLoseTheConnection() {
        let stand = ClientStand.connected()
        #expect(
            stand.give(.received(drawn("d0 01 00"))) == [
                .closeTransport, .lost(.fault(.surplus(.pingResponse, offset: 2, count: 1))),
            ])
    }

    @Test func whatFollowsTheConnackIsReadAtOnce() {
        let stand = ClientStand()
        stand.give(.connect)
        stand.give(.transportOpened)
        let outputs = stand.give(.received(encoded(Self.accepted) + encoded(arrival("a"))))
        #expect(
            outputs == [
                .connected(sessionPresent: false),
                .message(MQTTMessage(topic: bytes("a"), message: bytes("m")), delivery: nil),
            ])
    }

    @Test func aNameThatCannotBeSentOpensNothing() {
        let stand = ClientStand { $0.clientIdentifier = [0xff] }
        #expect(stand.give(.connect) == [.lost(.unsendable(.notText(offset: 0)))])
        #expect(stand.client.isIdle)
    }
}

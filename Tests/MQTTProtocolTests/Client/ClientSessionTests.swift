import MQTTProtocol
import Signals
import Testing

/// Which connections are clean.
@Suite struct ClientSessionTests {
    private static func greeting(clean: Bool) -> MQTTClient.Output {
        sends(.connect(MQTTConnect(clientIdentifier: bytes("client"), cleanSession: clean)))
    }

    private static let accepted = MQTTPacket.connectAcknowledgement(
        sessionPresent: false, .accepted)

    @Test func withCleanSessionEveryConnectionIsClean() {
        let stand = ClientStand()
        for _ in 0..<3 {
            stand.give(.connect)
            #expect(stand.give(.transportOpened) == [Self.greeting(clean: true)])
            stand.packet(Self.accepted)
            stand.give(.transportClosed)
        }
    }

    @Test func theFirstConnectionErasesTheSessionAndIsMadeAgain() {
        let stand = ClientStand { $0.cleanSession = false }
        stand.give(.connect)
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: true)])
        #expect(stand.packet(Self.accepted) == [sends(.disconnect), .closeTransport])
        #expect(!stand.client.isConnected && !stand.client.isIdle)
        #expect(stand.give(.transportClosed) == [])
        #expect(stand.pass(.seconds(5)) == [event(2_000, .openTransport)])
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: false)])
        #expect(stand.packet(Self.accepted) == [.connected(sessionPresent: false)])
        // From then on there is nothing to erase.
        stand.give(.transportClosed)
        stand.give(.connect)
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: false)])
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: true, .accepted))
                == [.connected(sessionPresent: true)])
    }

    @Test func whatResumesIsUncleanFromTheFirst() {
        let stand = ClientStand {
            $0.cleanSession = false
            $0.resumes = true
        }
        stand.give(.connect)
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: false)])
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: true, .accepted))
                == [.connected(sessionPresent: true)])
    }

    @Test func anErasureThatFailsIsMadeAgain() {
        let stand = ClientStand { $0.cleanSession = false }
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(stand.give(.transportClosed) == [.lost(.closedByPeer)])
        stand.give(.connect)
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: true)])
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, .notAuthorised))
                == [.closeTransport, .refused(.notAuthorised)])
        stand.give(.connect)
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: true)])
    }

    @Test func anErasureThatSucceededIsNotMadeAgain() {
        let stand = ClientStand { $0.cleanSession = false }
        stand.give(.connect)
        stand.give(.transportOpened)
        stand.packet(Self.accepted)
        #expect(stand.give(.disconnect) == [.lost(.disconnected)])
        stand.give(.connect)
        #expect(stand.give(.transportOpened) == [Self.greeting(clean: false)])
    }

    @Test func nothingIsSentOnTheConnectionThatErases() {
        let stand = ClientStand { $0.cleanSession = false }
        stand.publish("a", tag: 5)
        stand.subscribe("b", tag: 6)
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(stand.packet(Self.accepted) == [sends(.disconnect), .closeTransport])
        stand.pass(.seconds(2))
        stand.give(.transportOpened)
        #expect(
            stand.packet(Self.accepted)
                == [.connected(sessionPresent: false), subscribes("b", 1), publishes("a", 2)])
    }
}

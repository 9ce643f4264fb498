import MQTTProtocol
import Signals
import Testing

/// While the owner does not read, nothing that only reading brings is late.
@Suite struct ClientBackpressureTests {
    @Test func theOwnersWishIsPassedOnOnce() {
        let stand = ClientStand.connected()
        #expect(stand.give(.setReading(true)) == [])
        #expect(stand.give(.setReading(false)) == [.setReading(false)])
        #expect(stand.give(.setReading(false)) == [])
        #expect(stand.give(.setReading(true)) == [.setReading(true)])
    }

    @Test func pingsGoOnAndSilenceDoesNotCount() {
        let stand = ClientStand.connected()
        stand.pass(.seconds(20))
        stand.give(.setReading(false))
        let events = stand.pass(.seconds(200))
        #expect(events == events.filter { $0.output == sends(.pingRequest) })
        #expect(events.count == 13)
        stand.give(.setReading(true))
        // 20 of 60 seconds had passed; 40 are left from 220 s on.
        #expect(stand.pass(.seconds(60)).withoutPings.last == event(260_000, .lost(.silence)))
    }

    @Test func theResponseTimeStandsStill() {
        let stand = ClientStand.connected { $0.republicationsMax = 0 }
        stand.publish("a")
        stand.subscribe("b")
        stand.pass(.seconds(4))
        stand.give(.setReading(false))
        #expect(stand.pass(.seconds(100)).withoutPings == [])
        stand.give(.setReading(true))
        #expect(stand.client.isConnected)
        #expect(
            stand.pass(.seconds(10)).withoutPings.last == event(110_000, .lost(.notAcknowledged)))
    }

    @Test func whatWasSentWhileNotReadingWaitsFromTheResumption() {
        let stand = ClientStand.connected { $0.republicationsMax = 0 }
        stand.give(.setReading(false))
        stand.pass(.seconds(50))
        #expect(stand.publish("a") == [publishes("a", 1)])
        stand.pass(.seconds(50))
        stand.give(.setReading(true))
        #expect(
            stand.pass(.seconds(20)).withoutPings.last == event(110_000, .lost(.notAcknowledged)))
    }

    @Test func severalStandstillsAddUp() {
        let stand = ClientStand.connected { $0.republicationsMax = 0 }
        stand.publish("a")
        for _ in 0..<3 {
            stand.pass(.seconds(3))
            stand.give(.setReading(false))
            stand.pass(.seconds(7))
            stand.give(.setReading(true))
        }
        #expect(stand.now == at(30_000))
        #expect(
            stand.pass(.seconds(5)).withoutPings.last == event(31_000, .lost(.notAcknowledged)))
    }

    @Test func whatWasUnderWayIsStillTaken() {
        let stand = ClientStand.connected()
        stand.publish("a", tag: 7)
        stand.give(.setReading(false))
        #expect(stand.packet(.publishAcknowledgement(1)) == [.published(tag: 7)])
        #expect(
            stand.packet(arrival("b"))
                == [.message(MQTTMessage(topic: bytes("b"), message: bytes("m")), delivery: nil)])
    }

    @Test func anOwnerThatDoesNotReadStopsTheNewConnectionToo() {
        let stand = ClientStand()
        #expect(stand.give(.setReading(false)) == [])
        stand.give(.connect)
        stand.give(.transportOpened)
        #expect(
            stand.packet(.connectAcknowledgement(sessionPresent: false, .accepted))
                == [.connected(sessionPresent: false), .setReading(false)])
        #expect(stand.pass(.seconds(100)).withoutPings == [])
        #expect(stand.give(.setReading(true)) == [.setReading(true)])
        #expect(stand.pass(.seconds(70)).withoutPings.last == event(160_000, .lost(.silence)))
    }
}

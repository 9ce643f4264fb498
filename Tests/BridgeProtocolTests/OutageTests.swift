import LinkProtocol
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// Loss and return of Wi-Fi and broker. Ref: Documentation/Protocol.md, Sessions.
@Suite struct OutageTests {
    @Test func aLostConnectionIsRebuiltFromWiFiUpwards() {
        var firmware = Firmware.running()
        let start = firmware.now
        firmware.cutTransport()
        firmware.run(for: .seconds(20))
        #expect(firmware.said == ["t|10", "t|9"])
        #expect(firmware.time(of: "t|10") == start)
        #expect(firmware.time(of: .dissociate) == start + .seconds(1))
        #expect(firmware.time(of: .associate(.remembered)) == start + .seconds(2))
        #expect(firmware.time(of: "t|9") == start + .seconds(7))
        #expect(firmware.count(of: .lamp(.broker, .high)) == 1)
        #expect(firmware.count(of: .lamp(.broker, .low)) == 1)
    }

    @Test func lostWiFiTakesTheConnectionWithIt() {
        var firmware = Firmware.running()
        firmware.feed(.network(.lost))
        #expect(firmware.has(.closeTransport))
        #expect(firmware.said == ["t|10"])
        firmware.run(for: .seconds(20))
        #expect(firmware.said == ["t|10", "t|9"])
    }

    @Test func itTriesForEver() {
        var firmware = Firmware.running()
        firmware.hasBroker = false
        firmware.cutTransport()
        firmware.run(for: .seconds(3_600))
        // A second of pause and five of stability, again and again.
        #expect(firmware.count(of: .dissociate) == 600)
        #expect(firmware.said == ["t|10"])
        firmware.hasBroker = true
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|10", "t|9"])
    }

    @Test func wiFiThatStaysAwayIsSoughtForEver() {
        var firmware = Firmware.running()
        firmware.hasNetwork = false
        firmware.cutTransport()
        firmware.run(for: .seconds(170))
        #expect(firmware.count(of: .associate(.remembered)) == 10)
        firmware.hasNetwork = true
        firmware.run(for: .seconds(30))
        #expect(firmware.said == ["t|10", "t|9"])
    }

    @Test func wiFiMustStayForFiveSeconds() {
        var firmware = Firmware.running()
        let start = firmware.now
        firmware.cutTransport()
        firmware.run(for: .seconds(4))
        firmware.feed(.network(.lost))
        firmware.run(for: .seconds(5))
        #expect(firmware.said == ["t|10"])
        firmware.run(for: .seconds(5))
        #expect(firmware.time(of: "t|9") == start + .seconds(10))
    }

    @Test func theNetworkOfTheStartIsUsedAgain() {
        let specified = BridgeNetwork.specified(
            ssid: bytes("net"), password: bytes("wifipass"))
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise.replacing("{}|1", with: "{}|0"))
        firmware.host("1")
        firmware.run(for: .seconds(10))
        firmware.cutTransport()
        firmware.run(for: .seconds(10))
        #expect(firmware.networks == [specified, specified])
    }

    @Test func subscriptionsAreRenewedWithoutTheHost() {
        var firmware = Firmware.running()
        firmware.host("s|a/#|1")
        firmware.host("s|b|0")
        firmware.forget()
        firmware.cutTransport()
        firmware.run(for: .seconds(10))
        #expect(firmware.packets.map(\.type) == [.connect, .subscribe, .subscribe])
        #expect(firmware.events.contains(.subscribed(filter: bytes("a/#"), granted: .atLeastOnce)))
    }

    @Test func withoutItsProtectionSubscriptionsAreLost() {
        var firmware = Firmware.running { $0.protections.renewsSubscriptions = false }
        firmware.host("s|a/#|1")
        firmware.forget()
        firmware.cutTransport()
        firmware.run(for: .seconds(10))
        #expect(firmware.packets.map(\.type) == [.connect])
    }

    @Test(arguments: ["0", "1"])
    func aPublicationInAnOutageWaitsForItsEnd(qos: String) {
        var firmware = Firmware.running()
        firmware.cutTransport()
        firmware.host("p|topic|during||\(qos)")
        firmware.host("m")
        firmware.run(for: .seconds(5))
        #expect(firmware.said == ["t|10"])
        #expect(!firmware.has(.queryMemory))
        firmware.run(for: .seconds(5))
        // What waited behind it is worked on at once.
        #expect(firmware.said.prefix(3) == ["t|10", "t|9", "t|4"])
        #expect(firmware.has(.queryMemory))
    }

    @Test func aPublicationInFlightIsSentAgain() {
        var firmware = Firmware.running(in: { $0.acknowledgesPublications = false })
        firmware.host("p|topic|message||1")
        firmware.acknowledgesPublications = true
        firmware.cutTransport()
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|10", "t|9", "t|4"])
        #expect(firmware.publications.count == 2)
        #expect(firmware.events.contains(.publicationRepeated(asDuplicate: false)))
    }

    @Test func aPublicationThatIsNotAcknowledgedIsRepeatedAndThenTheConnectionRebuilt() {
        var firmware = Firmware.running(in: { $0.acknowledgesPublications = false })
        firmware.host("p|topic|message||1")
        firmware.run(for: .seconds(49))
        #expect(firmware.publications.map(\.isDuplicate) == [false, true, true, true, true])
        firmware.acknowledgesPublications = true
        firmware.run(for: .seconds(20))
        #expect(firmware.said == ["t|10", "t|9", "t|4"])
        #expect(firmware.publications.count == 6)
        #expect(firmware.publications.last?.isDuplicate == false)
        #expect(firmware.events.contains(.connectionLost(.notAcknowledged)))
    }

    @Test func aBrokerThatFallsSilentIsLost() {
        var firmware = Firmware.running(in: { $0.answersPings = false })
        firmware.run(for: .seconds(61))
        #expect(firmware.events.contains(.connectionLost(.silence)))
        #expect(firmware.said.first == "t|10")
    }

    @Test func aMessageOfQos2EndsTheConnection() {
        var firmware = Firmware.running()
        firmware.broker("a", [1], qos: .exactlyOnce, identifier: 5)
        #expect(firmware.events == [.connectionLost(.qualityOfServiceTwo)])
        #expect(firmware.said == ["t|10"])
    }
}

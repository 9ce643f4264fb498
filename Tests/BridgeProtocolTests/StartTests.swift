import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// From the boot to RUNNING. Ref: Documentation/Protocol.md, Sessions.
@Suite struct StartTests {
    @Test func saysEveryStatusInTheReferencesOrder() {
        var firmware = Firmware.synchronised()
        firmware.host("w|status/will|host died|True|1")
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|7", "t|2", "t|1", "t|0", "t|5", "t|9"])
        #expect(firmware.session.isRunning)
        #expect(firmware.session.isBrokerConnected)
        #expect(firmware.networks == [.remembered])
    }

    @Test func letsTheNetworkSettleForFiveSeconds() {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(10))
        #expect(firmware.time(of: "t|2") == .zero)
        #expect(firmware.time(of: "t|1") == .zero + .seconds(5))
        #expect(firmware.time(of: "t|9") == .zero + .seconds(5))
    }

    @Test func givesTheBrokerWhatInitSays() throws {
        var firmware = Firmware.synchronised()
        firmware.host("w|status/will|host died|True|1")
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(10))
        let connect = try #require(firmware.connects.first)
        #expect(connect.clientIdentifier == bytes("deadbeef"))
        #expect(connect.user == bytes("user"))
        #expect(connect.password == bytes("mqttpass"))
        #expect(connect.keepAliveSeconds == 60)
        #expect(connect.cleanSession)
        #expect(
            connect.will
                == MQTTWill(
                    topic: bytes("status/will"), message: bytes("host died"), isRetained: true,
                    qos: .atLeastOnce))
    }

    @Test(arguments: [
        ("0", "0", UInt16(1883)), ("0", "1", 8883), ("1234", "0", 1234), ("1234", "1", 1234),
    ])
    func opensTheTransportToTheBrokersAddress(port: String, tls: String, expected: UInt16) {
        var firmware = Firmware.synchronised()
        firmware.host(
            "init|net|pw|broker||||1|\(port)|\(tls)|1|60|0|1|4|10|0|pool.ntp.org"
                .replacing("||||1", with: "|||{'ca': 'x'}|1"))
        firmware.run(for: .seconds(10))
        #expect(
            firmware.has(
                .openTransport(
                    BrokerAddress(
                        name: bytes("broker"), port: expected, usesTLS: tls == "1",
                        tlsLiteral: bytes("{'ca': 'x'}")))))
    }

    @Test func asksForTheHostsNetworkWhenTheDefaultIsNotWanted() {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise.replacing("{}|1", with: "{}|0"))
        firmware.run(for: .seconds(60))
        #expect(firmware.said == ["t|3"])
        firmware.host("1")
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|3", "t|1", "t|0", "t|5", "t|9"])
        #expect(
            firmware.networks == [.specified(ssid: bytes("net"), password: bytes("wifipass"))])
    }

    @Test func asksForTheHostsNetworkWhenTheDefaultIsNotFound() {
        var firmware = Firmware.synchronised()
        firmware.hasNetwork = false
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(60))
        #expect(firmware.said == ["t|2", "t|3"])
        #expect(firmware.time(of: "t|3") == .zero + .seconds(16))
    }

    @Test func asksAgainWhenTheHostsNetworkIsNotFoundEither() {
        var firmware = Firmware.synchronised()
        firmware.hasNetwork = false
        firmware.networkFailure = .failed
        firmware.host(Firmware.initialise)
        #expect(firmware.said == ["t|2", "t|3"])
        firmware.host("1")
        #expect(firmware.said == ["t|2", "t|3", "t|3"])
        firmware.hasNetwork = true
        firmware.host("1")
        firmware.run(for: .seconds(10))
        #expect(firmware.said.suffix(4) == ["t|1", "t|0", "t|5", "t|9"])
    }

    @Test func aNetworkThatDoesNotStayIsNone() {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(3))
        firmware.feed(.network(.lost))
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|2", "t|3"])
    }

    @Test func commandsThatComeTooEarlyAreNoAnswerAndWaitForRunning() {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise.replacing("{}|1", with: "{}|0"))
        firmware.host("p|topic|early||0")
        firmware.run(for: .seconds(1))
        #expect(firmware.said == ["t|3"])
        firmware.host("1")
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|3", "t|1", "t|0", "t|5", "t|9", "t|4"])
        #expect(firmware.publications.map(\.message) == [bytes("early")])
    }

    @Test func whatCameBeforeTheQuestionIsNoAnswerToIt() {
        var firmware = Firmware.synchronised()
        firmware.hasNetwork = false
        firmware.host(Firmware.initialise)
        firmware.host("zz")
        firmware.run(for: .seconds(20))
        #expect(firmware.said == ["t|2", "t|3"])
        firmware.hasNetwork = true
        firmware.host("1")
        firmware.run(for: .seconds(10))
        #expect(
            firmware.said
                == ["t|2", "t|3", "t|1", "t|0", "t|5", "t|9", "t|6|Unknown command:|zz"])
    }

    @Test func commandsThatComeBehindInitWaitForRunning() {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise)
        firmware.host("p|out/a|pending 1|0|1")
        firmware.host("s|cmd/in|1")
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|2", "t|1", "t|0", "t|5", "t|9", "t|4"])
        #expect(firmware.packets.map(\.type) == [.connect, .publish, .subscribe])
    }

    @Test func aBrokerThatIsDownIsBrokerFailAndNothingMore() {
        var firmware = Firmware.synchronised()
        firmware.hasBroker = false
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(100))
        #expect(firmware.said == ["t|2", "t|1", "t|8"])
        firmware.host("m")
        firmware.hasBroker = true
        firmware.run(for: .seconds(100))
        #expect(firmware.said == ["t|2", "t|1", "t|8"])
    }

    @Test func aBrokerThatRefusesIsBrokerFail() {
        var firmware = Firmware.synchronised()
        firmware.connectAnswer = .badUserOrPassword
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(100))
        #expect(firmware.said == ["t|2", "t|1", "t|8"])
        #expect(firmware.events.contains(.connectionRefused(.badUserOrPassword)))
    }

    @Test func aBrokerThatIsSilentIsBrokerFail() {
        var firmware = Firmware.synchronised()
        firmware.connectAnswer = nil
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(100))
        #expect(firmware.said == ["t|2", "t|1", "t|8"])
        #expect(firmware.time(of: "t|8") == .zero + .seconds(15))
        #expect(firmware.events.contains(.connectionLost(.noConnectAcknowledgement)))
    }

    @Test func aNetworkThatIsLostWhileConnectingIsBrokerFail() {
        var firmware = Firmware.synchronised()
        firmware.connectAnswer = nil
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(6))
        firmware.feed(.network(.lost))
        #expect(firmware.said == ["t|2", "t|1", "t|8"])
        #expect(firmware.has(.closeTransport))
    }

    @Test func anythingElseThanInitIsAnsweredInTheReferencesWords() {
        for frame in ["p|topic|message||0", "zz|a|b", "1", "i", "s|"] {
            var firmware = Firmware.synchronised()
            firmware.host(frame)
            #expect(firmware.said == ["t|6|Expected init, got: |\(frame)"])
            // It waits to be reset.
            firmware.host(Firmware.initialise)
            firmware.run(for: .seconds(20))
            #expect(firmware.said.count == 1)
            firmware.feed(.powerOff)
            firmware.feed(.boot)
            firmware.feed(.synchronised)
            firmware.host(Firmware.initialise)
            #expect(firmware.said.last == "t|2")
        }
    }

    @Test func cleanSessionZeroErasesTheBrokersQueueAtTheFirstStart() {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise.replacing("|60|0|1|4", with: "|60|0|0|4"))
        firmware.run(for: .seconds(10))
        #expect(firmware.connects.map(\.cleanSession) == [true, false])
        #expect(firmware.said == ["t|2", "t|1", "t|0", "t|5", "t|9"])
        #expect(firmware.time(of: "t|0") == .zero + .seconds(7))
    }

    @Test func resumeTakesTheBrokersSessionUp() {
        var firmware = Firmware.synchronised()
        firmware.sessionPresent = true
        firmware.host(Firmware.initialise.replacing("|60|0|1|4", with: "|60|0|0|4") + "|resume")
        firmware.run(for: .seconds(10))
        #expect(firmware.connects.map(\.cleanSession) == [false])
        #expect(firmware.events.contains(.connected(sessionPresent: true)))
    }

    @Test func withoutItsProtectionResumeIsIgnored() {
        var firmware = Firmware.synchronised { $0.protections.resumes = false }
        firmware.host(Firmware.initialise.replacing("|60|0|1|4", with: "|60|0|0|4") + "|resume")
        firmware.run(for: .seconds(10))
        #expect(firmware.connects.map(\.cleanSession) == [true, false])
    }

    @Test(arguments: ["{'ca': open('x')}", "{'password': 'x'}", "{", "dict()", ""])
    func parametersOfTLSThatAreNoneAreAnsweredWithUnknown(literal: String) {
        var firmware = Firmware.synchronised()
        firmware.host(Firmware.initialise.replacing("{}", with: literal))
        firmware.run(for: .seconds(10))
        #expect(firmware.said.count == 1)
        #expect(firmware.said[0].hasPrefix("t|6|Un"))
        #expect(firmware.said[0].hasSuffix("|init"))
        #expect(firmware.events == [.synchronised, .tlsParametersRefused])
    }

    @Test func nothingIsDoneWithoutPower() {
        var firmware = Firmware()
        firmware.feed(.synchronised)
        firmware.host(Firmware.initialise)
        firmware.feed(.network(.associated))
        firmware.feed(.transportOpened)
        firmware.run(for: .seconds(100))
        #expect(firmware.outputs.isEmpty)
        #expect(firmware.session.deadline == nil)
    }

    @Test func aResetForgetsEverything() {
        var firmware = Firmware.running()
        firmware.host("s|a|1")
        firmware.framesLeave = false
        for _ in 0..<100 { firmware.broker("a", bytes("old")) }
        firmware.framesLeave = true
        firmware.feed(.powerOff)
        #expect(firmware.has(.closeTransport))
        #expect(firmware.has(.lamp(.broker, .high)))
        #expect(!firmware.session.isRunning)
        #expect(firmware.session.secrets.isEmpty)
        firmware.forget()
        firmware.feed(.boot)
        firmware.feed(.synchronised)
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|2", "t|1", "t|0", "t|5", "t|9"])
        #expect(firmware.packets.map(\.type) == [.connect])
    }

    @Test func theHeartbeatTogglesTwiceASecond() {
        var firmware = Firmware { $0.waits.heartbeat = .milliseconds(500) }
        firmware.run(for: .seconds(5))
        #expect(firmware.outputs.isEmpty)
        firmware.feed(.boot)
        firmware.run(for: .seconds(10))
        #expect(firmware.count(of: .lamp(.heartbeat, .high)) == 10)
        #expect(firmware.count(of: .lamp(.heartbeat, .low)) == 10)
    }
}

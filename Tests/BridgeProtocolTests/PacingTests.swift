import LinkProtocol
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// The reference's pace, as a capture of it shows.
@Suite struct PacingTests {
    /// From the end of a publication's frame to the begin of PUBOK, over all phases of the poll.
    private func latencies(qos: String) -> [Nanoseconds] {
        var firmware = Firmware.running { $0.pacing = .reference }
        return (0..<Int64(50)).map { index in
            firmware.run(for: .microseconds(1_000_000 + 400 * index))
            firmware.forget()
            let start = firmware.now
            firmware.acknowledgesPublications = false
            firmware.host("p|topic|message||\(qos)")
            while firmware.publications.isEmpty { firmware.run(for: .microseconds(100)) }
            // The broker takes a moment, so the first look comes too early.
            firmware.run(for: .milliseconds(7))
            let identifier = firmware.publications[0].packetIdentifier
            if identifier > 0 { firmware.broker(.publishAcknowledgement(identifier)) }
            firmware.run(for: .milliseconds(500))
            return (firmware.time(of: "t|4") ?? start) - start
        }
    }

    @Test func aQos0PublicationTakes29To49Milliseconds() throws {
        let sorted = latencies(qos: "0").sorted()
        #expect(sorted[0] >= .milliseconds(29) && sorted[0] < .milliseconds(31))
        #expect(sorted[25] >= .milliseconds(37) && sorted[25] < .milliseconds(41))
        #expect(sorted[49] > .milliseconds(47) && sorted[49] <= .milliseconds(49))
    }

    @Test func aQos1PublicationTakesAHundredMillisecondsMore() {
        let sorted = latencies(qos: "1").sorted()
        #expect(sorted[0] >= .milliseconds(129) && sorted[0] < .milliseconds(131))
        #expect(sorted[49] > .milliseconds(147) && sorted[49] <= .milliseconds(149))
    }

    @Test func aSubscriptionIsLookedAtEveryHundredMilliseconds() throws {
        var firmware = Firmware.running { $0.pacing = .reference }
        firmware.acknowledgesSubscriptions = false
        let start = firmware.now
        firmware.host("s|a|1")
        firmware.host("m")
        firmware.run(for: .milliseconds(25))
        guard case .subscribe(let identifier, _) = firmware.packets.last else {
            Issue.record("\(firmware.packets)")
            return
        }
        firmware.broker(.subscribeAcknowledgement(packetIdentifier: identifier, [1]))
        firmware.run(for: .seconds(1))
        // Looked at after 1 ms and sent at 22, seen 100 ms later, at 122; the next is looked at at 141,
        // and worked on at 162.
        #expect(firmware.time(of: .queryMemory) == start + .milliseconds(162))
    }

    @Test func withoutPacingNothingTakesTime() {
        var firmware = Firmware.running()
        let start = firmware.now
        firmware.host("p|topic|message||1")
        #expect(firmware.time(of: "t|4") == start)
    }

    @Test func theTimeTakesFiveSeconds() {
        var firmware = Firmware.running { $0.pacing = .reference }
        let start = firmware.now
        firmware.host("i")
        firmware.run(for: .milliseconds(500))
        firmware.feed(.internet(isReachable: true))
        firmware.run(for: .seconds(3))
        firmware.feed(.serverTime(.seconds(1_000)))
        firmware.run(for: .seconds(3))
        #expect(firmware.said == ["i|1001"])
        #expect(
            (firmware.time(of: "i|1001") ?? start) - start
                == .milliseconds(5_000 + 22 + 3))
    }

    @Test func framesKeepTheirOrder() {
        var firmware = Firmware.running { $0.pacing = .reference }
        firmware.run(for: .milliseconds(7))
        firmware.broker("a", bytes("1"))
        firmware.host("zz")
        firmware.cutTransport()
        firmware.run(for: .seconds(1))
        #expect(firmware.said == ["u|a|1|False", "t|10", "t|6|Unknown command:|zz"])
    }
}

import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// The host's commands while the bridge runs. Ref: Documentation/Protocol.md, Publishing and Time.
@Suite struct CommandTests {
    @Test func aQos0PublicationIsCompleteAtOnce() {
        var firmware = Firmware.running()
        firmware.host("p|topic|message||0")
        #expect(firmware.said == ["t|4"])
        #expect(
            firmware.publications == [
                MQTTPublish(topic: bytes("topic"), message: bytes("message"))
            ])
        #expect(firmware.events == [.published(qos: .atMostOnce)])
    }

    @Test func aQos1PublicationIsCompleteWhenAcknowledged() {
        var firmware = Firmware.running(in: { $0.acknowledgesPublications = false })
        firmware.host("p|topic|message|1|1")
        #expect(firmware.said == [])
        let identifier = firmware.publications[0].packetIdentifier
        #expect(firmware.publications[0].isRetained)
        firmware.broker(.publishAcknowledgement(identifier))
        #expect(firmware.said == ["t|4"])
        #expect(firmware.events == [.published(qos: .atLeastOnce)])
    }

    @Test(arguments: [("", false), ("0", false), ("False", false), ("1", true), ("True", true)])
    func retainIsReadInEverySpelling(spelling: String, isRetained: Bool) {
        var firmware = Firmware.running()
        firmware.host("p|topic|message|\(spelling)|0")
        #expect(firmware.publications.map(\.isRetained) == [isRetained])
        #expect(firmware.imitated.isEmpty)
    }

    @Test func aSubscriptionIsHeldUntilTheBrokerHasIt() {
        var firmware = Firmware.running(in: { $0.acknowledgesSubscriptions = false })
        firmware.host("s|a/+/#|1")
        firmware.host("m")
        #expect(!firmware.has(.queryMemory))
        guard case .subscribe(let identifier, let subscriptions) = firmware.packets[0] else {
            Issue.record("\(firmware.packets)")
            return
        }
        #expect(
            subscriptions == [MQTTSubscription(filter: bytes("a/+/#"), qos: .atLeastOnce)])
        firmware.broker(.subscribeAcknowledgement(packetIdentifier: identifier, [1]))
        #expect(firmware.has(.queryMemory))
        #expect(firmware.said.isEmpty)
    }

    @Test func aRefusedSubscriptionIsToldToNobodyButTheJournal() {
        var firmware = Firmware.running(in: { $0.grantsSubscriptions = false })
        firmware.host("s|a|1")
        firmware.host("p|topic|message||0")
        #expect(firmware.said == ["t|4"])
        #expect(
            firmware.events == [
                .subscribed(filter: bytes("a"), granted: nil), .published(qos: .atMostOnce),
            ])
    }

    @Test func aSubscriptionThatIsSaidAgainIsOne() {
        var firmware = Firmware.running { $0.subscriptionsMax = 2 }
        for _ in 0..<5 { firmware.host("s|a|1") }
        firmware.host("s|b|1")
        #expect(firmware.events.last == .subscribed(filter: bytes("b"), granted: .atLeastOnce))
        #expect(firmware.said.isEmpty)
        firmware.host("s|c|1")
        #expect(firmware.said == ["t|6|MQTT cannot carry:|s|c|1"])
    }

    @Test func oneCommandIsWorkedOnAtATimeAndInOrder() {
        var firmware = Firmware.running(in: { $0.acknowledgesPublications = false })
        firmware.host("p|a|1||1")
        firmware.host("p|b|2||0")
        firmware.host("m")
        firmware.host("zz")
        firmware.host("s|c|0")
        #expect(firmware.publications.map(\.topic) == [bytes("a")])
        firmware.broker(.publishAcknowledgement(firmware.publications[0].packetIdentifier))
        #expect(firmware.publications.map(\.topic) == [bytes("a"), bytes("b")])
        #expect(firmware.said == ["t|4", "t|4"])
        #expect(firmware.has(.queryMemory))
        firmware.feed(.memory(free: 27_168, allocated: 10_688))
        #expect(
            firmware.said == ["t|4", "t|4", "m|27168|10688", "t|6|Unknown command:|zz"])
        #expect(firmware.packets.last?.type == .subscribe)
    }

    @Test func moreCommandsThanCanWaitAreAnsweredWithUnknown() {
        var firmware = Firmware.running {
            $0.commandLimits = FrameQueue.Limits(frameCountMax: 3, characterCountMax: 1_000)
        }
        firmware.host("i")
        for _ in 0..<3 { firmware.host("m") }
        #expect(firmware.said.isEmpty)
        firmware.host("p|a|b||0")
        #expect(firmware.said == ["t|6|Too many commands wait:|p|a|b||0"])
        #expect(firmware.events == [.commandsFull(limit: 3)])
    }

    @Test func memoryIsAnsweredEvenWhenNobodyKnowsIt() {
        var firmware = Firmware.running()
        firmware.host("m")
        firmware.feed(.memory(free: -5, allocated: .max))
        #expect(firmware.said == ["m|0|99999999999999999"])
        firmware.host("m")
        firmware.run(for: .seconds(1))
        #expect(firmware.said.last == "m|0|0")
        #expect(firmware.events == [.unanswered(.memory)])
    }

    @Test func timeIsTheServersTimeAtTheAnswer() {
        var firmware = Firmware.running { $0.pacing.timeAnswer = .seconds(2) }
        firmware.host("i")
        #expect(firmware.has(.queryInternet))
        #expect(!firmware.has(.queryTime(server: bytes("pool.ntp.org"))))
        firmware.feed(.internet(isReachable: true))
        #expect(firmware.has(.queryTime(server: bytes("pool.ntp.org"))))
        firmware.run(for: .milliseconds(200))
        firmware.feed(.serverTime(.milliseconds(848_662_091_000)))
        firmware.run(for: .seconds(3))
        // 1.8 s have passed since.
        #expect(firmware.said == ["i|848662092"])
    }

    @Test func timeIsZeroWhenItCannotBeHad() {
        var firmware = Firmware.running()
        firmware.host("i")
        firmware.feed(.internet(isReachable: false))
        #expect(firmware.said == ["i|0"])
        firmware.host("i")
        firmware.feed(.internet(isReachable: true))
        firmware.feed(.serverTime(nil))
        #expect(firmware.said == ["i|0", "i|0"])
        firmware.host("i")
        firmware.run(for: .seconds(3))
        #expect(firmware.said == ["i|0", "i|0", "i|0"])
        firmware.host("i")
        firmware.feed(.internet(isReachable: true))
        firmware.run(for: .seconds(2))
        #expect(firmware.said == ["i|0", "i|0", "i|0", "i|0"])
        #expect(firmware.events == [.unanswered(.internet), .unanswered(.time)])
    }

    @Test(arguments: [Int64.min, -1, 0, 1 << 61, .max])
    func noServersTimeTraps(count: Int64) {
        var firmware = Firmware.running()
        firmware.host("i")
        firmware.feed(.internet(isReachable: true))
        firmware.feed(.serverTime(Nanoseconds(count)))
        #expect(firmware.said == ["i|0"])
    }

    @Test func answersWithoutAQuestionMeanNothing() {
        var firmware = Firmware.running()
        firmware.feed(.internet(isReachable: true))
        firmware.feed(.serverTime(.seconds(1)))
        firmware.feed(.memory(free: 1, allocated: 1))
        firmware.feed(.network(.associated))
        firmware.feed(.transportOpened)
        firmware.feed(.left(tag: 4_711))
        firmware.feed(.refused(tag: 4_711, .empty))
        firmware.feed(.synchronised)
        #expect(firmware.outputs.isEmpty)
    }
}

import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// Each fault of the reference, imitated and not. Ref: Documentation/Protocol.md, Reference differences.
@Suite struct RuleTests {
    private func with(_ rule: ReferenceRule) -> (inout BridgeConfiguration) -> Void {
        { $0.rules = ReferenceRules(rule) }
    }

    /// All rules but one: none of the others may do the same.
    private func without(_ rule: ReferenceRule) -> (inout BridgeConfiguration) -> Void {
        { $0.rules = ReferenceRules(.reference).without(rule) }
    }

    @Test func retainAnyNonempty() {
        var firmware = Firmware.running(with(.retainAnyNonempty))
        for spelling in ["", "0", "1", "False", "True", "yes"] {
            firmware.host("p|a|b|\(spelling)|0")
        }
        #expect(
            firmware.publications.map(\.isRetained) == [false, true, true, true, true, true])
        #expect(firmware.imitated == [.retainAnyNonempty, .retainAnyNonempty, .retainAnyNonempty])

        firmware = Firmware.running(without(.retainAnyNonempty))
        firmware.host("p|a|b|0|0")
        #expect(firmware.publications.map(\.isRetained) == [false])
        #expect(!firmware.imitated.contains(.retainAnyNonempty))
    }

    @Test func retainAnyNonemptyOfAWill() {
        var firmware = Firmware.synchronised(with(.retainAnyNonempty))
        firmware.host("w|a|b|False|0")
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(10))
        #expect(firmware.connects[0].will?.isRetained == true)
        #expect(firmware.imitated == [.retainAnyNonempty])
    }

    @Test func lenientFields() {
        var firmware = Firmware.running(with(.lenientFields))
        firmware.host("p|a|b|| +01 ")
        firmware.host("s|a|00|x|y")
        firmware.host("m|")
        firmware.feed(.memory(free: 1, allocated: 2))
        #expect(firmware.said == ["t|4", "m|1|2"])
        #expect(firmware.publications.map(\.qos) == [.atLeastOnce])
        #expect(Set(firmware.imitated) == [.lenientFields])
        // What even the reference cannot read.
        firmware.host("p|a|b||True")
        #expect(firmware.said.last == "t|6|Malformed field 4, not a number:|p|a|b||True")

        firmware = Firmware.running(without(.lenientFields))
        firmware.host("m|")
        #expect(!firmware.has(.queryMemory))
    }

    @Test func lenientFieldsOfInit() {
        var firmware = Firmware.synchronised(with(.lenientFields))
        firmware.host(Firmware.initialise.replacing("|1883|", with: "| 01883|"))
        firmware.run(for: .seconds(10))
        #expect(firmware.session.isRunning)
        #expect(firmware.imitated == [.lenientFields])
    }

    @Test func networkAnswerAny() {
        var firmware = Firmware.synchronised(with(.networkAnswerAny))
        firmware.host(Firmware.initialise.replacing("{}|1", with: "{}|0"))
        firmware.host("p|a|lost||0")
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|3", "t|1", "t|0", "t|5", "t|9"])
        #expect(firmware.publications.isEmpty)
        #expect(firmware.imitated == [.networkAnswerAny])
    }

    @Test func networkAnswerAnyTakesWhatIsInTheQueue() {
        var firmware = Firmware.synchronised(with(.networkAnswerAny))
        firmware.hasNetwork = false
        firmware.host(Firmware.initialise)
        firmware.host("s|a|0")
        firmware.run(for: .seconds(15))
        firmware.hasNetwork = true
        firmware.run(for: .seconds(10))
        #expect(firmware.said == ["t|2", "t|3", "t|1", "t|0", "t|5", "t|9"])
        #expect(firmware.packets.map(\.type) == [.connect])
        #expect(firmware.imitated == [.networkAnswerAny])
    }

    @Test func networkAnswerAnyMakesNoDifferenceToARealAnswer() {
        var firmware = Firmware.synchronised(with(.networkAnswerAny))
        firmware.host(Firmware.initialise.replacing("{}|1", with: "{}|0"))
        firmware.host("1")
        firmware.run(for: .seconds(10))
        #expect(firmware.session.isRunning)
        #expect(firmware.imitated.isEmpty)
    }

    @Test func tlsParametersEvaluated() {
        var firmware = Firmware.synchronised(with(.tlsParametersEvaluated))
        firmware.host(Firmware.initialise.replacing("{}", with: "dict(ca=open('x').read())"))
        firmware.run(for: .seconds(10))
        #expect(firmware.session.isRunning)
        #expect(firmware.imitated == [.tlsParametersEvaluated])
        #expect(
            firmware.has(
                .openTransport(
                    BrokerAddress(
                        name: bytes("broker"), port: 1883, usesTLS: false,
                        tlsLiteral: bytes("{}")))))
    }

    @Test func rebootErasesQueue() {
        var firmware = Firmware.synchronised(with(.rebootErasesQueue))
        firmware.host(Firmware.initialise.replacing("|60|0|1|4", with: "|60|0|0|4") + "|resume")
        firmware.run(for: .seconds(10))
        #expect(firmware.connects.map(\.cleanSession) == [true, false])
        #expect(firmware.imitated == [.rebootErasesQueue])
    }

    @Test func acknowledgedBeforeDelivery() {
        var firmware = Firmware.running(with(.acknowledgedBeforeDelivery))
        firmware.framesLeave = false
        firmware.broker("a", bytes("1"), qos: .atLeastOnce, identifier: 17)
        #expect(firmware.acknowledged == [17])
        firmware.broker("a", bytes("1"))
        #expect(firmware.imitated == [.acknowledgedBeforeDelivery])

        firmware = Firmware.running(without(.acknowledgedBeforeDelivery))
        firmware.framesLeave = false
        firmware.broker("a", bytes("1"), qos: .atLeastOnce, identifier: 17)
        #expect(firmware.acknowledged == [])
    }

    @Test func unsendableBytes() {
        var firmware = Firmware.running(
            initialise: Firmware.initialise + "|escape", with(.unsendableBytes))
        firmware.broker("a", [0x61, 0x00, 0xe1, 0x80, 0x7f])
        #expect(firmware.said == ["u|a|aa||False"])
        #expect(firmware.imitated == [.unsendableBytes])

        firmware = Firmware.running(without(.unsendableBytes))
        firmware.broker("a", [0x61, 0x00])
        #expect(firmware.said.isEmpty)
    }

    @Test(arguments: ["p|a|b||True", "s|a", "p|a|b"])
    func taskDiesAlone(frame: String) {
        var firmware = Firmware.running(with(.taskDiesAlone))
        firmware.host(frame)
        for _ in 0..<200 { firmware.host("p|a|b||0") }
        firmware.run(for: .seconds(10))
        #expect(firmware.said.isEmpty)
        #expect(firmware.imitated == [.taskDiesAlone])
        // The rest of it lives.
        firmware.broker("a", bytes("1"))
        #expect(firmware.said == ["u|a|1|False"])
    }

    @Test func taskDiesAloneOfATimeRequestWhileDebugging() {
        let initialise = Firmware.initialise.replacing("|60|0|1|4", with: "|60|1|1|4")
        var firmware = Firmware.running(initialise: initialise, with(.taskDiesAlone))
        firmware.host("i")
        #expect(!firmware.has(.queryInternet))
        #expect(firmware.imitated == [.taskDiesAlone])
        firmware = Firmware.running(initialise: initialise, without(.taskDiesAlone))
        firmware.host("i")
        #expect(firmware.has(.queryInternet))
    }

    @Test func taskDiesAloneOfAMessageThatIsNoText() {
        var firmware = Firmware.running(with(.taskDiesAlone))
        firmware.broker("a", [0xff])
        firmware.broker("a", bytes("1"))
        #expect(firmware.said.isEmpty)
        #expect(firmware.imitated == [.taskDiesAlone])
        // A new connection has a new task.
        firmware.cutTransport()
        firmware.run(for: .seconds(10))
        firmware.broker("a", bytes("1"))
        #expect(firmware.said.last == "u|a|1|False")
    }

    @Test func taskDiesAloneInTheStart() {
        var firmware = Firmware.synchronised(with(.taskDiesAlone))
        firmware.host("init|net")
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(20))
        #expect(firmware.said.isEmpty)
        #expect(firmware.imitated == [.taskDiesAlone])
    }

    @Test func timeLate() {
        for (rules, expected) in [
            (with(.timeLate), "i|98"), (without(.timeLate), "i|100"),
        ] {
            var firmware = Firmware.running(rules)
            firmware.host("i")
            firmware.feed(.internet(isReachable: true))
            firmware.feed(.serverTime(.seconds(100)))
            #expect(firmware.said == [expected])
        }
    }

    @Test func noRuleMakesADifferenceToAnOrdinarySession() {
        var firmware = Firmware.synchronised { $0.rules = ReferenceRules(.reference) }
        firmware.host("w|a|b|True|1")
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(10))
        firmware.host("p|a|b||0")
        firmware.host("s|a|1")
        firmware.broker("a", bytes("1"))
        firmware.host("m")
        firmware.feed(.memory(free: 1, allocated: 2))
        #expect(firmware.imitated.isEmpty)
        #expect(
            firmware.said
                == ["t|7", "t|2", "t|1", "t|0", "t|5", "t|9", "t|4", "u|a|1|False", "m|1|2"])
    }
}

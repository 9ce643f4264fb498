import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// What no reference survives. Ref: Documentation/Protocol.md, Messages.
@Suite struct MalformedFrameTests {
    @Test(arguments: [
        ("zz|arg1|2", "Unknown command:"),
        ("w|a|b||0", "Unknown command:"),
        ("w|", "Unknown command:"),
        ("init", "Unknown command:"),
        ("t|4", "Unknown command:"),
        ("|x", "Unknown command:"),
        ("p", "Malformed field 1, missing field:"),
        ("p|a|b|0", "Malformed field 4, missing field:"),
        ("p||b|0|0", "Malformed field 1, empty field:"),
        ("p|a|b|yes|0", "Malformed field 3, neither true nor false:"),
        ("p|a|b||True", "Malformed field 4, not a number:"),
        ("p|a|b||2", "Malformed field 4, out of range:"),
        ("p|a|b||", "Malformed field 4, empty field:"),
        ("p|a|b||0|x", "Malformed field 5, surplus field:"),
        ("s|a|+1", "Malformed field 2, not a number:"),
        ("s", "Malformed field 1, missing field:"),
        ("i|", "Malformed field 1, surplus field:"),
        ("m|1", "Malformed field 1, surplus field:"),
        ("p|a/#|b||0", "Not a topic:"),
        ("p|+|b||0", "Not a topic:"),
        ("s|a#|0", "Not a topic filter:"),
    ])
    func isAnsweredWithUnknownAndNothingDiesOfIt(frame: String, text: String) {
        var firmware = Firmware.running()
        firmware.host(frame)
        #expect(firmware.said == ["t|6|\(text)|\(frame)"])
        firmware.host("p|topic|message||0")
        #expect(firmware.said.last == "t|4")
    }

    @Test(arguments: [
        ("w|a|b", "Malformed field 3, missing field:", "w|a|b"),
        ("w||b|1|1", "Malformed field 1, empty field:", "w||b|1|1"),
        ("w|a/#|b|1|1", "Not a topic:", "w|a/#|b|1|1"),
        ("init|net|pw", "Malformed field 3, missing field:", "init"),
        (
            "init|net|pw|broker|||{}|2|0|0|1|60|0|1|4|10|0|x",
            "Malformed field 7, out of range:", "init"
        ),
    ])
    func endsTheStart(frame: String, text: String, echo: String) {
        var firmware = Firmware.synchronised()
        firmware.host(frame)
        firmware.host(Firmware.initialise)
        firmware.run(for: .seconds(20))
        #expect(firmware.said == ["t|6|\(text)|\(echo)"])
    }

    @Test func anInitIsNotRepeatedWithItsPasswords() {
        var firmware = Firmware.running()
        firmware.host(Firmware.initialise)
        #expect(firmware.said == ["t|6|Unknown command:|init"])
    }

    @Test func whatCannotBeSentBackIsMarked() {
        var firmware = Firmware.running()
        firmware.host([0x7a, 0x7a, 0x00, 0x80, 0xff, 0x7f, 0x61])
        #expect(firmware.said == ["t|6|Unknown command:|zz???|a"])
    }

    @Test func onlyTheBeginOfALongFrameIsSentBack() {
        var firmware = Firmware.running()
        firmware.host([UInt8](repeating: 0x7a, count: 60_000))
        #expect(firmware.said[0].count == 21 + BridgeConfiguration.echoLengthMax)
    }

    @Test func aFrameThatWasCutIsNotGuessed() {
        var firmware = Firmware.running()
        firmware.host(characters("p|a|b||0"), droppedCharacters: 7)
        #expect(firmware.said == ["t|6|Longer than what is kept:|p|a|b||0"])
        #expect(firmware.events == [.truncatedFrame(droppedCharacters: 7)])
        #expect(firmware.publications.isEmpty)
    }

    @Test func aPublicationThatMQTTDoesNotTakeIsAnsweredWithUnknown() {
        var firmware = Firmware.running { $0.packetLengthMax = 256 }
        firmware.host("p|a|" + String(repeating: "x", count: 300) + "||1")
        #expect(firmware.said.count == 1)
        #expect(firmware.said[0].hasPrefix("t|6|MQTT cannot carry:|p|a|xxx"))
        firmware.host("p|a|b||1")
        #expect(firmware.said.last == "t|4")
    }
}

/// A link whose queue is smaller than what UNKNOWN would repeat.
@Suite struct SmallQueueTests {
    @Test func unknownIsCutToWhatTheLinkTakes() {
        var firmware = Firmware.running {
            $0.link.queueLimits = FrameQueue.Limits(frameCountMax: 3, characterCountMax: 40)
        }
        firmware.host([UInt8](repeating: 0x7a, count: 60))
        #expect(firmware.said == ["t|6|Unknown command:|" + String(repeating: "z", count: 19)])
        firmware.host("p|a|b||0")
        #expect(firmware.said.last == "t|4")
    }
}

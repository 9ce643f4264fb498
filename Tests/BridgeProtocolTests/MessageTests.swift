import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// Messages from the broker to the host. Ref: Documentation/Protocol.md, Publishing.
@Suite struct MessageTests {
    @Test(arguments: [(true, "True"), (false, "False")])
    func areToldWithTheirRetainedFlag(isRetained: Bool, word: String) {
        var firmware = Firmware.running()
        firmware.broker("cmd/in", bytes("hello"), isRetained: isRetained)
        #expect(firmware.said == ["u|cmd/in|hello|\(word)"])
    }

    @Test func areAcknowledgedWhenTheirFrameHasLeftTheWire() {
        var firmware = Firmware.running(in: { $0.framesLeave = true })
        firmware.framesLeave = false
        firmware.broker("a", bytes("1"), qos: .atLeastOnce, identifier: 17)
        firmware.broker("a", bytes("2"), qos: .atLeastOnce, identifier: 18)
        #expect(firmware.said.count == 2)
        #expect(firmware.acknowledged == [])
        firmware.leave()
        #expect(firmware.acknowledged == [17])
        firmware.leave()
        #expect(firmware.acknowledged == [17, 18])
    }

    @Test func withoutTheProtectionTheyAreAcknowledgedTooEarly() {
        var firmware = Firmware.running { $0.protections.acknowledgesAfterFrame = false }
        firmware.framesLeave = false
        firmware.broker("a", bytes("1"), qos: .atLeastOnce, identifier: 17)
        #expect(firmware.acknowledged == [17])
        #expect(firmware.imitated.isEmpty)
    }

    @Test func aFrameThatTheLinkRefusesDoesNotHoldUpTheOthers() {
        var firmware = Firmware.running()
        firmware.framesLeave = false
        firmware.broker("a", bytes("1"), qos: .atLeastOnce, identifier: 17)
        firmware.broker("a", bytes("2"), qos: .atLeastOnce, identifier: 18)
        firmware.refuse(.queueFull(limit: 1))
        firmware.leave()
        #expect(firmware.acknowledged == [17, 18])
        #expect(firmware.events == [.sendRefused(.queueFull(limit: 1))])
    }

    @Test func theBrokerIsNotReadWhileTheHostIsSlow() {
        var firmware = Firmware.running { $0.linkQueueFramesMax = 4 }
        firmware.framesLeave = false
        for number in 1...3 { firmware.broker("a", [0x30 + UInt8(number)]) }
        #expect(!firmware.has(.setReading(false)))
        firmware.broker("a", bytes("4"))
        #expect(firmware.count(of: .setReading(false)) == 1)
        // What was under way still comes.
        firmware.broker("a", bytes("5"))
        firmware.leave(2)
        #expect(!firmware.has(.setReading(true)))
        firmware.leave()
        #expect(firmware.count(of: .setReading(true)) == 1)
        firmware.leave(2)
        #expect(firmware.count(of: .setReading(true)) == 1)
        #expect(firmware.said.count == 5)
    }

    @Test func longMessagesStopTheReadingToo() {
        var firmware = Firmware.running { $0.linkQueueCharactersMax = 100 }
        firmware.framesLeave = false
        firmware.broker("a", [UInt8](repeating: 0x61, count: 120))
        #expect(firmware.has(.setReading(false)))
        firmware.leave()
        #expect(firmware.has(.setReading(true)))
    }

    @Test func withoutTheProtectionTheBrokerIsAlwaysRead() {
        var firmware = Firmware.running { $0.protections.flowControl = false }
        firmware.framesLeave = false
        for _ in 0..<3_000 { firmware.broker("a", bytes("1")) }
        #expect(!firmware.has(.setReading(false)))
        let kept = BridgeConfiguration().waitingFramesMax + 64
        #expect(
            firmware.events
                == [BridgeEvent](
                    repeating: .messageDropped(topic: bytes("a"), length: 1, .queueFull),
                    count: 3_000 - kept))
        firmware.leave(3_000)
        #expect(firmware.said.count == kept)
    }

    @Test func theLinkIsGivenNoMoreThanItTakes() {
        var firmware = Firmware.running {
            $0.link.queueLimits = FrameQueue.Limits(frameCountMax: 3, characterCountMax: 60)
            $0.linkQueueFramesMax = 100
        }
        firmware.framesLeave = false
        for _ in 0..<10 { firmware.broker("a", bytes("1")) }
        #expect(firmware.said.count == 3)
        firmware.leave()
        #expect(firmware.said.count == 4)
        firmware.leave(10)
        firmware.leave(10)
        #expect(firmware.said.count == 10)
        firmware.forget()
        firmware.broker("a", [UInt8](repeating: 0x62, count: 40))
        firmware.broker("a", [UInt8](repeating: 0x63, count: 40))
        #expect(firmware.said.count == 1)
        firmware.leave()
        #expect(firmware.said.count == 2)
    }

    @Test func aMessageTooLongForTheLinkIsDroppedWholeAndAcknowledged() {
        var firmware = Firmware.running {
            $0.link.queueLimits = FrameQueue.Limits(frameCountMax: 3, characterCountMax: 60)
        }
        firmware.broker(
            "a", [UInt8](repeating: 0x62, count: 60), qos: .atLeastOnce, identifier: 9)
        #expect(firmware.said.isEmpty)
        #expect(firmware.acknowledged == [9])
        #expect(firmware.events == [.messageDropped(topic: bytes("a"), length: 60, .tooLong)])
    }

    @Test func aMessageTooLongToBeKeptIsToldAndAcknowledged() {
        var firmware = Firmware.running { $0.packetLengthMax = 256 }
        firmware.broker(
            "a", [UInt8](repeating: 0x62, count: 400), qos: .atLeastOnce, identifier: 9)
        #expect(firmware.said.isEmpty)
        #expect(firmware.acknowledged == [9])
        #expect(firmware.events == [.messageDropped(topic: [], length: 408, .tooLong)])
    }

    @Test(arguments: [[0], [0x7f], [0x80], [0x61, 0xff, 0x62]] as [[UInt8]])
    func bytesThatTheLinkCannotCarryAreDroppedWhole(content: [UInt8]) {
        var firmware = Firmware.running()
        firmware.broker("a", content, qos: .atLeastOnce, identifier: 9)
        #expect(firmware.said.isEmpty)
        #expect(firmware.acknowledged == [9])
        #expect(
            firmware.events == [
                .messageDropped(topic: bytes("a"), length: content.count, .unsendableBytes)
            ])
    }

    @Test func aHostThatReadsEscapesGetsThem() {
        var firmware = Firmware.running(initialise: Firmware.initialise + "|resume|escape")
        firmware.broker("a", [0x61, 0x00, 0xff])
        firmware.broker("é", bytes("\\"))
        firmware.broker("a", bytes("\\"))
        #expect(
            firmware.said == [
                "x|a|a\\00\\FF|False", "x|\\C3\\A9|\\5C|False", "u|a|\\|False",
            ])
        #expect(firmware.events.isEmpty)
    }

    @Test func pingsGoOnWhileTheHostIsSlow() {
        var firmware = Firmware.running { $0.linkQueueFramesMax = 1 }
        firmware.framesLeave = false
        firmware.broker("a", bytes("1"), qos: .atLeastOnce, identifier: 1)
        firmware.run(for: .seconds(3_600))
        #expect(firmware.packets.count { $0 == .pingRequest } >= 239)
        #expect(firmware.said == ["u|a|1|False"])
        #expect(firmware.session.isBrokerConnected)
    }

    @Test func aDeadHostCannotFillTheMemory() {
        var firmware = Firmware.running()
        firmware.framesLeave = false
        for _ in 0..<2_000 {
            firmware.cutTransport()
            firmware.run(for: .seconds(10))
        }
        #expect(firmware.said.count == 64)
        #expect(
            firmware.events.contains(
                .frameDropped(limit: BridgeConfiguration().waitingFramesMax)))
    }
}

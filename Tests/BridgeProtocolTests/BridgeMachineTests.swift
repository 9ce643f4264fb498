import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// The bridge on its wires.
@Suite struct BridgeMachineTests {
    private func started() -> WiredBridge {
        var wired = WiredBridge { $0.waits.networkSettling = .milliseconds(50) }
        wired.startHost()
        wired.run(for: .milliseconds(1_200))
        wired.send(characters(Firmware.initialise))
        wired.run(for: .milliseconds(200))
        return wired
    }

    @Test func startsAndServesOverTheWires() {
        var wired = started()
        #expect(wired.bridge.isSynchronised)
        #expect(wired.bridge.isRunning)
        #expect(wired.bridge.isBrokerConnected)
        #expect(wired.bridge.bootCount == 1)
        wired.send(characters("s|cmd/in|1"))
        wired.send(characters("p|out|message||0"))
        wired.send(characters("m"))
        wired.run(for: .milliseconds(100))
        #expect(
            wired.received.map(drawn)
                == ["t|2", "t|1", "t|0", "t|5", "t|9", "t|4", "m|27168|10688"])
        #expect(wired.bridge.bitCount > 1_000)
    }

    @Test func acknowledgesAMessageWhenTheHostHasIt() throws {
        var wired = started()
        let publish = MQTTPublish(
            topic: bytes("cmd/in"), message: bytes("hello"), qos: .atLeastOnce,
            packetIdentifier: 258)
        let acknowledgement = BridgeMachine.Output.transportSend(
            try MQTTPacket.publishAcknowledgement(258).encoded())
        wired.feed(.transportReceived(try MQTTPacket.publish(publish).encoded()))
        // Twenty characters of seven bits take some milliseconds.
        while wired.received.last.map(drawn) != "u|cmd/in|hello|False" {
            #expect(!wired.outputs.contains(acknowledgement))
            wired.run(for: .microseconds(20))
        }
        wired.run(for: .microseconds(200))
        #expect(wired.outputs.contains(acknowledgement))
    }

    @Test func aResetPutsBothWiresLowAndForgets() {
        var wired = started()
        wired.feed(.powerOff)
        #expect(wired.levels[.srx] == .low)
        #expect(wired.levels[.sckin] == .low)
        #expect(!wired.bridge.isRunning)
        #expect(wired.bridge.deadline == nil)
        let edges = wired.edgeCount
        for bit in 0..<100 {
            wired.feed(.levels(clock: Level(bit: UInt8(bit & 1)), data: .high))
            wired.feed(.timer)
            wired.feed(.network(.associated))
        }
        #expect(wired.edgeCount == edges)
    }

    @Test func startsAgainAfterAReset() {
        var wired = started()
        wired.startHost()
        wired.run(for: .milliseconds(1_200))
        #expect(wired.bridge.isSynchronised)
        #expect(!wired.bridge.isRunning)
        wired.send(characters(Firmware.initialise))
        wired.run(for: .milliseconds(200))
        #expect(wired.bridge.isRunning)
        #expect(wired.bridge.bootCount == 2)
        #expect(wired.received.map(drawn).suffix(5) == ["t|2", "t|1", "t|0", "t|5", "t|9"])
    }

    /// A journal has no levels, and a replay must fire the same timers.
    @Test func levelsFireNoTimer() {
        var bridge = BridgeMachine()
        bridge.handle(.boot, at: .zero)
        while bridge.nextOutput() != nil {}
        bridge.handle(.levels(clock: .low, data: .low), at: .zero + .milliseconds(500))
        #expect(bridge.nextOutput() == nil)
        bridge.handle(.timer, at: .zero + .milliseconds(500))
        #expect(bridge.nextOutput() == .lamp(.heartbeat, .high))
        #expect(bridge.nextOutput() == nil)
        #expect(bridge.deadline == .zero + .seconds(1))
    }

    @Test func theSameInputsGiveTheSameOutputs() {
        var runs: [[[UInt8]]] = []
        for _ in 0..<2 {
            var wired = started()
            wired.send(characters("p|out|message||0"))
            wired.run(for: .seconds(2))
            runs.append(wired.journal)
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0].count > 20)
    }

    @Test func aJournalHoldsNoSecret() {
        let wired = started()
        let secrets = wired.bridge.secrets
        #expect(secrets == [bytes("wifipass"), bytes("mqttpass")])
        for record in wired.journal {
            for secret in secrets { #expect(!record.contains(secret)) }
        }
        // The broker got it all the same.
        #expect(
            wired.outputs.contains {
                if case .transportSend(let bytes) = $0 { bytes.contains(secrets[1]) } else { false }
            })
    }
}

extension [UInt8] {
    func contains(_ part: [UInt8]) -> Bool {
        guard count >= part.count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)] == part[...] }
    }
}

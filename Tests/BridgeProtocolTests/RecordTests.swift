import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// Records of inputs and outputs in a journal.
@Suite struct RecordTests {
    static let inputs: [BridgeMachine.Input] =
        [
            .boot, .powerOff, .transportOpened, .transportClosed, .transportReceived([]),
            .transportReceived([0, 0x7f, 0xff]), .internet(isReachable: true),
            .internet(isReachable: false), .serverTime(nil), .serverTime(Nanoseconds(.min)),
            .serverTime(.seconds(848_662_091)), .memory(free: -1, allocated: .max), .timer,
        ] + NetworkEvent.allCases.map { .network($0) }

    static let events: [BridgeEvent] =
        [
            .synchronised,
            .malformedFrame(
                MalformedMessage(
                    sender: .host, command: .publish, fieldIndex: 4, offset: 300,
                    reason: .notANumber)),
            .malformedFrame(
                MalformedMessage(
                    sender: .host, command: nil, fieldIndex: 0, offset: 0,
                    reason: .unknownCommand)),
            .truncatedFrame(droppedCharacters: 70_000), .commandsFull(limit: 64),
            .tlsParametersRefused, .commandUnsendable, .connected(sessionPresent: true),
            .published(qos: .atLeastOnce), .publicationRepeated(asDuplicate: true),
            .subscribed(filter: bytes("a/#"), granted: nil),
            .subscribed(filter: bytes("a/#"), granted: .atLeastOnce),
            .acknowledgementUnexpected(packetIdentifier: .max),
            .messageRepeated(packetIdentifier: 1), .messagePutOff(packetIdentifier: 2),
            .sendRefused(.empty), .sendRefused(.unsendable(offset: 5, character: 200)),
            .sendRefused(.queueFull(limit: 1)), .sendRefused(.queueCharactersFull(limit: 2)),
            .sendRefused(.notStarted), .sendRefused(.sessionEnded), .frameDropped(limit: 9),
        ]
        + MQTTReturnCode.allCases.map { .connectionRefused($0) }
        + ConnectionLoss.allCases.map { .connectionLost($0) }
        + MessageDropReason.allCases.map { .messageDropped(topic: bytes("t"), length: 1, $0) }
        + BridgeQuery.allCases.map { .unanswered($0) }

    static let outputs: [BridgeMachine.Output] =
        [
            .associate(.remembered), .dissociate,
            .openTransport(
                BrokerAddress(
                    name: bytes("broker"), port: .max, usesTLS: true, tlsLiteral: bytes("{}"))),
            .closeTransport, .transportSend([0x30, 1, 2]), .setReading(false), .queryInternet,
            .queryTime(server: bytes("pool.ntp.org")), .queryMemory, .lamp(.broker, .low),
            .lamp(.heartbeat, .high),
        ] + ReferenceRule.allCases.map { .imitated($0) } + events.map { .event($0) }

    @Test(arguments: inputs)
    func anInputReadsBack(input: BridgeMachine.Input) throws {
        let record = try #require(input.record())
        #expect(try BridgeMachine.Input(record: record) == input)
    }

    @Test(arguments: outputs)
    func anOutputReadsBack(output: BridgeMachine.Output) throws {
        let record = try #require(output.record(secrets: []))
        #expect(try BridgeMachine.Output(record: record) == output)
    }

    @Test func levelsHaveNoRecord() {
        #expect(BridgeMachine.Input.levels(clock: .low, data: .high).record() == nil)
        #expect(BridgeMachine.Output.drive(.srx, .high).record(secrets: []) == nil)
    }

    @Test func recordsAreDistinct() {
        #expect(Set(Self.inputs.map { $0.record() }).count == Self.inputs.count)
        #expect(
            Set(Self.outputs.map { $0.record(secrets: []) }).count == Self.outputs.count)
    }

    @Test(arguments: [[], [10], [2], [2, 3], [5, 1], [7, 2], [9, 0]] as [[UInt8]])
    func whatIsNoInputIsAFault(record: [UInt8]) {
        #expect(throws: RecordFault.self) { try BridgeMachine.Input(record: record) }
    }

    @Test func noBytesTrap() {
        var random = Seeded(7)
        for _ in 0..<20_000 {
            let record = (0..<random.below(12)).map { _ in UInt8(random.below(24)) }
            _ = try? BridgeMachine.Input(record: record)
            _ = try? BridgeMachine.Output(record: record)
        }
    }

    @Test func everyCutOfARecordIsAFault() throws {
        for output in Self.outputs {
            let record = try #require(output.record(secrets: []))
            for count in 0..<record.count {
                #expect(throws: RecordFault.self) {
                    try BridgeMachine.Output(record: Array(record[..<count]))
                }
            }
        }
    }

    @Test func secretsAreStarsOfEqualLength() throws {
        let secrets = [bytes("wifipass"), bytes("pw"), bytes("{'ca': 'x'}")]
        let network = BridgeMachine.Output.associate(
            .specified(ssid: bytes("net"), password: bytes("wifipass")))
        #expect(
            try BridgeMachine.Output(record: #require(network.record(secrets: secrets)))
                == .associate(.specified(ssid: bytes("net"), password: bytes("********"))))
        let transport = BridgeMachine.Output.openTransport(
            BrokerAddress(
                name: bytes("broker"), port: 8883, usesTLS: true,
                tlsLiteral: bytes("{'ca': 'x'}")))
        #expect(
            try BridgeMachine.Output(record: #require(transport.record(secrets: secrets)))
                == .openTransport(
                    BrokerAddress(
                        name: bytes("broker"), port: 8883, usesTLS: true,
                        tlsLiteral: bytes("***********"))))
    }

    @Test func aConnectIsMaskedWhateverTheSecretsLength() throws {
        let secrets = [bytes("pw"), bytes("wifipass")]
        let connect = MQTTConnect(
            clientIdentifier: bytes("c"), user: bytes("user"), password: bytes("pw"))
        let sent = try MQTTPacket.connect(connect).encoded()
        let record = try BridgeMachine.Output(
            record: #require(BridgeMachine.Output.transportSend(sent).record(secrets: secrets)))
        #expect(record == .transportSend(Array(sent.dropLast(2)) + bytes("**")))
        // Elsewhere a short secret is a word like any other, and a long one is not.
        for (text, expected) in [("pw wifipass.", "pw ********.")] {
            let record = BridgeMachine.Output.transportSend([0x30] + bytes(text))
                .record(secrets: secrets)
            #expect(
                try BridgeMachine.Output(record: #require(record))
                    == .transportSend([0x30] + bytes(expected)))
        }
    }

    @Test func aSecretWithinASecretHidesNoneOfIt() throws {
        let secrets = [bytes("pass"), bytes("passwords")]
        let record = BridgeMachine.Output.transportSend([0x30] + bytes("passwords"))
            .record(secrets: secrets)
        #expect(
            try BridgeMachine.Output(record: #require(record))
                == .transportSend([0x30] + bytes("*********")))
    }

    @Test func outputsAreComparedUnderTheMask() throws {
        let live = BridgeMachine.Output.associate(
            .specified(ssid: bytes("net"), password: bytes("secret")))
        let other = BridgeMachine.Output.associate(
            .specified(ssid: bytes("net"), password: bytes("******")))
        #expect(live.record(secrets: [bytes("secret")]) == other.record(secrets: []))
    }
}

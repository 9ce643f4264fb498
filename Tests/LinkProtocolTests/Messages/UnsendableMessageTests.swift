import LinkProtocol
import Signals
import Testing

@Suite struct UnsendableMessageTests {
    private func fault(
        _ command: Command?, _ fieldIndex: Int, _ offset: Int, _ reason: UnsendableMessage.Reason
    ) -> UnsendableMessage {
        UnsendableMessage(
            command: command, fieldIndex: fieldIndex, offset: offset, reason: reason)
    }

    @Test(arguments: [UInt8(0), 127, 128, 255])
    func aByteThatTheLinkCannotCarryIsRefusedAtItsPlace(byte: UInt8) {
        let bad = bytes("ab") + [byte] + bytes("c")
        let topic = HostMessage.publish(
            Publication(topic: bad, message: [], retain: .empty, qos: .atMostOnce))
        #expect(throws: fault(.publish, 1, 2, .byte(byte))) { try topic.write(dialect: .current) }
        let message = HostMessage.will(
            Publication(topic: bytes("a"), message: bad, retain: .empty, qos: .atMostOnce))
        #expect(throws: fault(.will, 2, 2, .byte(byte))) { try message.write(dialect: .reference) }
        let incoming = BridgeMessage.publication(
            topic: bytes("a"), message: bad, isRetained: false)
        #expect(throws: fault(.publication, 2, 2, .byte(byte))) {
            try incoming.write(dialect: .current)
        }
        var fields = InitialiseFields(ssid: [], password: bad, broker: [])
        #expect(throws: fault(.initialise, 2, 2, .byte(byte))) {
            try HostMessage.initialise(fields).write(dialect: .current)
        }
        fields.password = []
        fields.extensions = [[], bad]
        #expect(throws: fault(.initialise, 19, 2, .byte(byte))) {
            try HostMessage.initialise(fields).write(dialect: .current)
        }
    }

    @Test func everyByteFrom1To126CanBeSent() throws {
        let all = Array(UInt8(1)...126)
        let message = HostMessage.publish(
            Publication(topic: all, message: all, retain: .empty, qos: .atMostOnce))
        #expect(HostMessage.parse(try message.write(dialect: .current)) == .message(message))
    }

    @Test func aTopicIsNeverEmpty() {
        #expect(throws: fault(.subscribe, 1, 0, .empty)) {
            try HostMessage.subscribe(topic: [], qos: .atMostOnce).write(dialect: .current)
        }
        #expect(throws: fault(.publication, 1, 0, .empty)) {
            try BridgeMessage.publication(topic: [], message: [], isRetained: true)
                .write(dialect: .current)
        }
    }

    @Test func aFreeStringMustNotReadAsACommand() {
        for text in ["p", "p|a|b", "init|x", "i", "m|"] {
            let command = Command(Fields(frame(text))[0], from: .host)
            #expect(command != nil)
            guard let command else { continue }
            #expect(throws: fault(nil, 0, 0, .readsAsCommand(command))) {
                try HostMessage.other(frame(text)).write(dialect: .current)
            }
            #expect(throws: fault(nil, 0, 0, .readsAsCommand(command))) {
                try HostMessage.networkAnswer(frame(text)).write(dialect: .current)
            }
        }
    }

    @Test func aFreeStringIsNeitherEmptyNorUnsendableNorGarbage() {
        #expect(throws: fault(nil, 0, 0, .empty)) {
            try HostMessage.networkAnswer([]).write(dialect: .current)
        }
        #expect(throws: fault(nil, 1, 1, .byte(200))) {
            try HostMessage.other(frame("zz|a") + [200]).write(dialect: .current)
        }
        #expect(throws: fault(nil, 0, 0, .notAWord)) {
            try HostMessage.other(bytes("two words")).write(dialect: .current)
        }
    }

    @Test func numbersHaveTheirRange() {
        #expect(throws: fault(.time, 1, 0, .outOfRange)) {
            try BridgeMessage.time(secondsSince2000: -1).write(dialect: .current)
        }
        #expect(throws: fault(.memory, 2, 0, .outOfRange)) {
            try BridgeMessage.memory(free: 0, allocated: .max).write(dialect: .current)
        }
    }

    @Test(arguments: [Status.unknown, .bridgeFail, .noNetwork])
    func aStatusThatNoBridgeSendsIsRefused(status: Status) {
        #expect(throws: fault(.status, 1, 0, .status(status))) {
            try BridgeMessage.status(status).write(dialect: .current)
        }
    }
}

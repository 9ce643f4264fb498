import MQTTProtocol
import Testing

/// What a sender would break is refused before it is sent.
@Suite struct UnsendableTests {
    private static let long = [UInt8](repeating: 0x61, count: 65_536)

    static let refusals: [(packet: MQTTPacket, refusal: MQTTUnsendable)] = [
        (.publish(MQTTPublish(topic: long, message: [])), .textTooLong(length: 65_536)),
        (.publish(MQTTPublish(topic: [], message: [])), .topic),
        (.publish(MQTTPublish(topic: bytes("a/#"), message: [])), .topic),
        (.publish(MQTTPublish(topic: [0x61, 0], message: [])), .notText(offset: 1)),
        (.publish(MQTTPublish(topic: [0x61, 0x62, 0xff], message: [])), .notText(offset: 2)),
        (
            .publish(MQTTPublish(topic: bytes("a"), message: [], qos: .atLeastOnce)),
            .packetIdentifier(0)
        ),
        (
            .publish(MQTTPublish(topic: bytes("a"), message: [], packetIdentifier: 4)),
            .packetIdentifier(4)
        ),
        (
            .publish(MQTTPublish(topic: bytes("a"), message: [], isDuplicate: true)),
            .duplicateOfQualityZero
        ),
        (.connect(MQTTConnect(clientIdentifier: [], cleanSession: false)), .identity),
        (
            .connect(MQTTConnect(clientIdentifier: bytes("a"), password: bytes("b"))), .identity
        ),
        (
            .connect(
                MQTTConnect(
                    clientIdentifier: bytes("a"), will: MQTTWill(topic: bytes("+"), message: []))),
            .topic
        ),
        (
            .connect(
                MQTTConnect(
                    clientIdentifier: bytes("a"), will: MQTTWill(topic: bytes("w"), message: long)
                )),
            .textTooLong(length: 65_536)
        ),
        (
            .connect(
                MQTTConnect(clientIdentifier: bytes("a"), user: bytes("b"), password: long)),
            .textTooLong(length: 65_536)
        ),
        (
            .connectAcknowledgement(sessionPresent: true, .notAuthorised), .sessionPresentInRefusal
        ),
        (.publishAcknowledgement(0), .packetIdentifier(0)),
        (.subscribe(packetIdentifier: 1, []), .emptyPayload),
        (
            .subscribe(
                packetIdentifier: 1, [MQTTSubscription(filter: bytes("a#"), qos: .atMostOnce)]),
            .filter
        ),
        (.subscribeAcknowledgement(packetIdentifier: 1, []), .emptyPayload),
        (.subscribeAcknowledgement(packetIdentifier: 1, [3]), .returnCode(3)),
        (.unsubscribe(packetIdentifier: 1, []), .emptyPayload),
        (.unsubscribe(packetIdentifier: 1, [[]]), .filter),
    ]

    @Test func everyRefusalSaysWhy() {
        for (packet, refusal) in Self.refusals {
            #expect(throws: refusal) { try packet.encoded() }
        }
    }

    @Test func aPacketIsNotLongerThanItsLengthCanSay() {
        let message = [UInt8](repeating: 0, count: 268_435_453)
        #expect(throws: MQTTUnsendable.packetTooLong(length: 268_435_456)) {
            try MQTTPacket.publish(MQTTPublish(topic: bytes("a"), message: message)).encoded()
        }
    }
}

import MQTTProtocol
import Testing

/// What a peer's bytes can break, each with its evidence.
@Suite struct PacketFaultTests {
    static let faults: [(sender: MQTTSender, drawing: String, fault: MQTTFault)] = [
        (.client, "00 00", .unknownPacketType(0)),
        (.server, "f0 00", .unknownPacketType(15)),
        (.client, "20 02 00 00", .unexpectedPacket(.connectAcknowledgement, from: .client)),
        (.server, "c0 00", .unexpectedPacket(.pingRequest, from: .server)),
        (.server, "d1 00", .flags(.pingResponse, expected: 0, actual: 1)),
        (.client, "80 05", .flags(.subscribe, expected: 2, actual: 0)),
        (.client, "60 02 00 01", .flags(.publishRelease, expected: 2, actual: 0)),
        (.server, "36 05", .qualityOfService(.publish, offset: 0, actual: 0x36)),
        (.server, "38 05", .duplicateOfQualityZero),
        (.server, "d0 80 80 80 80", .remainingLength(.pingResponse)),
        (.server, "d0 01 00", .surplus(.pingResponse, offset: 2, count: 1)),
        (.client, "e0 02 00 00", .surplus(.disconnect, offset: 2, count: 2)),
        (
            .server, "b0 03 00 01 00",
            .surplus(.unsubscribeAcknowledgement, offset: 4, count: 1)
        ),
        (
            .server, "40 01 00",
            .truncated(.publishAcknowledgement, offset: 2, expected: 2, actual: 1)
        ),
        (.server, "40 02 00 00", .packetIdentifierZero(.publishAcknowledgement)),
        // PUBLISH
        (.server, "30 00", .truncated(.publish, offset: 2, expected: 2, actual: 0)),
        (.server, "30 03 00 05 'a'", .truncated(.publish, offset: 4, expected: 5, actual: 1)),
        (.server, "30 02 00 00", .topic(.publish, offset: 4)),
        (.server, "30 05 00 03 'a/+'", .topic(.publish, offset: 6)),
        (.server, "30 03 00 01 '#'", .topic(.publish, offset: 4)),
        (.server, "30 04 00 02 'a' 00", .nullCharacter(.publish, offset: 5)),
        (.server, "30 04 00 02 'a' ff", .notUTF8(.publish, offset: 5)),
        (
            .server, "32 04 00 01 'a' 00",
            .truncated(.publish, offset: 5, expected: 2, actual: 1)
        ),
        (.server, "32 05 00 01 'a' 00 00", .packetIdentifierZero(.publish)),
        // CONNECT
        (.client, "10 0c 00 04 'MQTX' 04 02 00 00 00 00", .protocolName(offset: 2)),
        (
            .client, "10 0e 00 06 'MQIsdp' 03 02 00 00 00 00",
            .protocolName(offset: 2)
        ),
        (.client, "10 0c 00 04 'MQTT' 05 02 00 00 00 00", .protocolLevel(actual: 5)),
        (.client, "10 0c 00 04 'MQTT' 04 03 00 00 00 00", .connectFlags(actual: 3)),
        (.client, "10 0c 00 04 'MQTT' 04 22 00 00 00 00", .connectFlags(actual: 0x22)),
        (.client, "10 0c 00 04 'MQTT' 04 0a 00 00 00 00", .connectFlags(actual: 0x0a)),
        (.client, "10 0c 00 04 'MQTT' 04 42 00 00 00 00", .connectFlags(actual: 0x42)),
        (
            .client, "10 0c 00 04 'MQTT' 04 1e 00 00 00 00",
            .qualityOfService(.connect, offset: 9, actual: 0x1e)
        ),
        (
            .client, "10 0c 00 04 'MQTT' 04 82 00 00 00 00",
            .truncated(.connect, offset: 14, expected: 2, actual: 0)
        ),
        (
            .client, "10 10 00 04 'MQTT' 04 06 00 00 00 00 00 00 00 00",
            .topic(.connect, offset: 16)
        ),
        (
            .client, "10 0d 00 04 'MQTT' 04 02 00 00 00 01 c0",
            .notUTF8(.connect, offset: 14)
        ),
        (
            .client, "10 0d 00 04 'MQTT' 04 02 00 00 00 00 00",
            .surplus(.connect, offset: 14, count: 1)
        ),
        // CONNACK
        (.server, "20 02 02 00", .acknowledgeFlags(actual: 2)),
        (.server, "20 02 01 05", .acknowledgeFlags(actual: 1)),
        (
            .server, "20 02 00 06",
            .returnCode(.connectAcknowledgement, offset: 3, actual: 6)
        ),
        // SUBSCRIBE, SUBACK, UNSUBSCRIBE
        (.client, "82 02 00 01", .emptyPayload(.subscribe)),
        (.client, "82 06 00 00 00 01 'a' 00", .packetIdentifierZero(.subscribe)),
        (
            .client, "82 06 00 01 00 01 'a' 03",
            .qualityOfService(.subscribe, offset: 7, actual: 3)
        ),
        (
            .client, "82 06 00 01 00 01 'a' 41",
            .qualityOfService(.subscribe, offset: 7, actual: 0x41)
        ),
        (
            .client, "82 05 00 01 00 01 'a'",
            .truncated(.subscribe, offset: 7, expected: 1, actual: 0)
        ),
        (.client, "82 05 00 01 00 00 00", .filter(.subscribe, offset: 6)),
        (.client, "82 09 00 01 00 04 'a/#/' 00", .filter(.subscribe, offset: 8)),
        (.client, "a2 02 00 01", .emptyPayload(.unsubscribe)),
        (.client, "a2 06 00 01 00 02 'b+'", .filter(.unsubscribe, offset: 7)),
        (.server, "90 02 00 01", .emptyPayload(.subscribeAcknowledgement)),
        (
            .server, "90 04 00 01 00 03",
            .returnCode(.subscribeAcknowledgement, offset: 5, actual: 3)
        ),
    ]

    @Test func everyFaultIsFoundWithItsEvidence() {
        for (sender, drawing, expected) in Self.faults {
            let whole = read([drawn(drawing)], from: sender)
            #expect(whole.fault == expected, "\(drawing)")
            #expect(whole.readings.isEmpty, "\(drawing)")
            #expect(read(drawn(drawing).map { [$0] }, from: sender).fault == expected, "\(drawing)")
        }
    }

    @Test(arguments: [
        ("80", false), ("c2 7f", false), ("c1 bf", false), ("c3 a9", true), ("e0 9f bf", false),
        ("e0 a0 80", true), ("ed 9f bf", true), ("ed a0 80", false), ("ee 80 80", true),
        ("ef bf bf", true), ("f0 8f bf bf", false), ("f0 90 80 80", true),
        ("f4 8f bf bf", true), ("f4 90 80 80", false), ("f5 80 80 80", false),
        ("e2 82", false), ("f0 9f a6", false), ("ef bb bf", true), ("f0 9f a6 41", false),
    ])
    func textsAreWellFormed(drawing: String, isText: Bool) {
        #expect(TopicFilter.isValidTopic(drawn(drawing)) == isText)
        #expect(TopicFilter.isValidTopic(bytes("a") + drawn(drawing) + bytes("b")) == isText)
    }
}

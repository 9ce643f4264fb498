import MQTTProtocol
import Testing

/// Each packet against the layout that the standard draws.
@Suite struct PacketLayoutTests {
    static let layouts: [(packet: MQTTPacket, drawing: String)] = [
        // §3.1, figure 3.6 with the fields of §3.1.3.
        (
            .connect(MQTTConnect(clientIdentifier: bytes("ab"), keepAliveSeconds: 10)),
            "10 0e 00 04 'MQTT' 04 02 00 0a 00 02 'ab'"
        ),
        (
            .connect(
                MQTTConnect(
                    clientIdentifier: bytes("c"), cleanSession: false, keepAliveSeconds: 0xabcd,
                    will: MQTTWill(
                        topic: bytes("w"), message: bytes("gone"), isRetained: true,
                        qos: .atLeastOnce),
                    user: bytes("me"), password: bytes("pw"))),
            """
            10 1e 00 04 'MQTT' 04 ec ab cd 00 01 'c' 00 01 'w' 00 04 'gone' 00 02 'me' 00 02 'pw'
            """
        ),
        (
            .connect(
                MQTTConnect(
                    clientIdentifier: [], keepAliveSeconds: 0,
                    will: MQTTWill(topic: bytes("w"), message: [], qos: .exactlyOnce))),
            "10 11 00 04 'MQTT' 04 16 00 00 00 00 00 01 'w' 00 00"
        ),
        // §3.2
        (.connectAcknowledgement(sessionPresent: false, .accepted), "20 02 00 00"),
        (.connectAcknowledgement(sessionPresent: true, .accepted), "20 02 01 00"),
        (.connectAcknowledgement(sessionPresent: false, .notAuthorised), "20 02 00 05"),
        // §3.3, figure 3.11
        (
            .publish(
                MQTTPublish(
                    topic: bytes("a/b"), message: [0, 255], qos: .atLeastOnce,
                    packetIdentifier: 10)),
            "32 09 00 03 'a/b' 00 0a 00 ff"
        ),
        (
            .publish(MQTTPublish(topic: bytes("a"), message: bytes("hi"), isRetained: true)),
            "31 05 00 01 'a' 'hi'"
        ),
        (
            .publish(
                MQTTPublish(
                    topic: bytes("a"), message: [], qos: .exactlyOnce, isRetained: true,
                    isDuplicate: true, packetIdentifier: 0xffff)),
            "3d 05 00 01 'a' ff ff"
        ),
        // §3.4 to §3.7
        (.publishAcknowledgement(0x1234), "40 02 12 34"),
        (.publishReceived(0x1234), "50 02 12 34"),
        (.publishRelease(0x1234), "62 02 12 34"),
        (.publishComplete(0x1234), "70 02 12 34"),
        // §3.8, figure 3.23
        (
            .subscribe(
                packetIdentifier: 10,
                [
                    MQTTSubscription(filter: bytes("a/b"), qos: .atLeastOnce),
                    MQTTSubscription(filter: bytes("c/d"), qos: .exactlyOnce),
                ]),
            "82 0e 00 0a 00 03 'a/b' 01 00 03 'c/d' 02"
        ),
        // §3.9, figure 3.26
        (
            .subscribeAcknowledgement(packetIdentifier: 10, [0, 2, 0x80]),
            "90 05 00 0a 00 02 80"
        ),
        // §3.10, figure 3.30
        (
            .unsubscribe(packetIdentifier: 10, [bytes("a/b"), bytes("c/d")]),
            "a2 0c 00 0a 00 03 'a/b' 00 03 'c/d'"
        ),
        // §3.11 to §3.14
        (.unsubscribeAcknowledgement(10), "b0 02 00 0a"),
        (.pingRequest, "c0 00"),
        (.pingResponse, "d0 00"),
        (.disconnect, "e0 00"),
    ]

    @Test func everyPacketIsWrittenAsTheStandardDrawsIt() throws {
        for (packet, drawing) in Self.layouts {
            #expect(try packet.encoded() == drawn(drawing), "\(drawing)")
        }
        #expect(Set(Self.layouts.map { $0.packet.type.rawValue }).count == 14)
    }

    @Test func everyPacketIsReadFromWhatTheStandardDraws() {
        for (packet, drawing) in Self.layouts {
            let (readings, fault) = read([drawn(drawing)], from: .of(packet))
            #expect(readings == [.packet(packet)], "\(drawing)")
            #expect(fault == nil, "\(drawing)")
        }
    }

    /// §2.2.3, table 2.4.
    @Test(arguments: [
        (0, "00"), (127, "7f"), (128, "80 01"), (16_383, "ff 7f"), (16_384, "80 80 01"),
        (2_097_151, "ff ff 7f"), (2_097_152, "80 80 80 01"),
    ])
    func theRemainingLengthHasOneToFourBytes(length: Int, drawing: String) throws {
        let topic = MQTTPublish(topic: bytes("t"), message: [])
        guard length >= 3 else {
            #expect(try MQTTPacket.pingRequest.encoded() == drawn("c0 \(drawing)"))
            return
        }
        var publish = topic
        publish.message = [UInt8](repeating: 7, count: length - 3)
        let encoded = try MQTTPacket.publish(publish).encoded()
        let head = drawn("30 \(drawing) 00 01 't'")
        #expect(Array(encoded.prefix(head.count)) == head)
        #expect(encoded.count == head.count - 3 + length)
        let (readings, _) = read([encoded], from: .client, packetLengthMax: 3_000_000)
        #expect(readings == [.packet(.publish(publish))])
    }
}

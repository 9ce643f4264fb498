import MQTTProtocol
import Testing

@Suite struct PacketReaderTests {
    private static func publish(
        _ count: Int, qos: MQTTQualityOfService = .atLeastOnce
    ) -> MQTTPublish {
        MQTTPublish(
            topic: bytes("topic"), message: [UInt8](repeating: 0x6d, count: count), qos: qos,
            packetIdentifier: qos == .atMostOnce ? 0 : 77)
    }

    @Test(arguments: MQTTQualityOfService.allCases)
    func aPublishThatIsTooLongIsSkippedAndTold(qos: MQTTQualityOfService) throws {
        let long = try MQTTPacket.publish(Self.publish(1_000, qos: qos)).encoded()
        let stream = long + [0xd0, 0] + long + [0xd0, 0]
        let skipped = MQTTReading.oversized(
            packetIdentifier: qos == .atMostOnce ? 0 : 77, qos: qos, length: long.count,
            topicLength: 5)
        let expected = [skipped, .packet(.pingResponse), skipped, .packet(.pingResponse)]
        for pieces in [[stream], stream.map { [$0] }] {
            let (readings, fault) = read(pieces, from: .server, packetLengthMax: 300)
            #expect(readings == expected)
            #expect(fault == nil)
        }
    }

    @Test func thePacketOfTheLimitIsKeptAndOneByteMoreIsNot() throws {
        let longest = try MQTTPacket.publish(Self.publish(300 - 12)).encoded()
        #expect(longest.count == 300)
        let (readings, _) = read([longest], from: .server, packetLengthMax: 300)
        #expect(readings == [.packet(.publish(Self.publish(288)))])
        let longer = try MQTTPacket.publish(Self.publish(289)).encoded()
        guard case .oversized = read([longer], from: .server, packetLengthMax: 300).readings.first
        else {
            Issue.record("kept")
            return
        }
    }

    @Test func nothingMoreThanTheLimitIsKept() throws {
        var reader = MQTTPacketReader(packetLengthMax: 300, sender: .server)
        for packet in [Self.publish(100_000), Self.publish(280)] {
            for byte in try MQTTPacket.publish(packet).encoded() {
                reader.append([byte])
                _ = try reader.next()
                #expect(reader.byteCount < 300)
            }
        }
        #expect(reader.byteCount == 0)
    }

    @Test func aLongPublishIsCheckedWhereItIsRead() {
        // A topic beyond the packet's end, no topic, and packet identifier 0.
        let long: [(String, MQTTFault)] = [
            (
                "32 80 10 ff ff",
                .truncated(.publish, offset: 5, expected: 65_537, actual: 2_046)
            ),
            ("32 80 10 00 00", .topic(.publish, offset: 5)),
            ("32 80 10 00 01 'a' 00 00", .packetIdentifierZero(.publish)),
            ("34 ff ff ff ff 7f", .remainingLength(.publish)),
        ]
        for (drawing, expected) in long {
            let (readings, fault) = read([drawn(drawing)], from: .server, packetLengthMax: 300)
            #expect(readings.isEmpty)
            #expect(fault == expected, "\(drawing)")
        }
    }

    @Test func anyOtherPacketThatIsTooLongIsAFault() {
        let (_, fault) = read([drawn("90 80 10")], from: .server, packetLengthMax: 300)
        #expect(fault == .tooLong(.subscribeAcknowledgement, length: 2_051, lengthMax: 300))
    }

    @Test func afterAFaultNothingIsReadAgain() {
        var reader = MQTTPacketReader(packetLengthMax: 300, sender: .server)
        reader.append([0xd0, 0, 0xf0])
        #expect(throws: Never.self) { try reader.next() }
        for _ in 0..<3 {
            #expect(throws: MQTTFault.unknownPacketType(15)) { try reader.next() }
            reader.append([0xd0, 0])
            #expect(reader.byteCount == 0)
        }
    }
}

import BridgeProtocol
import HostProtocol
import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import Decoding

/// Records of every kind, and what they tell.
@Suite struct JournalDecoderTests {
    private func record(
        _ kind: JournalKind, _ payload: [UInt8]?, at milliseconds: Int64 = 0
    ) -> JournalRecord {
        JournalRecord(
            time: .zero + .milliseconds(milliseconds), edgesBefore: 0, kind: kind,
            payload: payload ?? [])
    }

    private func host(_ input: HostMachine.Input, at time: Int64 = 0) -> JournalRecord {
        record(.hostInput, input.record(), at: time)
    }

    private func host(_ output: HostMachine.Output, at time: Int64 = 0) -> JournalRecord {
        record(.hostOutput, output.record(), at: time)
    }

    private func bridge(_ input: BridgeMachine.Input) -> JournalRecord {
        record(.bridgeInput, input.record())
    }

    private func bridge(_ output: BridgeMachine.Output) -> JournalRecord {
        record(.bridgeOutput, output.record(secrets: []))
    }

    /// What records tell, as their objects.
    private func told(_ records: [JournalRecord]) -> [String] {
        var decoder = JournalDecoder()
        return records.flatMap { decoder.events(of: $0) }.map {
            String(decoding: $0.object.bytes, as: UTF8.self)
        }
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private let publish = HostCall.publish(
        topic: Array("out/a".utf8), message: Array("p\"1".utf8), isRetained: true, qos: .atLeastOnce
    )

    private func packet(_ publish: MQTTPublish) throws -> [UInt8] {
        try MQTTPacket.publish(publish).encoded()
    }

    // MARK: The host

    @Test func callsAndReturnsAreSaidAsALogSaysThem() {
        let lines = told([
            host(.call(publish, id: 4), at: 10), host(.call(.memory, id: 5), at: 11),
            host(.returned(id: 4, .done), at: 150),
            host(.returned(id: 5, .memory(free: 1, allocated: 2)), at: 151),
            host(.returned(id: 6, .unconfirmed), at: 152),
        ])
        #expect(
            lines == [
                #"{"ev":"call","op":"publish","topic":"out/a","msg":"p\"1","qos":1,"retain":true,"id":4}"#,
                #"{"ev":"call","op":"memory","id":5}"#,
                #"{"ev":"ret","op":"publish","id":4,"ms":140.000}"#,
                #"{"ev":"ret","op":"memory","id":5,"free":1,"allocated":2,"ms":140.000}"#,
                #"{"ev":"ret","id":6,"result":"unconfirmed"}"#,
            ])
    }

    @Test func aCallIsTheSameEventAsThatOfALog() throws {
        var decoder = JournalDecoder()
        let ours = decoder.events(of: host(.call(publish, id: 4)))
        let log = decoder.events(
            of: record(
                .applicationLog,
                bytes(
                    #"{"ev":"call","op":"publish","topic":"out/a","msg":"p\"1","qos":1,"retain":true,"id":4}"#
                )))
        #expect(ours.count == 1 && ours[0].applicationEvent != nil)
        #expect(ours[0].applicationEvent == log.first?.applicationEvent)
        #expect(ours[0].detail == .calls && log.first?.detail == .calls)
    }

    @Test func bytesThatAreNoTextAreHexadecimal() {
        #expect(
            told([host(.call(.command([0xff, 0x0a]), id: 1))])
                == [#"{"ev":"call","op":"command","msgHex":"ff0a","id":1}"#])
        #expect(
            told([host(.call(.command(bytes("21 °C")), id: 1))])
                == [#"{"ev":"call","op":"command","msg":"21 °C","id":1}"#])
    }

    @Test func returnsWithoutTheirCallsAreTakenAndOpenCallsAreBounded() {
        var decoder = JournalDecoder()
        for id in 0..<5_000 { _ = decoder.events(of: host(.call(.memory, id: id))) }
        let first = decoder.events(of: host(.returned(id: 0, .done)))
        #expect(first[0].object["op"] == nil)
        #expect(decoder.events(of: host(.returned(id: 4_999, .done)))[0].object["op"] != nil)
        // A clock that goes back gives no length.
        #expect(
            told([host(.call(.memory, id: 1), at: 9), host(.returned(id: 1, .done), at: 8)])[1]
                == #"{"ev":"ret","op":"memory","id":1}"#)
    }

    // MARK: Packets

    @Test func packetsAreFoundAcrossPieces() throws {
        let first = MQTTPublish(
            topic: bytes("out/a"), message: bytes("p1"), qos: .atLeastOnce, packetIdentifier: 4)
        let stream = try packet(first) + MQTTPacket.pingRequest.encoded()
        let acknowledgement = try MQTTPacket.publishAcknowledgement(4).encoded()
        var decoder = JournalDecoder()
        var events: [JournalEvent] = []
        for byte in stream { events += decoder.events(of: bridge(.transportSend([byte]))) }
        events += decoder.events(of: bridge(.transportReceived([acknowledgement[0]])))
        events += decoder.events(of: bridge(.transportReceived(Array(acknowledgement[1...]))))
        #expect(
            events.map(\.content) == [
                .packet(.packet(.publish(first)), from: .client, acknowledges: nil),
                .packet(.packet(.pingRequest), from: .client, acknowledges: nil),
                .packet(
                    .packet(.publishAcknowledgement(4)), from: .server, acknowledges: first),
            ])
        #expect(events.map(\.detail) == [.usual, .all, .usual])
    }

    @Test func aNewConnectionBeginsWithAPacket() throws {
        let whole = try packet(MQTTPublish(topic: bytes("a"), message: bytes("b")))
        for restart in [
            bridge(.transportOpened), bridge(.transportClosed), bridge(.closeTransport),
        ] {
            let lines = told([
                bridge(.transportReceived(Array(whole[..<3]))), restart,
                bridge(.transportReceived(whole)),
            ])
            #expect(lines == [#"{"packet":"PUBLISH","topic":"a","message":"b","qos":0}"#])
        }
    }

    @Test func anAcknowledgementOnTheNextConnectionIsJoined() throws {
        let publish = MQTTPublish(
            topic: bytes("a"), message: bytes("b"), qos: .atLeastOnce, packetIdentifier: 9)
        var decoder = JournalDecoder()
        _ = decoder.events(of: bridge(.transportSend(try packet(publish))))
        _ = decoder.events(of: bridge(.transportClosed))
        _ = decoder.events(of: bridge(.transportOpened))
        let acknowledgement = try MQTTPacket.publishAcknowledgement(9).encoded()
        let events = decoder.events(of: bridge(.transportReceived(acknowledgement)))
        guard case .packet(_, _, let acknowledged)? = events.first?.content else {
            Issue.record("no packet")
            return
        }
        #expect(acknowledged == publish)
        // A bridge that boots has forgotten it.
        _ = decoder.events(of: bridge(.transportSend(try packet(publish))))
        _ = decoder.events(of: bridge(.boot))
        let late = decoder.events(of: bridge(.transportReceived(acknowledgement)))
        #expect(
            late.first?.content
                == .packet(.packet(.publishAcknowledgement(9)), from: .server, acknowledges: nil))
    }

    @Test func bytesThatAreNoMQTTAreToldOnceAConnection() throws {
        let ping = try MQTTPacket.pingResponse.encoded()
        let lines = told([
            bridge(.transportReceived([0xff, 0xff])), bridge(.transportReceived([0])),
            bridge(.transportReceived(ping)), bridge(.transportOpened),
            bridge(.transportReceived(ping)),
        ])
        #expect(lines == [#"{"problem":"unknown packet type"}"#, #"{"packet":"PINGRESP"}"#])
    }

    // MARK: What else there is

    @Test func timersPollsAndLampsTellNothing() {
        #expect(
            told([
                host(.timer), bridge(.timer), bridge(.queryMemory), bridge(.queryInternet),
                bridge(.lamp(.heartbeat, .high)), bridge(.memory(free: 1, allocated: 2)),
                bridge(.serverTime(nil)), record(JournalKind(rawValue: 200), [1, 2, 3]),
                record(.surroundings, Surroundings.foreignEdge(.stx).record()),
            ]) == [])
    }

    @Test func faultsHaveTheirNamesAndLengths() {
        #expect(
            told([
                record(.surroundings, Surroundings.fault(number: 1, .zero).record()),
                record(.surroundings, Surroundings.fault(number: 3, .seconds(12)).record()),
                record(.surroundings, Surroundings.faultEnded(number: 3).record()),
                record(
                    .surroundings,
                    Surroundings.arrived(
                        topic: bytes("a"), message: bytes("b"), qos: 1, isDuplicate: true
                    ).record()),
            ]) == [
                #"{"fault":"crash"}"#, #"{"fault":"wifi-outage","length":12000000000}"#,
                #"{"fault":"wifi-outage","ended":true}"#,
                #"{"topic":"a","message":"b","qos":1,"dup":true}"#,
            ])
    }

    // MARK: Hostile records

    @Test func aDamagedRecordIsToldAndTheNextOneIsRead() {
        let whole = host(.call(publish, id: 4))
        for length in whole.payload.indices {
            var decoder = JournalDecoder()
            var cut = whole
            cut.payload = Array(whole.payload[..<length])
            let events = decoder.events(of: cut)
            guard case .damaged(.hostInput, let fault?)? = events.first?.content else {
                Issue.record("\(length) bytes are no fault")
                continue
            }
            #expect(events.count == 1 && fault.reason == .truncated)
            #expect(decoder.events(of: whole).count == 1)
        }
        #expect(
            told([
                record(.surroundings, [1, 200, 1, 0]), record(.bridgeOutput, [99]),
                record(.applicationLog, bytes("{]")),
            ]) == [
                #"{"kind":20,"problem":"holds a value that does not exist","offset":1}"#,
                #"{"kind":19,"problem":"holds a value that does not exist","offset":0}"#,
                #"{"kind":3,"problem":"is no JSON"}"#,
            ])
    }

    @Test func anyRecordsInAnyOrderArePutUpWith() throws {
        var random = Seeded(11)
        let kinds: [JournalKind] = [
            .applicationLog, .hostInput, .hostOutput, .bridgeInput, .bridgeOutput, .surroundings,
        ]
        let seeds = [
            host(.call(publish, id: 4)), host(.returned(id: 4, .done)), bridge(.transportOpened),
            bridge(
                .transportReceived(
                    try packet(
                        MQTTPublish(
                            topic: bytes("a"), message: bytes("b"), qos: .atLeastOnce,
                            packetIdentifier: 1)))),
            record(.surroundings, Surroundings.fault(number: 1, .seconds(1)).record()),
        ]
        var decoder = JournalDecoder()
        var count = 0
        for _ in 0..<20_000 {
            var one = seeds[Int(random.next() % UInt64(seeds.count))]
            if random.next() % 4 == 0 { one.kind = kinds[Int(random.next() % 6)] }
            if random.next() % 2 == 0, !one.payload.isEmpty {
                one.payload[Int(random.next() % UInt64(one.payload.count))] =
                    UInt8(truncatingIfNeeded: random.next())
            }
            one.time = random.next() % 2 == 0 ? .earliest : .latest
            for event in decoder.events(of: one) {
                count += 1
                #expect((try? JSONNode(parsing: event.object.bytes)) != nil)
            }
        }
        #expect(count > 10_000)
    }
}

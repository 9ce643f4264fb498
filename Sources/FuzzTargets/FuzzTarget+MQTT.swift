import MQTTProtocol
import Signals

extension FuzzTarget {
    /// A stream of bytes from either end: in one piece and byte by byte it gives the same packets,
    /// and what was read is written and read as the same.
    func runMQTT(_ bytes: [UInt8]) {
        for sender in [MQTTSender.client, .server] {
            for lengthMax in [MQTTPacketReader.packetLengthMaxMin, 65_536] {
                let whole = readings(of: [bytes], from: sender, lengthMax: lengthMax)
                let single = readings(
                    of: bytes.map { [$0] }, from: sender, lengthMax: lengthMax)
                precondition(whole == single, "pieces change what is read")
                for case .packet(let packet) in whole.readings { check(packet, from: sender) }
            }
        }
    }

    private struct Readings: Equatable {
        var readings: [MQTTReading] = []
        var fault: MQTTFault?
    }

    private func readings(
        of pieces: [[UInt8]], from sender: MQTTSender, lengthMax: Int
    ) -> Readings {
        var reader = MQTTPacketReader(packetLengthMax: lengthMax, sender: sender)
        var result = Readings()
        for piece in pieces {
            reader.append(piece)
            do throws(MQTTFault) {
                while let reading = try reader.next() { result.readings.append(reading) }
            } catch {
                precondition(reader.byteCount == 0, "a reader that has failed keeps bytes")
                result.fault = error
                return result
            }
            precondition(reader.byteCount < lengthMax, "more is kept than one packet")
        }
        return result
    }

    private func check(_ packet: MQTTPacket, from sender: MQTTSender) {
        let written: [UInt8]
        do throws(MQTTUnsendable) {
            written = try packet.encoded()
        } catch {
            preconditionFailure("what was read cannot be written: \(error)")
        }
        let again = readings(of: [written], from: sender, lengthMax: written.count)
        precondition(again == Readings(readings: [.packet(packet)]), "written, not read")
    }

    /// An MQTT client under whatever a broker, a network and an owner may do: nothing traps, what it
    /// sends is MQTT, and once it was woken nothing is overdue.
    func runClient(_ bytes: [UInt8]) {
        var input = FuzzBytes(bytes)
        var fuzz = ClientFuzz(options: input.byte())
        while !input.rest.isEmpty { fuzz.step(&input) }
    }
}

/// A client, and the little that its owner and its broker must remember.
private struct ClientFuzz: TimedFuzz {
    private var client: MQTTClient
    var clock = FuzzClock()
    private var transport = TransportCheck()
    private var isConnected = false
    private var deliveries: [Int] = []
    /// Publications that have no end yet.
    private var unfinished: [Int] = []
    private var tag = 0

    init(options: UInt8) {
        var configuration = MQTTClientConfiguration(clientIdentifier: Array("fuzz".utf8))
        configuration.cleanSession = options & 1 == 0
        configuration.resumes = options & 2 != 0
        configuration.keepAliveSeconds = options & 4 == 0 ? 60 : 0
        configuration.responseTime = options & 8 == 0 ? .seconds(10) : .milliseconds(1)
        configuration.republicationsMax = options & 16 == 0 ? 4 : 0
        configuration.packetLengthMax = options & 32 == 0 ? 65_536 : 256
        configuration.renewsSubscriptions = options & 64 == 0
        if options & 128 != 0 {
            configuration.pacing.acknowledgementPoll = .milliseconds(100)
            configuration.pacing.writeDelay = .milliseconds(5)
            configuration.will = MQTTWill(topic: Array("w".utf8), message: [0])
        }
        client = MQTTClient(configuration: configuration)
    }

    mutating func step(_ input: inout FuzzBytes) {
        let code = input.byte()
        let detail = code >> 4
        switch code & 15 {
        case 0: pass(detail, firing: true)
        case 1: pass(detail, firing: false)
        case 2: feed(.connect)
        case 3: if transport.accept() { feed(.transportOpened) }
        case 4: if transport.isThere { feed(.transportClosed) }
        case 5: answer()
        case 6, 7: if transport.isOpen { feed(.received(input.string())) }
        case 8, 9: publish(input.string(), isRetained: detail & 1 != 0, quality: detail >> 1)
        case 10:
            tag += 1
            feed(.subscribe(filter: input.string(), qos: quality(detail), tag: tag))
        case 11:
            tag += 1
            feed(.unsubscribe(filter: input.string(), tag: tag))
        case 12: if let number = deliveries.popLast() { feed(.delivered(number)) }
        case 13: feed(.delivered(Int(input.byte())))
        case 14: feed(.setReading(detail & 1 == 0))
        default: feed(detail & 1 == 0 ? .timer : .disconnect)
        }
    }

    private func quality(_ detail: UInt8) -> MQTTQualityOfService {
        MQTTQualityOfService(rawValue: detail % 3) ?? .atMostOnce
    }

    private mutating func publish(_ content: [UInt8], isRetained: Bool, quality detail: UInt8) {
        tag += 1
        unfinished.append(tag)
        let topic = Array(content.prefix(4))
        feed(
            .publish(
                topic: topic, message: content, isRetained: isRetained, qos: quality(detail),
                tag: tag))
    }

    /// What the broker says to the oldest packet that wants an answer.
    private mutating func answer() {
        guard transport.isOpen, let answer = transport.nextAnswer() else { return }
        feed(.received(answer))
    }

    var deadline: Timestamp? { client.deadline }

    mutating func fire() { feed(.timer) }

    private mutating func feed(_ input: MQTTClient.Input) {
        client.handle(input, at: clock.now)
        while let output = client.nextOutput() { take(output) }
        precondition(client.isConnected == isConnected, "connected, and nobody was told")
        precondition(
            client.unfinishedPublications == unfinished.count, "a publication without an end")
        if case .timer = input, let deadline = client.deadline {
            precondition(deadline > clock.now, "overdue behind a timer")
        }
    }

    private mutating func take(_ output: MQTTClient.Output) {
        switch output {
        case .openTransport: transport.open()
        case .closeTransport: transport.close()
        case .send(let bytes): transport.send(bytes)
        case .setReading: precondition(transport.isOpen, "reads from no transport")
        case .connected:
            precondition(!isConnected, "connected twice")
            isConnected = true
        case .refused, .lost:
            isConnected = false
            transport.forget()
            deliveries.removeAll()
        case .published(let tag), .dropped(.publication(let tag, _)):
            guard let place = unfinished.firstIndex(of: tag) else {
                preconditionFailure("a publication has two ends")
            }
            unfinished.remove(at: place)
        case .message(let message, let delivery):
            precondition(TopicFilter.isValidTopic(message.topic), "a message without a topic")
            precondition((delivery != nil) == (message.qos == .atLeastOnce), "who acknowledges?")
            if let delivery { deliveries.append(delivery) }
        case .repeated(let tag, _):
            precondition(unfinished.contains(tag), "repeats what is over")
        case .subscribed, .unsubscribed, .dropped: break
        }
    }
}

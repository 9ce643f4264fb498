import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals

@testable import BridgeProtocol

/// A bridge's session with a host, a network and a broker that do as a test says, in a time of
/// their own.
struct Firmware {
    /// Whether Wi-Fi is there when it is asked for, and with which answer if not; nil: none.
    var hasNetwork = true
    var networkFailure: NetworkEvent?
    /// Whether the broker takes connections.
    var hasBroker = true
    /// What the broker says to CONNECT; nil: nothing.
    var connectAnswer: MQTTReturnCode? = .accepted
    var sessionPresent = false
    /// Whether the broker acknowledges publications.
    var acknowledgesPublications = true
    var acknowledgesSubscriptions = true
    var grantsSubscriptions = true
    var answersPings = true
    /// Whether frames leave the wire at once.
    var framesLeave = true

    private(set) var session: BridgeSession
    private(set) var now = Timestamp.zero
    /// Everything that came out, with its time.
    private(set) var outputs: [(time: Timestamp, output: BridgeSession.Output)] = []
    /// The packets that the broker got.
    private(set) var packets: [MQTTPacket] = []
    /// The tags of frames that have not left the wire.
    private(set) var onTheWire: [Int] = []
    private var reader = MQTTPacketReader(packetLengthMax: 100_000, sender: .client)
    private(set) var isTransportOpen = false
    private var inputs: [BridgeSession.Input] = []

    init(_ change: (inout BridgeConfiguration) -> Void = { _ in }) {
        var configuration = BridgeConfiguration()
        configuration.waits.heartbeat = .zero
        change(&configuration)
        session = BridgeSession(configuration: configuration)
    }

    /// Powered, and with a host at the other end.
    static func synchronised(_ change: (inout BridgeConfiguration) -> Void = { _ in }) -> Firmware {
        var firmware = Firmware(change)
        firmware.feed(.boot)
        firmware.feed(.synchronised)
        return firmware
    }

    /// After WIFI_UP, with what was said and sent on the way forgotten.
    static func running(
        initialise: String = Firmware.initialise,
        _ change: (inout BridgeConfiguration) -> Void = { _ in }
    ) -> Firmware {
        var firmware = synchronised(change)
        firmware.host(initialise)
        firmware.run(for: .seconds(10))
        precondition(firmware.session.isRunning, "\(firmware.said)")
        firmware.forget()
        return firmware
    }

    /// After WIFI_UP, in a world that is then changed.
    static func running(in world: (inout Firmware) -> Void) -> Firmware {
        var firmware = running()
        world(&firmware)
        return firmware
    }

    static let initialise =
        "init|net|wifipass|broker|user|mqttpass|{}|1|1883|0|1|60|0|1|4|10|0|pool.ntp.org"

    /// Forgets what came out so far.
    mutating func forget() {
        outputs = []
        packets = []
    }

    // MARK: What happens to it

    mutating func host(_ text: String) { host(characters(text)) }

    mutating func host(_ frame: [UInt8], droppedCharacters: Int = 0) {
        feed(.frame(frame, droppedCharacters: droppedCharacters))
    }

    /// A message of the broker.
    mutating func broker(
        _ topic: String, _ message: [UInt8], qos: MQTTQualityOfService = .atMostOnce,
        isRetained: Bool = false, identifier: UInt16 = 0
    ) {
        broker(
            .publish(
                MQTTPublish(
                    topic: Array(topic.utf8), message: message, qos: qos, isRetained: isRetained,
                    packetIdentifier: identifier)))
    }

    mutating func broker(_ packet: MQTTPacket) {
        feed(.transportReceived((try? packet.encoded()) ?? []))
    }

    /// The oldest frames leave the wire.
    mutating func leave(_ count: Int = 1) {
        for _ in 0..<count where !onTheWire.isEmpty {
            feed(.left(tag: onTheWire.removeFirst()))
        }
    }

    mutating func refuse(_ refusal: SendRefusal) {
        if !onTheWire.isEmpty { feed(.refused(tag: onTheWire.removeFirst(), refusal)) }
    }

    /// The transport breaks.
    mutating func cutTransport() {
        isTransportOpen = false
        feed(.transportClosed)
    }

    mutating func run(for span: Nanoseconds) {
        let end = now + span
        while let deadline = session.deadline, deadline <= end {
            now = max(now, deadline)
            feed(.timer)
            if let next = session.deadline { precondition(next > now, "a served deadline is due") }
        }
        now = end
    }

    mutating func feed(_ input: BridgeSession.Input) {
        inputs.append(input)
        while !inputs.isEmpty {
            session.handle(inputs.removeFirst(), at: now)
            while let output = session.nextOutput() {
                outputs.append((now, output))
                answer(output)
            }
        }
    }

    private mutating func answer(_ output: BridgeSession.Output) {
        switch output {
        case .send(_, let tag):
            if framesLeave { inputs.append(.left(tag: tag)) } else { onTheWire.append(tag) }
        case .associate:
            if hasNetwork {
                inputs.append(.network(.associated))
            } else if let networkFailure {
                inputs.append(.network(networkFailure))
            }
        case .openTransport:
            reader = MQTTPacketReader(packetLengthMax: 100_000, sender: .client)
            isTransportOpen = hasBroker
            inputs.append(hasBroker ? .transportOpened : .transportClosed)
        case .closeTransport: isTransportOpen = false
        case .transportSend(let bytes):
            reader.append(bytes)
            while case .packet(let packet)? = try? reader.next() { answer(packet) }
        default: break
        }
    }

    private mutating func answer(_ packet: MQTTPacket) {
        packets.append(packet)
        var answer: MQTTPacket?
        switch packet {
        case .connect:
            answer = connectAnswer.map {
                .connectAcknowledgement(
                    sessionPresent: $0 == .accepted && sessionPresent, $0)
            }
        case .publish(let publish) where publish.qos == .atLeastOnce && acknowledgesPublications:
            answer = .publishAcknowledgement(publish.packetIdentifier)
        case .subscribe(let identifier, _) where acknowledgesSubscriptions:
            answer = .subscribeAcknowledgement(
                packetIdentifier: identifier,
                [grantsSubscriptions ? 1 : MQTTPacket.subscriptionRefused])
        case .pingRequest where answersPings: answer = .pingResponse
        default: break
        }
        if let answer, let bytes = try? answer.encoded() {
            inputs.append(.transportReceived(bytes))
        }
    }

    // MARK: What came of it

    /// The frames for the host, with `|` for separators.
    var said: [String] {
        outputs.compactMap { if case .send(let frame, _) = $0.output { drawn(frame) } else { nil } }
    }

    /// When a frame was given to the link, the last time.
    func time(of text: String) -> Timestamp? {
        outputs.last {
            if case .send(let frame, _) = $0.output { drawn(frame) == text } else { false }
        }?.time
    }

    func time(of output: BridgeSession.Output) -> Timestamp? {
        outputs.last { $0.output == output }?.time
    }

    func has(_ output: BridgeSession.Output) -> Bool { count(of: output) > 0 }

    func count(of output: BridgeSession.Output) -> Int {
        outputs.count { $0.output == output }
    }

    var events: [BridgeEvent] {
        outputs.compactMap { if case .event(let event) = $0.output { event } else { nil } }
    }

    var imitated: [ReferenceRule] {
        outputs.compactMap { if case .imitated(let rule) = $0.output { rule } else { nil } }
    }

    /// The networks that it associated with.
    var networks: [BridgeNetwork] {
        outputs.compactMap { if case .associate(let network) = $0.output { network } else { nil } }
    }

    var publications: [MQTTPublish] {
        packets.compactMap { if case .publish(let publish) = $0 { publish } else { nil } }
    }

    var connects: [MQTTConnect] {
        packets.compactMap { if case .connect(let connect) = $0 { connect } else { nil } }
    }

    var acknowledged: [UInt16] {
        packets.compactMap {
            if case .publishAcknowledgement(let identifier) = $0 { identifier } else { nil }
        }
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

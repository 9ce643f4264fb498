import BridgeProtocol
import LinkProtocol
import MQTTProtocol
import Signals

/// The network and the broker of a bridge whose capture shows only the wires.
///
/// It remembers what the machine waits for, and gives the one answer that leads to the frame that the
/// capture shows next.
struct BridgePuppet {
    /// What the capture's next frame needs.
    enum Wish {
        /// Nothing but that the start, or a reconnection, goes on.
        case progress
        /// The search for a network fails.
        case networkFailure
        /// The broker cannot be reached.
        case brokerFailure
        /// Wi-Fi or broker are lost.
        case loss
        /// A message from the broker.
        case message(topic: [UInt8], message: [UInt8], isRetained: Bool)
        /// The time; nil when it cannot be had.
        case time(Nanoseconds?)
        /// The memory.
        case memory(free: Int64, allocated: Int64)

        init(for message: BridgeMessage) {
            switch message {
            case .status(.specifiedNetwork): self = .networkFailure
            case .status(.brokerFail): self = .brokerFailure
            case .status(.wifiDown): self = .loss
            case .status, .unknown: self = .progress
            case .publication(let topic, let message, let isRetained),
                .escapedPublication(let topic, let message, let isRetained):
                self = .message(topic: topic, message: message, isRetained: isRetained)
            case .time(let seconds):
                self = .time(seconds == 0 ? nil : .seconds(min(seconds, 1 << 32)))
            case .memory(let free, let allocated):
                self = .memory(free: free, allocated: allocated)
            }
        }
    }

    /// Is added to a time that the capture shows.
    private let timeOffset: Nanoseconds
    private var seeksNetwork = false
    private var opensTransport = false
    private var isOpen = false
    private var awaitsConnectAcknowledgement = false
    private var isConnected = false
    /// Publications that the broker has not acknowledged, by their packet identifiers.
    private var publications: [UInt16] = []
    /// Answers of the broker that no frame tells of.
    private var formalities: [MQTTPacket] = []
    private var asksForInternet = false
    private var asksForTime = false
    private var asksForMemory = false
    private var reader = MQTTPacketReader(packetLengthMax: 1 << 22, sender: .client)
    private var subscriptions: [MQTTSubscription] = []
    private var nextIdentifier: UInt16 = 0

    init(timeOffset: Nanoseconds) { self.timeOffset = timeOffset }

    mutating func take(_ output: BridgeSession.Output) {
        switch output {
        case .associate: seeksNetwork = true
        case .dissociate: seeksNetwork = false
        case .openTransport:
            opensTransport = true
            isOpen = false
        case .closeTransport: close()
        case .transportSend(let bytes): read(bytes)
        case .queryInternet: asksForInternet = true
        case .queryTime: asksForTime = true
        case .queryMemory: asksForMemory = true
        case .send, .setReading, .lamp, .imitated, .event: break
        }
    }

    private mutating func close() {
        opensTransport = false
        isOpen = false
        awaitsConnectAcknowledgement = false
        isConnected = false
        publications.removeAll()
        formalities.removeAll()
        reader = MQTTPacketReader(packetLengthMax: 1 << 22, sender: .client)
    }

    private mutating func read(_ bytes: [UInt8]) {
        reader.append(bytes)
        while case .packet(let packet)? = try? reader.next() {
            switch packet {
            case .connect: awaitsConnectAcknowledgement = true
            case .publish(let publish) where publish.qos == .atLeastOnce:
                publications.append(publish.packetIdentifier)
            case .subscribe(let identifier, let wanted):
                subscriptions += wanted
                formalities.append(
                    .subscribeAcknowledgement(
                        packetIdentifier: identifier, wanted.map { $0.qos.rawValue }))
            case .unsubscribe(let identifier, _):
                formalities.append(.unsubscribeAcknowledgement(identifier))
            case .pingRequest: formalities.append(.pingResponse)
            default: break
            }
        }
    }

    private func bytes(_ packet: MQTTPacket) -> BridgeSession.Input? {
        guard let bytes = try? packet.encoded() else { return nil }
        return .transportReceived(bytes)
    }

    /// The broker's next answer that no frame tells of.
    mutating func nextFormality() -> BridgeSession.Input? {
        guard !formalities.isEmpty else { return nil }
        return bytes(formalities.removeFirst())
    }

    /// The next thing to do for what the capture shows; nil when there is nothing.
    mutating func nextStep(
        towards wish: Wish
    ) -> (BridgeSession.Input, SequenceReplayResult.Inference)? {
        switch wish {
        case .networkFailure:
            guard seeksNetwork else { return nil }
            seeksNetwork = false
            return (.network(.failed), .network)
        case .brokerFailure:
            if !opensTransport, !isOpen { return connect() }
            close()
            return (.transportClosed, .brokerLoss)
        case .loss:
            guard isConnected else { return nil }
            close()
            return (.transportClosed, .brokerLoss)
        case .progress: return connect() ?? acknowledge()
        case .message(let topic, let message, let isRetained):
            return send(topic: topic, message: message, isRetained: isRetained)
        case .time(let time): return answerTime(time)
        case .memory(let free, let allocated):
            guard asksForMemory else { return nil }
            asksForMemory = false
            return (.memory(free: free, allocated: allocated), .answer)
        }
    }

    /// One step of a start or a reconnection.
    private mutating func connect() -> (BridgeSession.Input, SequenceReplayResult.Inference)? {
        if seeksNetwork {
            seeksNetwork = false
            return (.network(.associated), .network)
        }
        if opensTransport {
            opensTransport = false
            isOpen = true
            return (.transportOpened, .brokerAnswer)
        }
        if awaitsConnectAcknowledgement {
            awaitsConnectAcknowledgement = false
            isConnected = true
            return bytes(.connectAcknowledgement(sessionPresent: false, .accepted)).map {
                ($0, .brokerAnswer)
            }
        }
        return nil
    }

    private mutating func acknowledge() -> (BridgeSession.Input, SequenceReplayResult.Inference)? {
        guard !publications.isEmpty else { return nil }
        return bytes(.publishAcknowledgement(publications.removeFirst())).map {
            ($0, .brokerAnswer)
        }
    }

    /// A message, as sure as its subscription wants it.
    private mutating func send(
        topic: [UInt8], message: [UInt8], isRetained: Bool
    ) -> (BridgeSession.Input, SequenceReplayResult.Inference)? {
        guard isConnected else { return nil }
        let isSure = subscriptions.contains {
            $0.qos != .atMostOnce && TopicFilter.matches(filter: $0.filter, topic: topic)
        }
        if isSure { nextIdentifier = nextIdentifier % 60_000 + 1 }
        let publish = MQTTPublish(
            topic: topic, message: message, qos: isSure ? .atLeastOnce : .atMostOnce,
            isRetained: isRetained, isDuplicate: false,
            packetIdentifier: isSure ? nextIdentifier : 0)
        return bytes(.publish(publish)).map { ($0, .brokerMessage) }
    }

    private mutating func answerTime(
        _ time: Nanoseconds?
    ) -> (BridgeSession.Input, SequenceReplayResult.Inference)? {
        if asksForInternet {
            asksForInternet = false
            return (.internet(isReachable: time != nil), .answer)
        }
        guard asksForTime else { return nil }
        asksForTime = false
        return (.serverTime(time.map { $0 + timeOffset }), .answer)
    }

    /// What the machine waits for, in words.
    var waiting: String {
        if seeksNetwork { return "a network" }
        if opensTransport { return "a connection to the broker" }
        if awaitsConnectAcknowledgement { return "the broker's CONNACK" }
        if !publications.isEmpty { return "the broker's PUBACK" }
        if asksForInternet || asksForTime { return "the time" }
        if asksForMemory { return "the memory" }
        return "the host, or a message from the broker"
    }
}

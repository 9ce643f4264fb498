import MQTTProtocol
import Signals
import Simulation

/// A broker on a stand: time is set by hand, clients are packets, and what the broker does is read
/// as a strict client would.
final class BrokerStand {
    /// What the broker did.
    enum Event: Equatable {
        case sent(Int, MQTTPacket)
        case closed(Int)
        case arrived(BrokerArrival)
        case acknowledged(BrokerDelivery)
        case unreadable(Int)
    }

    var broker: SimulatedBroker
    private(set) var now = Timestamp.zero

    init(_ change: (inout SimulatedBroker.Configuration) -> Void = { _ in }) {
        var configuration = SimulatedBroker.Configuration()
        change(&configuration)
        broker = SimulatedBroker(configuration: configuration)
    }

    @discardableResult func give(_ input: SimulatedBroker.Input) -> [Event] {
        broker.handle(input, at: now)
        var events: [Event] = []
        while let output = broker.nextOutput() {
            switch output {
            case .send(let connection, let bytes): events.append(Self.read(bytes, on: connection))
            case .close(let connection): events.append(.closed(connection))
            case .arrived(let arrival): events.append(.arrived(arrival))
            case .acknowledged(let delivery): events.append(.acknowledged(delivery))
            }
        }
        return events
    }

    /// Feeds packets of a client in one piece.
    @discardableResult func give(_ connection: Int, _ packets: MQTTPacket...) -> [Event] {
        give(.received(connection, packets.flatMap { (try? $0.encoded()) ?? [] }))
    }

    /// Opens a connection and sends its CONNECT.
    @discardableResult func connect(
        _ connection: Int, as name: String, clean: Bool = true, keepAlive: UInt16 = 0,
        will: MQTTWill? = nil
    ) -> [Event] {
        give(.connectionOpened(connection))
        return give(
            connection,
            .connect(
                MQTTConnect(
                    clientIdentifier: Array(name.utf8), cleanSession: clean,
                    keepAliveSeconds: keepAlive, will: will)))
    }

    @discardableResult func subscribe(
        _ connection: Int, _ filters: (String, MQTTQualityOfService)...
    ) -> [Event] {
        give(
            connection,
            .subscribe(
                packetIdentifier: 9,
                filters.map { MQTTSubscription(filter: Array($0.0.utf8), qos: $0.1) }))
    }

    /// An outside client publishes; returns what went to connections.
    @discardableResult func publish(
        _ topic: String, _ message: String = "m", qos: MQTTQualityOfService = .atLeastOnce,
        isRetained: Bool = false
    ) -> [Event] {
        give(
            .publish(
                topic: Array(topic.utf8), message: Array(message.utf8), qos: qos,
                isRetained: isRetained)
        ).filter { if case .arrived = $0 { false } else { true } }
    }

    /// Lets time pass, with a timer at each deadline.
    @discardableResult func pass(_ span: Nanoseconds) -> [Event] {
        let end = now + span
        var events: [Event] = []
        while let deadline = broker.deadline, deadline <= end {
            now = max(now, deadline)
            events += give(.timer)
        }
        now = end
        return events
    }

    private static func read(_ bytes: [UInt8], on connection: Int) -> Event {
        var reader = MQTTPacketReader(packetLengthMax: 1 << 20, sender: .server)
        reader.append(bytes)
        guard case .packet(let packet) = try? reader.next() else { return .unreadable(connection) }
        return .sent(connection, packet)
    }
}

extension BrokerStand {
    /// The broker sends a message on a connection; identifier 0 is qos 0.
    static func sent(
        _ connection: Int, _ topic: String, _ message: String = "m", _ identifier: UInt16 = 0,
        isRetained: Bool = false, isDuplicate: Bool = false
    ) -> Event {
        .sent(
            connection,
            publish(
                topic, message, identifier, isRetained: isRetained, isDuplicate: isDuplicate))
    }

    static func publish(
        _ topic: String, _ message: String = "m", _ identifier: UInt16 = 0,
        isRetained: Bool = false, isDuplicate: Bool = false
    ) -> MQTTPacket {
        .publish(
            MQTTPublish(
                topic: Array(topic.utf8), message: Array(message.utf8),
                qos: identifier == 0 ? .atMostOnce : .atLeastOnce, isRetained: isRetained,
                isDuplicate: isDuplicate, packetIdentifier: identifier))
    }

    static func will(
        _ topic: String, qos: MQTTQualityOfService = .atMostOnce, isRetained: Bool = false
    ) -> MQTTWill {
        MQTTWill(
            topic: Array(topic.utf8), message: Array("gone".utf8), isRetained: isRetained, qos: qos)
    }

    static func accepted(_ connection: Int, sessionPresent: Bool = false) -> Event {
        .sent(connection, .connectAcknowledgement(sessionPresent: sessionPresent, .accepted))
    }
}

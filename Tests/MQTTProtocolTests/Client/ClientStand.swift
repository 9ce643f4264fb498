import MQTTProtocol
import Signals

/// A client on a stand: time is set by hand, the broker's packets are given, and what the client
/// does is kept. What it sends is read as a strict broker would.
final class ClientStand {
    var client: MQTTClient
    private(set) var now = Timestamp.zero

    init(_ change: (inout MQTTClientConfiguration) -> Void = { _ in }) {
        var configuration = MQTTClientConfiguration(clientIdentifier: bytes("client"))
        change(&configuration)
        client = MQTTClient(configuration: configuration)
    }

    /// A client that is connected, with what it did so far forgotten.
    static func connected(
        _ change: (inout MQTTClientConfiguration) -> Void = { _ in }
    ) -> ClientStand {
        let stand = ClientStand(change)
        stand.establish()
        return stand
    }

    /// Connects, and forgets what was done for it.
    func establish(sessionPresent: Bool = false) {
        give(.connect)
        give(.transportOpened)
        packet(.connectAcknowledgement(sessionPresent: sessionPresent, .accepted))
    }

    /// Feeds one input and returns what the client does.
    @discardableResult func give(_ input: MQTTClient.Input) -> [MQTTClient.Output] {
        client.handle(input, at: now)
        var outputs: [MQTTClient.Output] = []
        while let output = client.nextOutput() { outputs.append(output) }
        return outputs
    }

    /// Feeds a packet of the broker.
    @discardableResult func packet(_ packet: MQTTPacket) -> [MQTTClient.Output] {
        give(.received(encoded(packet)))
    }

    @discardableResult func publish(
        _ topic: String, qos: MQTTQualityOfService = .atLeastOnce, tag: Int = 1
    ) -> [MQTTClient.Output] {
        give(
            .publish(
                topic: bytes(topic), message: bytes("m"), isRetained: false, qos: qos, tag: tag))
    }

    @discardableResult func subscribe(
        _ filter: String, qos: MQTTQualityOfService = .atLeastOnce, tag: Int = 1
    ) -> [MQTTClient.Output] {
        give(.subscribe(filter: bytes(filter), qos: qos, tag: tag))
    }

    /// Lets time pass, with a timer at each deadline; returns what happened and when.
    @discardableResult func pass(_ span: Nanoseconds) -> [Event] {
        let end = now + span
        var events: [Event] = []
        while let deadline = client.deadline, deadline <= end {
            now = max(now, deadline)
            events += give(.timer).map { Event(time: now, output: $0) }
        }
        now = end
        return events
    }

    /// Lets time pass while the client's owner sleeps.
    func skip(_ span: Nanoseconds) { now = now + span }

    struct Event: Equatable, CustomStringConvertible {
        var time: Timestamp
        var output: MQTTClient.Output

        var description: String { "\(time.nanoseconds / 1_000_000) ms \(output)" }
    }
}

func encoded(_ packet: MQTTPacket) -> [UInt8] {
    do { return try packet.encoded() } catch { fatalError("\(packet): \(error)") }
}

/// What a client does when it sends a packet.
func sends(_ packet: MQTTPacket) -> MQTTClient.Output { .send(encoded(packet)) }

/// A PUBLISH of the stand's message.
func publishes(
    _ topic: String, _ identifier: UInt16, isDuplicate: Bool = false
) -> MQTTClient.Output {
    sends(
        .publish(
            MQTTPublish(
                topic: bytes(topic), message: bytes("m"),
                qos: identifier == 0 ? .atMostOnce : .atLeastOnce, isDuplicate: isDuplicate,
                packetIdentifier: identifier)))
}

func subscribes(
    _ filter: String, _ identifier: UInt16, qos: MQTTQualityOfService = .atLeastOnce
) -> MQTTClient.Output {
    sends(
        .subscribe(
            packetIdentifier: identifier, [MQTTSubscription(filter: bytes(filter), qos: qos)]))
}

/// A message as the broker sends it.
func arrival(
    _ topic: String, _ identifier: UInt16 = 0, isDuplicate: Bool = false
) -> MQTTPacket {
    .publish(
        MQTTPublish(
            topic: bytes(topic), message: bytes("m"),
            qos: identifier == 0 ? .atMostOnce : .atLeastOnce, isDuplicate: isDuplicate,
            packetIdentifier: identifier))
}

/// The moment so many milliseconds after the start.
func at(_ milliseconds: Int64) -> Timestamp { .zero + .milliseconds(milliseconds) }

extension [ClientStand.Event] {
    /// The events without pings.
    var withoutPings: [ClientStand.Event] { filter { $0.output != sends(.pingRequest) } }

    /// When pings were sent, in milliseconds.
    var pings: [Int64] {
        filter { $0.output == sends(.pingRequest) }.map { $0.time.nanoseconds / 1_000_000 }
    }
}

func event(_ milliseconds: Int64, _ output: MQTTClient.Output) -> ClientStand.Event {
    ClientStand.Event(time: at(milliseconds), output: output)
}

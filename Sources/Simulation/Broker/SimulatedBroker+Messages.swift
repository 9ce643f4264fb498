import MQTTProtocol
import Signals

// Where messages go. Ref: MQTT 3.1.1 §3.3, §4.

extension SimulatedBroker {
    /// Keeps a message if it wants that, and passes it to everybody who wants it. A topic that is
    /// none goes nowhere.
    mutating func accept(_ arrival: BrokerArrival, at now: Timestamp) {
        guard TopicFilter.isValidTopic(arrival.topic) else { return }
        append(.arrived(arrival))
        let message = BrokerMessage(
            topic: arrival.topic, message: arrival.message, qos: arrival.qos, isRetained: false)
        if arrival.isRetained { retain(message) }
        for index in sessions.indices {
            guard let quality = sessions[index].quality(for: message.topic) else { continue }
            deliver(message, quality: quality, toSession: index, at: now)
        }
    }

    /// An empty message makes the broker forget its topic's. Ref: MQTT 3.1.1 §3.3.1.3.
    private mutating func retain(_ message: BrokerMessage) {
        let index = retained.firstIndex { $0.topic == message.topic }
        if message.message.isEmpty {
            if let index { retained.remove(at: index) }
            return
        }
        var kept = message
        kept.isRetained = true
        if let index {
            retained[index] = kept
        } else if retained.count < configuration.retainedMessagesMax {
            retained.append(kept)
        }
    }

    mutating func deliverRetained(
        to subscription: MQTTSubscription, on connection: Int, at now: Timestamp
    ) {
        guard let session = sessionIndex(on: connection) else { return }
        for message in retained
        where TopicFilter.matches(filter: subscription.filter, topic: message.topic) {
            deliver(message, quality: subscription.qos, toSession: session, at: now)
        }
    }

    private mutating func deliver(
        _ message: BrokerMessage, quality: MQTTQualityOfService, toSession index: Int,
        at now: Timestamp
    ) {
        var message = message
        message.qos = min(message.qos, quality)
        let connection = sessions[index].connection
        if message.qos == .atMostOnce {
            if let connection {
                send(message.packet(identifier: 0, isDuplicate: false), to: connection)
            }
            return
        }
        if !sessions[index].enqueue(message, countMax: configuration.queuedMessagesMax) {
            droppedMessages += 1
        }
        if let connection { sendWaiting(on: connection, at: now) }
    }

    /// Sends what waits for a client, as far as its window allows.
    mutating func sendWaiting(on connection: Int, at now: Timestamp) {
        guard let session = sessionIndex(on: connection) else { return }
        let inFlightMax = configuration.inFlightMax
        while let next = sessions[session].sendNext(inFlightMax: inFlightMax, at: now) {
            send(
                next.message.packet(identifier: next.packetIdentifier, isDuplicate: false),
                to: connection)
        }
    }

    /// Sends what was sent before a moment and not acknowledged again, under the same numbers.
    /// Ref: MQTT 3.1.1 §4.4.
    mutating func resend(on connection: Int, before limit: Timestamp, at now: Timestamp) {
        guard let session = sessionIndex(on: connection) else { return }
        for again in sessions[session].resend(before: limit, at: now) {
            send(
                again.message.packet(identifier: again.packetIdentifier, isDuplicate: true),
                to: connection)
        }
    }
}

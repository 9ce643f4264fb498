import MQTTProtocol
import Signals

/// What a broker knows of a client: its subscriptions, and the messages for it.
struct BrokerSession: Sendable {
    /// A message that was sent and is not acknowledged.
    struct InFlight: Sendable {
        let packetIdentifier: UInt16
        let message: BrokerMessage
        var sent: Timestamp
    }

    let clientIdentifier: [UInt8]
    /// It ends with its connection.
    let isClean: Bool
    /// The connection of its client; nil while there is none.
    var connection: Int?
    private(set) var subscriptions: [MQTTSubscription] = []
    /// Sent and not acknowledged, oldest first.
    private(set) var inFlight: [InFlight] = []
    /// Of qos 1, not sent yet, oldest first.
    private(set) var queue: [BrokerMessage] = []
    private var lastIdentifier: UInt16 = 0

    init(clientIdentifier: [UInt8], isClean: Bool) {
        self.clientIdentifier = clientIdentifier
        self.isClean = isClean
    }

    /// Takes a subscription, in the place of one with the same filter; false when there is no room.
    mutating func subscribe(_ subscription: MQTTSubscription, countMax: Int) -> Bool {
        let index = subscriptions.firstIndex { $0.filter == subscription.filter }
        if let index {
            subscriptions[index] = subscription
        } else {
            guard subscriptions.count < countMax else { return false }
            subscriptions.append(subscription)
        }
        return true
    }

    mutating func unsubscribe(_ filter: [UInt8]) {
        subscriptions.removeAll { $0.filter == filter }
    }

    /// The best qos of all filters that choose a topic; nil when none does.
    ///
    /// Overlapping filters thus bring a message once. Ref: MQTT 3.1.1 §3.3.5.
    func quality(for topic: [UInt8]) -> MQTTQualityOfService? {
        var best: MQTTQualityOfService?
        for subscription in subscriptions
        where TopicFilter.matches(filter: subscription.filter, topic: topic) {
            best = max(best ?? subscription.qos, subscription.qos)
        }
        return best
    }

    /// Lets a message wait; false when as many wait as may.
    mutating func enqueue(_ message: BrokerMessage, countMax: Int) -> Bool {
        guard queue.count < countMax else { return false }
        queue.append(message)
        return true
    }

    /// Takes the next waiting message into the window; nil when none waits or the window is full.
    mutating func sendNext(inFlightMax: Int, at now: Timestamp) -> InFlight? {
        guard !queue.isEmpty, inFlight.count < inFlightMax else { return nil }
        let next = InFlight(
            packetIdentifier: nextIdentifier(), message: queue.removeFirst(), sent: now)
        inFlight.append(next)
        return next
    }

    /// Takes a message out of the window; nil when it is not there.
    mutating func acknowledge(_ packetIdentifier: UInt16) -> InFlight? {
        let index = inFlight.firstIndex { $0.packetIdentifier == packetIdentifier }
        guard let index else { return nil }
        return inFlight.remove(at: index)
    }

    /// Notes that what was sent before `limit` is sent again, and returns it, oldest first.
    mutating func resend(before limit: Timestamp, at now: Timestamp) -> [InFlight] {
        var again: [InFlight] = []
        for index in inFlight.indices where inFlight[index].sent <= limit {
            inFlight[index].sent = now
            again.append(inFlight[index])
        }
        return again
    }

    /// The window is far smaller than there are numbers, so this ends.
    private mutating func nextIdentifier() -> UInt16 {
        repeat {
            lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
        } while inFlight.contains { $0.packetIdentifier == lastIdentifier }
        return lastIdentifier
    }
}

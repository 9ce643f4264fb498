/// Messages of qos 1 between their arrival and their acknowledgement, in the order of arrival.
///
/// Acknowledgements leave in that order too, so one that is delivered early waits.
/// Ref: MQTT 3.1.1 §4.6.
struct DeliveryWindow: Sendable {
    /// What an arrival is.
    enum Arrival: Equatable {
        case new
        /// The same message again, before it was acknowledged.
        case again
        /// As many are pending as can be.
        case full
    }

    private struct Delivery: Sendable {
        let packetIdentifier: UInt16
        let number: Int
        var isDelivered: Bool
    }

    private var pending: [Delivery] = []

    /// Whether one more can be pending.
    var hasRoom: Bool { pending.count < MQTTClient.deliveriesMax }

    func holds(_ packetIdentifier: UInt16) -> Bool {
        pending.contains { $0.packetIdentifier == packetIdentifier }
    }

    /// Takes a message that is not known yet.
    mutating func arrive(
        _ packetIdentifier: UInt16, number: Int, isDelivered: Bool = false
    ) -> Arrival {
        if holds(packetIdentifier) { return .again }
        if !hasRoom { return .full }
        pending.append(
            Delivery(packetIdentifier: packetIdentifier, number: number, isDelivered: isDelivered))
        return .new
    }

    /// A number that is not pending is an old one, and means nothing.
    mutating func deliver(_ number: Int) {
        guard let index = pending.firstIndex(where: { $0.number == number }) else { return }
        pending[index].isDelivered = true
    }

    /// The next message to acknowledge; nil when the oldest is not delivered.
    mutating func popDelivered() -> UInt16? {
        guard let first = pending.first, first.isDelivered else { return nil }
        pending.removeFirst()
        return first.packetIdentifier
    }
}

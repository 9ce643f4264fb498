/// What a client wants of its broker, in the order in which it was asked for. The client keeps both
/// lists within their limit.
struct SubscriptionBook: Sendable {
    /// A subscription that is held.
    struct Held: Sendable {
        var subscription: MQTTSubscription
        var tag: Int
        /// The broker has granted it in this form, on this connection or an earlier one.
        var wasGranted = false
    }

    /// The end of a subscription, until the broker has acknowledged it.
    struct Cancellation: Sendable {
        let filter: [UInt8]
        let tag: Int
    }

    private(set) var held: [Held] = []
    private(set) var cancellations: [Cancellation] = []

    func holds(_ filter: [UInt8]) -> Bool { index(of: filter) != nil }

    /// Holds a subscription, in the place of one with the same filter.
    mutating func hold(_ subscription: MQTTSubscription, tag: Int) {
        let entry = Held(subscription: subscription, tag: tag)
        if let index = index(of: subscription.filter) {
            held[index] = entry
        } else {
            held.append(entry)
        }
    }

    mutating func markGranted(_ filter: [UInt8], tag: Int) {
        guard let index = index(of: filter), held[index].tag == tag else { return }
        held[index].wasGranted = true
    }

    mutating func cancel(_ filter: [UInt8], tag: Int) {
        if let index = index(of: filter) { held.remove(at: index) }
        cancellations.append(Cancellation(filter: filter, tag: tag))
    }

    mutating func finishCancellation(of filter: [UInt8], tag: Int) {
        let index = cancellations.firstIndex { $0.tag == tag && $0.filter == filter }
        if let index { cancellations.remove(at: index) }
    }

    private func index(of filter: [UInt8]) -> Int? {
        held.firstIndex { $0.subscription.filter == filter }
    }
}

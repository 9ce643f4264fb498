import LinkProtocol

/// The subscriptions of a host, each at a place that it keeps.
struct SubscriptionList: Sendable {
    /// A topic filter and how sure its messages are to come.
    struct Subscription: Sendable {
        var filter: [UInt8]
        var qos: QualityOfService

        var message: HostMessage { .subscribe(topic: filter, qos: qos) }
    }

    private var places: [Subscription?] = []
    private let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    /// Every place that was ever taken, in the order of the calls.
    var indices: Range<Int> { places.indices }

    subscript(place: Int) -> Subscription? { places.indices.contains(place) ? places[place] : nil }

    /// Adds a subscription, or changes that with the same filter; its place, or nil when there is
    /// no room.
    mutating func set(_ subscription: Subscription) -> Int? {
        var free: Int?
        for place in places.indices {
            if let held = places[place] {
                guard held.filter == subscription.filter else { continue }
                places[place] = subscription
                return place
            }
            if free == nil { free = place }
        }
        if let free {
            places[free] = subscription
            return free
        }
        guard places.count < limit else { return nil }
        places.append(subscription)
        return places.count - 1
    }

    /// Forgets the subscription with a filter; false when there is none.
    mutating func remove(_ filter: [UInt8]) -> Bool {
        for place in places.indices where places[place]?.filter == filter {
            places[place] = nil
            return true
        }
        return false
    }
}

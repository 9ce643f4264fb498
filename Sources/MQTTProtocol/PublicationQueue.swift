/// Publications that are not complete, oldest first. The client keeps it within its limit.
struct PublicationQueue: Sendable {
    /// A message with what its owner calls it.
    struct Item: Sendable {
        /// Without a packet identifier: each sending has its own.
        let publish: MQTTPublish
        let tag: Int
        /// It was sent on a connection that is lost.
        var wasSent = false
    }

    private var items: [Item] = []

    var count: Int { items.count }

    var first: Item? { items.first }

    mutating func append(_ publish: MQTTPublish, tag: Int) {
        items.append(Item(publish: publish, tag: tag))
    }

    mutating func removeFirst() {
        if !items.isEmpty { items.removeFirst() }
    }

    mutating func markFirstSent() {
        if !items.isEmpty { items[0].wasSent = true }
    }
}

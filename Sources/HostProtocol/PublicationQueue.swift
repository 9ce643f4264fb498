import LinkProtocol

/// Publications that wait for their turn; the oldest can be in flight.
struct PublicationQueue: Sendable {
    /// A publication of the application's.
    struct Item: Sendable {
        var id: Int
        var publication: Publication
        /// It has been on the wire, in this session or an earlier one.
        var wasSent = false
    }

    private var items: [Item] = []
    private var isInFlight = false

    /// How many wait, the one in flight included.
    var count: Int { items.count }

    /// The publication that waits for PUBOK.
    var inFlight: Item? { isInFlight ? items.first : nil }

    /// The publication to send next; nil while one is in flight.
    var nextToSend: Item? { isInFlight ? nil : items.first }

    mutating func append(_ item: Item) { items.append(item) }

    /// The oldest one is on the wire.
    mutating func markSent() {
        guard !items.isEmpty else { return }
        items[0].wasSent = true
        isInFlight = true
    }

    /// The oldest one is done with.
    mutating func removeFirst() {
        if !items.isEmpty { items.removeFirst() }
        isInFlight = false
    }

    /// The oldest one is to be sent again.
    mutating func keepForNextSession() { isInFlight = false }

    /// Forgets all of them, and gives their calls back.
    mutating func removeAll() -> [Int] {
        defer {
            items.removeAll()
            isInFlight = false
        }
        return items.map { $0.id }
    }
}

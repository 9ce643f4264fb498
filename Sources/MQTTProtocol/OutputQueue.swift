/// What a client is about to do. It is drained before every input, so it is as long as what one
/// input causes: what its own bytes hold, and once for each thing that waits.
struct OutputQueue: Sendable {
    private var items: [MQTTClient.Output] = []
    private var head = 0

    mutating func append(_ item: MQTTClient.Output) { items.append(item) }

    mutating func popFirst() -> MQTTClient.Output? {
        guard head < items.count else { return nil }
        let item = items[head]
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        }
        return item
    }
}

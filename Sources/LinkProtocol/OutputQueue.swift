/// What a link machine is about to do. It is drained before every input, so it stays short: the
/// most that one input causes is the end of a session and the begin of the next.
struct OutputQueue: Sendable {
    private var items: [LinkMachine.Output] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }

    mutating func append(_ item: LinkMachine.Output) { items.append(item) }

    mutating func popFirst() -> LinkMachine.Output? {
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

/// Things that wait for their turn, oldest first. Whoever fills one names its bound.
///
/// What a machine is about to do waits in one: it is drained before every input, so it is as long as
/// what one input causes.
public struct WorkList<Element: Sendable>: Sendable {
    @usableFromInline var items: [Element] = []
    @usableFromInline var head = 0

    /// Nothing waits.
    @inlinable public init() {}

    /// Whether nothing waits.
    @inlinable public var isEmpty: Bool { head == items.count }
    /// How many things wait.
    @inlinable public var count: Int { items.count - head }
    /// The oldest.
    @inlinable public var first: Element? { isEmpty ? nil : items[head] }

    /// Adds one at the end.
    @inlinable public mutating func append(_ item: Element) { items.append(item) }

    /// Takes the oldest.
    @inlinable public mutating func popFirst() -> Element? {
        guard head < items.count else { return nil }
        if head == 0, items.count == 1 { return items.removeLast() }
        let item = items[head]
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= WorkList.headMax {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    /// Forgets all.
    @inlinable public mutating func removeAll() {
        items.removeAll()
        head = 0
    }

    /// The most places in front of the oldest that are kept.
    @inlinable static var headMax: Int { 1_024 }
}

/// The first elements of a list that may be longer than anyone wants to keep.
///
/// A capture of any length must fit in bounded memory, so whatever a report lists one by one is kept
/// up to a named limit, and the rest is counted.
public struct BoundedList<Element> {
    /// The most elements that are kept.
    public let limit: Int
    /// The first elements, at most ``limit``.
    public private(set) var kept: [Element] = []
    /// Elements that came after the limit was reached.
    public private(set) var omittedCount: Int64 = 0

    /// An empty list that keeps at most `limit` elements.
    public init(limit: Int) { self.limit = limit }

    /// Every element that was ever added, kept or not.
    public var count: Int64 { Int64(kept.count) + omittedCount }

    /// Adds an element, or counts it when the list is full.
    public mutating func append(_ element: Element) {
        if kept.count < limit { kept.append(element) } else { omittedCount += 1 }
    }

    /// Changes every element that was kept.
    mutating func updateKept(_ change: (inout Element) -> Void) {
        for place in kept.indices { change(&kept[place]) }
    }

    /// Changes the last element, if it was kept.
    mutating func updateLast(_ change: (inout Element) -> Void) {
        if omittedCount == 0, !kept.isEmpty { change(&kept[kept.count - 1]) }
    }
}

extension BoundedList: Equatable where Element: Equatable {}
extension BoundedList: Sendable where Element: Sendable {}

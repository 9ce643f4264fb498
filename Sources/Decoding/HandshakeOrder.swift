import Signals

/// Brings edges of one time stamp into the order that the handshake allows.
///
/// Apart from ``HandshakeOrderedSource``, which is generic, so that its loops compile for what they
/// are wherever the source is used.
struct HandshakeOrder {
    /// More edges than this of one time stamp are left as they are: no sample has so many.
    private static let groupSizeMax = 64
    /// Two rounds of the handshake; a sample that is longer says nothing of their order.
    private static let orderedGroupMax = 8

    /// The last clock edge and what its end's peer has done since, as far as it is known.
    private var state: HandshakeRule.State?
    /// Edges at the end of the last batch that may need a partner from the next one.
    private(set) var held: [Edge] = []
    /// The levels before the held edges.
    private var heldLevels = LevelSet.rest

    /// Edges are missing here: the turn is not known any more.
    mutating func forgetTurn() { state = nil }

    /// Puts the held edges in front of a batch.
    mutating func prependHeld(to batch: inout EdgeBatch) {
        batch.levels = heldLevels
        batch.edges.insert(contentsOf: held, at: 0)
        held.removeAll(keepingCapacity: true)
    }

    /// Makes the held edges a batch of their own.
    mutating func takeHeld(into batch: inout EdgeBatch) {
        batch.gap = nil
        batch.levels = heldLevels
        batch.edges.removeAll(keepingCapacity: true)
        batch.edges.append(contentsOf: held)
        held.removeAll(keepingCapacity: true)
    }

    /// Orders a batch.
    ///
    /// - Parameter mayHold: edges at its end that need a partner from the next batch are taken out
    ///   of this one and held.
    mutating func order(_ batch: inout EdgeBatch, mayHold: Bool) {
        let count = batch.edges.count
        var orderedEnd = 0
        while let group = Self.firstGroup(in: batch.edges, from: orderedEnd) {
            advance(over: batch.edges[orderedEnd..<group.lowerBound])
            let isLast = group.upperBound == count && mayHold
            if !orderGroup(group, in: &batch.edges), isLast {
                return hold(from: group.lowerBound, in: &batch)
            }
            orderedEnd = group.upperBound
        }
        guard orderedEnd < count else { return }
        advance(over: batch.edges[orderedEnd..<(count - 1)])
        if mayHold, !isAllowed(batch.edges[count - 1]) { return hold(from: count - 1, in: &batch) }
        advance(over: batch.edges[(count - 1)...])
    }

    /// The first two edges or more of one time stamp.
    private static func firstGroup(in edges: [Edge], from start: Int) -> Range<Int>? {
        var first = start
        while first + 1 < edges.count, edges[first].time != edges[first + 1].time { first += 1 }
        guard first + 1 < edges.count else { return nil }
        var end = first + 2
        while end < edges.count, edges[end].time == edges[first].time { end += 1 }
        return first..<end
    }

    /// Brings a group into an order that the handshake allows, the given one if it does; false if
    /// there is none.
    private mutating func orderGroup(_ group: Range<Int>, in edges: inout [Edge]) -> Bool {
        let given = Array(edges[group])
        let hasReset = given.contains { $0.channel == .reset }
        guard given.count <= Self.orderedGroupMax, !hasReset else {
            advance(over: edges[group])
            return true
        }
        // Where the turn is not known yet, either end may have it.
        let starts = state.map { [$0] } ?? [HandshakeRule.hostTurn, HandshakeRule.bridgeTurn]
        for start in starts {
            var ordered: [Edge] = []
            guard let end = Self.order(given, from: start, into: &ordered) else { continue }
            edges.replaceSubrange(group, with: ordered)
            state = end
            return true
        }
        advance(over: edges[group])
        return false
    }

    /// Finds the first order that the handshake allows, by trying; gives the state behind it.
    private static func order(
        _ left: [Edge], from state: HandshakeRule.State, into ordered: inout [Edge]
    ) -> HandshakeRule.State? {
        if left.isEmpty { return state }
        for (index, edge) in left.enumerated() {
            let next =
                edge.channel.isWire
                ? HandshakeRule.next(state, edge.channel.index) : state
            guard next != HandshakeRule.broken else { continue }
            var rest = left
            rest.remove(at: index)
            ordered.append(edge)
            if let end = order(rest, from: next, into: &ordered) { return end }
            ordered.removeLast()
        }
        return nil
    }

    private func isAllowed(_ edge: Edge) -> Bool {
        guard let state, edge.channel.isWire, edge.channel != .reset else { return true }
        return HandshakeRule.next(state, edge.channel.index) != HandshakeRule.broken
    }

    private mutating func hold(from first: Int, in batch: inout EdgeBatch) {
        held.append(contentsOf: batch.edges[first...])
        guard held.count <= Self.groupSizeMax else {
            held.removeAll(keepingCapacity: true)
            return
        }
        batch.edges.removeSubrange(first...)
        heldLevels = batch.levels
        for edge in batch.edges { heldLevels[edge.channel] = edge.level }
        state = nil
        advance(over: batch.edges[...])
    }

    /// The state after some edges: it depends on the last clock edge among them and what follows.
    private mutating func advance(over edges: ArraySlice<Edge>) {
        var first = edges.endIndex
        while first > edges.startIndex {
            let channel = edges[first - 1].channel
            first -= 1
            if channel == .sckout || channel == .sckin || channel == .reset { break }
        }
        for edge in edges[first...] {
            switch edge.channel {
            case .sckout: state = HandshakeRule.bridgeTurn
            case .sckin: state = HandshakeRule.hostTurn
            case .stx where state == HandshakeRule.hostTurn:
                state = HandshakeRule.hostTurnDataChanged
            case .srx where state == HandshakeRule.bridgeTurn:
                state = HandshakeRule.bridgeTurnDataChanged
            case .reset: state = nil
            default: break
            }
        }
    }
}

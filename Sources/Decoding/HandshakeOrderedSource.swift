public import Signals

/// A source whose edges of one time stamp come in the order that the handshake allows.
///
/// A sampling instrument gives several edges the same time, in an order of its own: data behind the
/// clock that announces it, or the answer before the question. Within one time stamp this source
/// brings forward whichever edge the handshake allows next; edges of different times are never
/// exchanged. A time stamp that a batch cuts in two is put together again. Everything that
/// interprets edges reads them through this source, so that all see the same order.
public struct HandshakeOrderedSource<Base: EdgeSource>: EdgeSource {
    /// More edges than this of one time stamp are left as they are: no sample has so many.
    private static var groupSizeMax: Int { 64 }
    /// Two rounds of the handshake; a sample that is longer says nothing of their order.
    private static var orderedGroupMax: Int { 8 }

    /// The source whose edges these are.
    public private(set) var base: Base
    /// The last clock edge and what its end's peer has done since, as far as it is known.
    private var state: HandshakeRule.State?
    /// Edges at the end of the last batch that may need a partner from the next one.
    private var held: [Edge] = []
    private var heldLevels = LevelSet.rest
    /// A batch that was read and must wait for the held edges.
    private var waiting: EdgeBatch?

    /// A source over another one.
    public init(_ base: Base) { self.base = base }

    /// Replaces the content of `batch` by the next run of edges; false at the end of the source.
    public mutating func read(into batch: inout EdgeBatch) throws(Base.Failure) -> Bool {
        if let next = waiting {
            batch = next
            waiting = nil
        } else {
            let hasMore = try base.read(into: &batch)
            if !held.isEmpty {
                if !hasMore || batch.gap != nil {
                    if hasMore { waiting = batch }
                    batch.gap = nil
                    batch.levels = heldLevels
                    batch.edges = held
                    held.removeAll(keepingCapacity: true)
                    order(&batch, mayHold: false)
                    return true
                }
                batch.levels = heldLevels
                batch.edges.insert(contentsOf: held, at: 0)
                held.removeAll(keepingCapacity: true)
            } else if !hasMore {
                return false
            }
        }
        if batch.gap != nil { state = nil }
        order(&batch, mayHold: true)
        return true
    }

    private mutating func order(_ batch: inout EdgeBatch, mayHold: Bool) {
        var orderedEnd = 0
        var first = 0
        let count = batch.edges.count
        while first < count {
            let time = batch.edges[first].time
            var end = first + 1
            while end < count, batch.edges[end].time == time { end += 1 }
            if end - first > 1 {
                advance(over: batch.edges[orderedEnd..<first])
                let isLast = end == count && mayHold
                if !orderGroup(first..<end, in: &batch.edges), isLast {
                    hold(from: first, in: &batch)
                    return
                }
                orderedEnd = end
            } else if end == count, mayHold {
                advance(over: batch.edges[orderedEnd..<first])
                orderedEnd = first
                if !isAllowed(batch.edges[first]) {
                    hold(from: first, in: &batch)
                    return
                }
            }
            first = end
        }
        advance(over: batch.edges[orderedEnd..<count])
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

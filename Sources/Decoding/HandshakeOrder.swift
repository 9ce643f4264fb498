import Signals

/// Brings edges of one time stamp into the order that the handshake allows.
///
/// The last time stamp of a batch may go on in the next one, so it is held back until that is
/// known: where batches end makes no difference.
///
/// Apart from ``HandshakeOrderedSource``, which is generic, so that its loops compile for what they
/// are wherever the source is used.
struct HandshakeOrder {
    /// Two rounds of the handshake; a sample that is longer says nothing of their order, and is
    /// left as it is.
    private static let groupSizeMax = 8

    /// The last clock edge and what its end's peer has done since, as far as it is known.
    private var state: HandshakeRule.State?
    /// The edges of the last time stamp, as long as it may go on in the next batch.
    private(set) var held: [Edge] = []
    /// The levels before the held edges.
    private var heldLevels = LevelSet.rest
    /// The last time stamp that had too many edges; a batch may have cut it in two.
    private var crowdedTime: Timestamp?

    /// Edges are missing here: the turn is not known any more.
    mutating func forgetTurn() { state = nil }

    /// Whether a batch shows that the time stamp of the held edges is complete.
    func isComplete(before batch: EdgeBatch) -> Bool {
        guard let last = held.last else { return false }
        if batch.gap != nil { return true }
        return batch.edges.first.map { $0.time != last.time } ?? false
    }

    /// Puts the held edges in front of a batch.
    mutating func prependHeld(to batch: inout EdgeBatch) {
        if held.isEmpty { return }
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
    /// - Parameter mayHold: the edges of its last time stamp are taken out and held.
    mutating func order(_ batch: inout EdgeBatch, mayHold: Bool) {
        let count = batch.edges.count
        var orderedEnd = 0
        while let group = Self.firstGroup(in: batch.edges, from: orderedEnd) {
            advance(over: batch.edges[orderedEnd..<group.lowerBound])
            if mayHold, group.upperBound == count, group.count <= Self.groupSizeMax {
                return hold(from: group.lowerBound, in: &batch)
            }
            orderGroup(group, in: &batch.edges)
            orderedEnd = group.upperBound
        }
        guard orderedEnd < count else { return }
        let end = mayHold ? count - 1 : count
        advance(over: batch.edges[orderedEnd..<end])
        if mayHold { hold(from: end, in: &batch) }
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

    /// Brings a group into an order that the handshake allows, the given one if it does.
    private mutating func orderGroup(_ group: Range<Int>, in edges: inout [Edge]) {
        let time = edges[group.lowerBound].time
        if group.count > Self.groupSizeMax { crowdedTime = time }
        guard time != crowdedTime, !edges[group].contains(where: { $0.channel == .reset }) else {
            return advance(over: edges[group])
        }
        let given = Array(edges[group])
        for start in starts(of: given) {
            var ordered: [Edge] = []
            guard let end = Self.order(given, from: start, into: &ordered) else { continue }
            edges.replaceSubrange(group, with: ordered)
            state = end
            return
        }
        advance(over: edges[group])
    }

    /// The states that may be the one before a group, the likeliest first.
    ///
    /// Where the turn is not known yet, either end may have it.
    private func starts(of given: [Edge]) -> [HandshakeRule.State] {
        if let state { return [state] }
        let isBridgesTurn =
            !Self.isAllowed(given, from: HandshakeRule.hostTurn)
            && Self.isAllowed(given, from: HandshakeRule.bridgeTurn)
        return isBridgesTurn
            ? [HandshakeRule.bridgeTurn] : [HandshakeRule.hostTurn, HandshakeRule.bridgeTurn]
    }

    /// Whether the handshake allows edges in the order in which they are.
    private static func isAllowed(_ edges: [Edge], from start: HandshakeRule.State) -> Bool {
        var state = start
        for edge in edges where edge.channel.isWire {
            state = HandshakeRule.next(state, edge.channel.index)
            if state == HandshakeRule.broken { return false }
        }
        return true
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
            // Where an edge that is no wire stands decides nothing: no other place is tried.
            if !edge.channel.isWire { return nil }
        }
        return nil
    }

    private mutating func hold(from first: Int, in batch: inout EdgeBatch) {
        held.append(contentsOf: batch.edges[first...])
        batch.edges.removeSubrange(first...)
        heldLevels = batch.levels
        for edge in batch.edges { heldLevels[edge.channel] = edge.level }
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

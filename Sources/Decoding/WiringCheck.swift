public import Signals

/// Looks at how the wires move, and says what may be wrong with how they are joined: exchanged, cut
/// off, without power.
///
/// Everything that a wire's edges alone can tell lives here; what the frames tell is
/// ``Legibility``'s. The two clocks of a link alternate, one edge of each, for as long as it runs; data
/// moves at most once between two edges of a clock, and mostly not at all. So the two wires that
/// alternate and move most are the clocks, whatever their names.
public struct WiringCheck: Sendable {
    /// What may be wrong.
    public enum Finding: Hashable, Sendable {
        /// No wire has moved for so long.
        case nothingMoves(Nanoseconds)
        /// `reset` has been low for so long.
        case resetIsLow(Nanoseconds)
        /// A wire never moves, and another one does.
        case neverMoves(Channel, although: Channel)
        /// One wire should be a clock and is not, the other is one and should not be.
        case exchanged(clock: Channel, isSilent: Bool, movesLikeClock: Channel)
        /// The two data wires move like clocks, and the clocks do not.
        case clocksAreData
    }

    /// Edges of each wire.
    private var counts: [Int64] = Array(repeating: 0, count: wireCount)
    /// For two wires a < b, how often an edge of one followed an edge of the other, others left out.
    private var alternations: [Int64] = Array(repeating: 0, count: wireCount * wireCount)
    /// Which of two wires moved last: bit b of place a, for a < b, is 1 if it was b.
    private var lastMoved: [UInt32] = Array(repeating: 0, count: wireCount)
    private var edgeCount: Int64 = 0
    private var lastEdge: Timestamp
    private var resetFell: Timestamp?

    private static let wireCount = 5
    /// So many edges of a clock are no start sequence any more.
    private static let clockEdgesMin: Int64 = 64
    /// Two clocks alternate in so many of a hundred edges; missing edges may spoil the rest.
    private static let alternationPercentMin: Int64 = 95
    /// So many edges tell how wires move; later ones only keep the time.
    private static let edgesMax: Int64 = 100_000
    /// A wire that is at rest for so long is at rest.
    public static let quietMin = Nanoseconds.seconds(5)

    /// A check that has seen nothing yet.
    public init(start: Timestamp, levels: LevelSet) {
        lastEdge = start
        resetFell = levels[.reset] == .low ? start : nil
    }

    /// Takes the next run of edges.
    public mutating func take(_ batch: EdgeBatch) {
        guard let last = batch.edges.last else { return }
        lastEdge = last.time
        if edgeCount < Self.edgesMax {
            for edge in batch.edges where edge.channel.isWire { count(Int(edge.channel.index)) }
            edgeCount += Int64(batch.edges.count)
        }
        guard let moved = batch.edges.last(where: { $0.channel == .reset }) else { return }
        resetFell = moved.level == .low ? moved.time : nil
    }

    private mutating func count(_ wire: Int) {
        counts[wire] += 1
        for other in 0..<Self.wireCount where other != wire {
            let (low, high) = (min(wire, other), max(wire, other))
            let bit: UInt32 = 1 << UInt32(high)
            let wasHigh = lastMoved[low] & bit != 0
            if wasHigh != (wire == high) { alternations[low * Self.wireCount + high] += 1 }
            if wire == high { lastMoved[low] |= bit } else { lastMoved[low] &= ~bit }
        }
    }

    /// What may be wrong, as far as it shows at a moment that is not before the last edge; nothing
    /// where too little was seen.
    public func findings(at now: Timestamp) -> [Finding] {
        var findings: [Finding] = []
        let quiet = now - lastEdge
        if quiet >= Self.quietMin { findings.append(.nothingMoves(quiet)) }
        if let resetFell, now - resetFell >= Self.quietMin {
            findings.append(.resetIsLow(now - resetFell))
        }
        return findings + misjoined
    }

    /// What may be wrong with how the wires are joined, whatever time has passed.
    public var misjoined: [Finding] {
        guard let clocks else { return silentClock }
        let expected = [Int(Channel.sckout.index), Int(Channel.sckin.index)]
        let strange = clocks.filter { !expected.contains($0) }
        let missing = expected.filter { !clocks.contains($0) }
        switch (strange.count, missing.first, strange.first) {
        case (1, let clock?, let other?):
            return [
                .exchanged(
                    clock: Self.channel(clock), isSilent: counts[clock] == 0,
                    movesLikeClock: Self.channel(other))
            ]
        case (2, _, _): return [.clocksAreData]
        default: return []
        }
    }

    /// The two wires that move like clocks, if two do.
    private var clocks: [Int]? {
        var best: (pair: [Int], edges: Int64)?
        for low in 0..<Self.wireCount {
            for high in (low + 1)..<Self.wireCount {
                let edges = counts[low] + counts[high]
                let alternating = alternations[low * Self.wireCount + high]
                guard min(counts[low], counts[high]) >= Self.clockEdgesMin,
                    alternating * 100 >= edges * Self.alternationPercentMin
                else { continue }
                // Of equally many the clocks: data that changes with every bit alternates too.
                let isExpected = low == Channel.sckout.index && high == Channel.sckin.index
                if edges > best?.edges ?? 0 || isExpected && edges == best?.edges {
                    best = ([low, high], edges)
                }
            }
        }
        return best?.pair
    }

    /// A clock that never moves although the other one, or all the rest, does.
    private var silentClock: [Finding] {
        let pairs: [(Channel, Channel)] = [(.sckin, .sckout), (.sckout, .sckin)]
        for (silent, moving) in pairs
        where counts[Int(silent.index)] == 0
            && counts[Int(moving.index)] >= Self.clockEdgesMin
        {
            return [.neverMoves(silent, although: moving)]
        }
        return []
    }

    private static func channel(_ index: Int) -> Channel { Channel(masking: UInt8(index)) }
}

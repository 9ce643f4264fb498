import Signals
import Simulation

/// Which edges get lost or disturbed, decided by their numbers alone.
///
/// Edges are numbered from 1 on, over all wires in the order in which they come, so that a run of
/// neighbours can span wires. The same plan and seed decide the same for the same edges.
struct FaultPlan: Sendable {
    /// What becomes of an edge.
    enum Verdict: Hashable, Sendable {
        case pass
        case lose
        /// It passes, and a pulse follows.
        case glitch
    }

    /// Which edges are lost.
    enum Losses: Sendable {
        case none
        /// Every edge whose number is a multiple.
        case every(Int)
        /// These numbers, in ascending order.
        case numbers([ClosedRange<Int>])
        /// Runs of 1 to 3 neighbours, a run in about so many edges.
        case runs(about: Int, seed: UInt64)
    }

    /// The longest run of neighbours.
    static var runLengthMax: Int { 3 }

    /// The number of edges that have been decided on.
    private(set) var count = 0

    private let losses: Losses
    private let glitchEvery: Int?
    private var random: SeededRandom
    /// The next run of edges that are lost.
    private var run: ClosedRange<Int>?
    private var rest: ArraySlice<ClosedRange<Int>> = []

    /// - Parameter glitchEvery: a pulse follows every edge whose number is a multiple, unless the
    ///   edge is lost.
    init(losses: Losses = .none, glitchEvery: Int? = nil) {
        self.losses = losses
        self.glitchEvery = glitchEvery
        random = SeededRandom(seed: 0)
        switch losses {
        case .none, .every: break
        case .numbers(let ranges):
            rest = ranges[...]
            run = rest.popFirst()
        case .runs(_, let seed):
            random = SeededRandom(seed: seed)
            run = randomRun(after: 0)
        }
    }

    /// Decides on the next edge.
    mutating func next() -> Verdict {
        count += 1
        if isLost(count) { return .lose }
        if let glitchEvery, count % glitchEvery == 0 { return .glitch }
        return .pass
    }

    private mutating func isLost(_ number: Int) -> Bool {
        if case .every(let step) = losses { return number % step == 0 }
        while let run, run.upperBound < number {
            if case .runs = losses {
                self.run = randomRun(after: run.upperBound)
            } else {
                self.run = rest.popFirst()
            }
        }
        return run?.contains(number) ?? false
    }

    /// At least one edge passes between two runs, so that they stay apart.
    private mutating func randomRun(after number: Int) -> ClosedRange<Int> {
        guard case .runs(let about, _) = losses else { return number...number }
        let length = random.number(in: 1...Self.runLengthMax)
        let first = number + 2 + random.below(max(1, 2 * about - 2 * length - 1))
        return first...(first + length - 1)
    }
}

extension FaultPlan {
    /// Numbers and ranges, ascending and apart: `12,15-17`; nil if they are not.
    static func numbers(_ text: String) -> [ClosedRange<Int>]? {
        var ranges: [ClosedRange<Int>] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = Int(ends[0]), let last = Int(ends[ends.count - 1]),
                first > ranges.last?.upperBound ?? 0, last >= first
            else { return nil }
            ranges.append(first...last)
        }
        return ranges
    }
}

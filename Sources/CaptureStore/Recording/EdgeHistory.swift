// What has just been: the edges that a trigger looks back on, in bounded memory.

public import Signals

/// The last edges of a source: those of a span of time, and never more than so many.
///
/// Edges are kept in runs whose arrays go round, so that none is allocated for an edge.
public struct EdgeHistory {
    /// How long edges are kept.
    public let span: Nanoseconds
    /// The most edges that are kept. A gap counts as ``gapCost`` of them.
    public let edgesMax: Int
    /// The first moment from which on nothing is forgotten.
    public private(set) var start: Timestamp
    /// The number of all edges ever taken.
    public private(set) var edgeCount: Int64 = 0

    private var runs: [Run] = []
    /// How many of the runs at the beginning are forgotten already.
    private var head = 0
    /// The number of the first run that is left in `runs`, forgotten or not.
    private var firstNumber = 0
    private var cost = 0
    /// The levels behind the last edge.
    private var levels: LevelSet
    /// Emptied arrays.
    private var spare: [[Edge]] = []

    private struct Run {
        var gap: Gap?
        var levels: LevelSet
        var edgesBefore: Int64
        var edges: [Edge]

        var end: Timestamp { edges.last?.time ?? gap?.end ?? .earliest }
        var cost: Int { edges.count + (gap == nil ? 0 : EdgeHistory.gapCost) }
    }

    /// What a gap costs, in edges: it begins a run.
    public static let gapCost = 64
    /// Edges of a run, unless more come at once.
    private static let runLength = 4096
    private static let spareMax = 16

    /// A place between two edges, from which on they are read.
    struct Place: Hashable {
        fileprivate var run: Int
        fileprivate var edge: Int
        /// The gap before the run was read.
        fileprivate var isBehindGap = false
    }

    /// A history that begins now.
    ///
    /// - Parameters:
    ///   - start: the first moment at which the levels are known.
    ///   - levels: the levels at that moment.
    public init(span: Nanoseconds, edgesMax: Int, start: Timestamp, levels: LevelSet) {
        self.span = span
        self.edgesMax = max(1, edgesMax)
        self.start = start
        self.levels = levels
    }

    /// The number of edges that were taken and are forgotten.
    public var forgottenEdges: Int64 {
        head < runs.count ? runs[head].edgesBefore : edgeCount
    }

    /// Takes the next run of edges. What is too old or too much goes when it is told to ``forget(at:)``.
    public mutating func append(_ batch: EdgeBatch) {
        if batch.edges.isEmpty, batch.gap == nil { return }
        let before = cost
        if batch.gap == nil, let last = runs.indices.last, last >= head,
            runs[last].edges.count + batch.edges.count <= Self.runLength
        {
            runs[last].edges.append(contentsOf: batch.edges)
        } else {
            var edges = spare.popLast() ?? []
            edges.append(contentsOf: batch.edges)
            runs.append(
                Run(gap: batch.gap, levels: batch.levels, edgesBefore: edgeCount, edges: edges))
        }
        cost = before + batch.edges.count + (batch.gap == nil ? 0 : Self.gapCost)
        edgeCount += Int64(batch.edges.count)
        levels = batch.levels
        // Every edge turns its wire: an odd number of them is one.
        for edge in batch.edges { levels[edge.channel] = edge.level }
    }

    /// Forgets the runs that are older than ``span``, and more if there are too many edges.
    public mutating func forget(at now: Timestamp) { forget(at: now, keeping: nil) }

    /// Forgets as ``forget(at:)`` does, and nothing from a place on.
    mutating func forget(at now: Timestamp, keeping place: Place?) {
        let horizon = now - span
        // The last run stays, whatever it is: it is what has just come.
        let kept = min(runs.count - 1, place.map { $0.run - firstNumber } ?? .max)
        while head < kept, runs[head].end < horizon || cost > edgesMax {
            start = max(start, runs[head].end + Nanoseconds(1))
            cost -= runs[head].cost
            if spare.count < Self.spareMax {
                var edges: [Edge] = []
                swap(&edges, &runs[head].edges)
                edges.removeAll(keepingCapacity: true)
                spare.append(edges)
            } else {
                runs[head].edges = []
            }
            head += 1
        }
        guard head > 64, head > runs.count / 2 else { return }
        runs.removeFirst(head)
        firstNumber += head
        head = 0
    }

    // MARK: Reading

    /// The place of the first edge at or after a moment, with the levels there and the number of
    /// all edges before it.
    func place(
        at time: Timestamp
    ) -> (place: Place, levels: LevelSet, edgesBefore: Int64) {
        for index in head..<max(head, runs.count) where runs[index].end >= time {
            let run = runs[index]
            var levels = run.levels
            let first = run.edges.firstIndex { $0.time >= time } ?? run.edges.endIndex
            for edge in run.edges[..<first] { levels[edge.channel] = edge.level }
            let isBehindGap = first > 0 || (run.gap.map { $0.end < time } ?? true)
            if !isBehindGap {
                levels = self.levelsBefore(run: index)
            }
            return (
                Place(run: firstNumber + index, edge: first, isBehindGap: isBehindGap), levels,
                run.edgesBefore + Int64(first)
            )
        }
        // What comes next may still join the last run.
        guard let last = runs.last else {
            return (Place(run: firstNumber, edge: 0), levels, edgeCount)
        }
        return (
            Place(
                run: firstNumber + runs.count - 1, edge: last.edges.count, isBehindGap: true),
            levels, edgeCount
        )
    }

    /// The number of all edges up to a moment, that moment included.
    func edgesBefore(after time: Timestamp) -> Int64 {
        for index in head..<max(head, runs.count) where runs[index].end > time {
            let first = runs[index].edges.firstIndex { $0.time > time }
            return runs[index].edgesBefore + Int64(first ?? runs[index].edges.count)
        }
        return edgeCount
    }

    private func levelsBefore(run index: Int) -> LevelSet {
        guard index > head else { return runs[index].levels }
        var levels = runs[index - 1].levels
        for edge in runs[index - 1].edges { levels[edge.channel] = edge.level }
        return levels
    }

    /// Replaces the content of `batch` by the next edges behind a place, up to a moment and that
    /// moment included, and goes there; false when there are none.
    func read(
        from place: inout Place, through end: Timestamp, into batch: inout EdgeBatch
    ) -> Bool {
        while true {
            let index = place.run - firstNumber
            guard index >= head, index < runs.count else { return false }
            let isWithGap = !place.isBehindGap && runs[index].gap != nil
            if isWithGap, let gap = runs[index].gap, gap.start > end { return false }
            let edges = runs[index].edges
            let first = place.edge
            let isWhole = edges.last.map { $0.time <= end } ?? true
            let stop =
                isWhole
                ? edges.endIndex
                : edges[first...].firstIndex { $0.time > end } ?? edges.endIndex
            place.isBehindGap = true
            if first == stop, !isWithGap {
                guard isWhole, index + 1 < runs.count else { return false }
                place = Place(run: place.run + 1, edge: 0)
                continue
            }
            batch.gap = isWithGap ? runs[index].gap : nil
            batch.levels = runs[index].levels
            for edge in edges[..<first] { batch.levels[edge.channel] = edge.level }
            batch.edges.removeAll(keepingCapacity: true)
            batch.edges.append(contentsOf: edges[first..<stop])
            place.edge = stop
            return true
        }
    }
}

import Signals

/// The time that at least one of many stretches covers, from stretches about in the order of their
/// ends: frames of both ends, or gaps.
///
/// A long stretch can span many short ones that were known before it, so the latest are kept and
/// merged; those that no other can reach any more only count.
struct TimeUnion {
    /// Kept stretches; beyond this the oldest are closed.
    static let stretchesMax = 4_096

    private struct Stretch {
        var start: Timestamp
        var end: Timestamp
    }

    private var closed: Int64 = 0
    private var open: [Stretch] = []

    /// The length of the union of all stretches so far.
    var total: Nanoseconds {
        Nanoseconds(open.reduce(closed) { $0 + ($1.end - $1.start).count })
    }

    mutating func add(from start: Timestamp, to end: Timestamp) {
        guard end > start else { return }
        var merged = Stretch(start: start, end: end)
        var later: [Stretch] = []
        while let last = open.last, last.end >= merged.start {
            open.removeLast()
            if last.start > merged.end {
                later.append(last)
            } else {
                merged.start = min(merged.start, last.start)
                merged.end = max(merged.end, last.end)
            }
        }
        open.append(merged)
        open.append(contentsOf: later.reversed())
        if open.count > Self.stretchesMax { closeOldest() }
    }

    private mutating func closeOldest() {
        let count = Self.stretchesMax / 2
        for stretch in open.prefix(count) { closed += (stretch.end - stretch.start).count }
        open.removeFirst(count)
    }
}

import Signals

/// Edges that have not reached the other end of a cable, in the order in which they will.
struct PendingEdges {
    struct Entry: Hashable, Sendable {
        /// On the clock of the cable, in nanoseconds.
        var due: Int64
        var wire: Int
        var level: Level
    }

    /// The most that can wait.
    static var countMax: Int { 65_536 }

    private var entries: [Entry] = []
    private var first = 0

    /// When the first of them is due.
    var nextDue: Int64? { first < entries.count ? entries[first].due : nil }

    /// Adds one that is due no earlier than those before.
    mutating func append(_ entry: Entry) throws(LabError) {
        guard entries.count - first < Self.countMax else {
            throw .tooManyPending(limit: Self.countMax)
        }
        if first > Self.countMax {
            entries.removeFirst(first)
            first = 0
        }
        entries.append(entry)
    }

    /// Takes the first one out if it is due.
    mutating func takeFirst(dueBy now: Int64) -> Entry? {
        guard let due = nextDue, due <= now else { return nil }
        first += 1
        return entries[first - 1]
    }
}

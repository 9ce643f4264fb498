public import Signals

/// How an application's clock and that of a capture belong together, found from what both know: the
/// bridge's statuses.
///
/// The host tells its application a status after the status's frame has ended, and mostly soon. So
/// the difference between an entry's time and its frame's end is the clocks' offset and a short
/// delay; true pairs crowd in a narrow span of differences, and false ones are anywhere. The
/// smallest difference of the crowd is taken for the offset, so that no status is told before its
/// frame has ended: the host's shortest delay, which nobody can know, counts as none.
public struct LogAlignment: Equatable, Sendable {
    /// A status at a time, by whichever clock.
    public struct Moment: Hashable, Sendable {
        /// When.
        public var time: Timestamp
        /// The status's number.
        public var status: UInt8

        /// A status at a time.
        public init(time: Timestamp, status: UInt8) {
            self.time = time
            self.status = status
        }
    }

    /// Why no offset can be found.
    public enum Fault: Error, Equatable, Sendable {
        /// The log tells of no status that crosses the wire.
        case noStatusInLog
        /// The capture shows no whole status frame.
        case noStatusOnWire
        /// Most statuses have no partner at any offset.
        case noMatch(found: Int, of: Int)
        /// Two offsets are equally good, or nearly.
        case ambiguous(Nanoseconds, Nanoseconds)
    }

    /// How far the log's clock is ahead: time of the capture = time of the log - offset.
    public private(set) var offset: Nanoseconds
    /// From the shortest delay of a status to the longest.
    public private(set) var spread: Nanoseconds
    /// Half of the statuses are told within this, the shortest delay counting as none.
    public private(set) var median: Nanoseconds
    /// How many statuses of the log have a frame.
    public private(set) var matchedCount: Int
    /// How many statuses the log has that cross the wire.
    public private(set) var statusCount: Int

    /// A status that is told later than this after the first of the crowd is another one.
    static let delayMax = Nanoseconds.milliseconds(250)
    /// The crowd's begin may be missed by this, or by the crowd's own width if that is more.
    static let slackMin = Nanoseconds.milliseconds(5)
    /// The most pairs of an entry and a frame that are looked at.
    static let pairsMax = 1 << 20
    /// The most entries that look for their frame in the search.
    static let sampleMax = 1_024
    /// A crowd must hold this share of the statuses that could be in it: one in so many.
    static let matchedShareInverse = 2

    /// Finds the offset of a log; both lists are in order of time.
    public init(log: [Moment], wire: [Moment]) throws(Fault) {
        guard !log.isEmpty else { throw .noStatusInLog }
        guard !wire.isEmpty else { throw .noStatusOnWire }
        let search = LogAlignmentSearch(log: log, wire: wire)
        let possible = min(search.sampleCount, wire.count)
        guard let best = search.best, best.count * Self.matchedShareInverse >= possible else {
            throw .noMatch(found: search.best?.count ?? 0, of: possible)
        }
        if let other = search.rival(of: best) {
            throw .ambiguous(Nanoseconds(best.start), Nanoseconds(other.start))
        }
        let delays = Self.delays(log: log, wire: wire, crowd: best)
        guard let shortest = delays.first, let longest = delays.last else {
            throw .noMatch(found: 0, of: possible)
        }
        // A moment more, so that the fastest status, too, comes behind its frame's last edge.
        offset = Nanoseconds(shortest - 1)
        spread = Nanoseconds(longest - shortest)
        median = Nanoseconds(delays[delays.count / 2] - shortest)
        matchedCount = delays.count
        statusCount = log.count
    }

    /// The differences of the pairs, rising. Order is kept: no two pairs cross.
    private static func delays(
        log: [Moment], wire: [Moment], crowd: LogAlignmentSearch.Crowd
    ) -> [Int64] {
        let lowest = crowd.start - max(slackMin.count, crowd.end - crowd.start)
        let highest = crowd.start + delayMax.count
        var delays: [Int64] = []
        var first = 0
        for entry in log {
            // Frames too old for this entry are too old for all that follow.
            while first < wire.count, entry.time.difference(to: wire[first].time) > highest {
                first += 1
            }
            // The latest frame that can be meant: the delay is short as a rule.
            var found: Int?
            var place = first
            while place < wire.count, entry.time.difference(to: wire[place].time) >= lowest {
                if wire[place].status == entry.status { found = place }
                place += 1
            }
            guard let found else { continue }
            delays.append(entry.time.difference(to: wire[found].time))
            first = found + 1
        }
        return delays.sorted()
    }
}

extension Timestamp {
    /// Nanoseconds from another moment, of which neither is out of range.
    func difference(to other: Timestamp) -> Int64 { nanoseconds - other.nanoseconds }
}

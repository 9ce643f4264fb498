import Signals

/// When each edge of a capture is played: as in the capture, but no faster than the lines take it.
///
/// What comes too soon after the edge before on its line waits, and with it all that follows: order
/// and distances stay, and the whole becomes longer.
struct PlaySchedule {
    /// How much longer it has become by waiting, in nanoseconds.
    private(set) var stretchNanoseconds: Int64 = 0

    private let origin: Timestamp
    private let speed: Double
    private let spacingNanoseconds: Int64
    /// When the last edge of each line was played; nil before its first one.
    private var last: [Int64?]

    /// - Parameters:
    ///   - origin: the moment of the capture that is played at once.
    ///   - speed: 2 plays in half the time; above 0.
    ///   - rateMax: edges a second on a line at most; above 0.
    init(lineCount: Int, origin: Timestamp, speed: Double = 1, rateMax: Double) {
        self.origin = origin
        self.speed = speed
        spacingNanoseconds = Int64((1e9 / rateMax).rounded(.up))
        last = Array(repeating: nil, count: lineCount)
    }

    /// The moment at which an edge is due, in nanoseconds after the start.
    ///
    /// Call it with the edges in their order; each time tell by ``played(line:at:)`` when it was.
    mutating func due(line: Int, time: Timestamp) -> Int64 {
        let wanted =
            Int64((Double((time - origin).count) / speed).rounded()) + stretchNanoseconds
        guard let last = last[line], last + spacingNanoseconds > wanted else { return wanted }
        stretchNanoseconds += last + spacingNanoseconds - wanted
        return last + spacingNanoseconds
    }

    /// Tells when an edge was played, which can be later than it was due.
    mutating func played(line: Int, at nanoseconds: Int64) { last[line] = nanoseconds }
}

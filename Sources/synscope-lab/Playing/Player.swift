import CaptureStore
import Signals

/// Moves lines as a capture says.
struct Player {
    private(set) var edgeCount: Int64 = 0
    private(set) var latenessMaxNanoseconds: Int64 = 0
    private(set) var schedule: PlaySchedule

    private var lines: FaultyLines<SimulatedLine>
    /// The line of each channel by its index; nil for one that is not played.
    private let lineOfChannel: [Int?]
    private let begin: Int64
    private let clock = MonotonicClock()
    private var nextNote: Int64
    private static var noteIntervalNanoseconds: Int64 { 5_000_000_000 }

    /// - Parameter begin: the moment at which the schedule starts.
    init(
        lines: FaultyLines<SimulatedLine>, map: WireMap, schedule: PlaySchedule, begin: Int64
    ) {
        self.lines = lines
        self.schedule = schedule
        self.begin = begin
        var lineOfChannel = [Int?](repeating: nil, count: Channel.countMax)
        for (line, entry) in map.entries.enumerated() {
            lineOfChannel[Int(entry.channel.index)] = line
        }
        self.lineOfChannel = lineOfChannel
        nextNote = begin + Self.noteIntervalNanoseconds
    }

    /// How long it has been playing, in nanoseconds.
    var elapsedNanoseconds: Int64 { clock.now() - begin }

    /// Plays the edges of a batch; false if somebody wants it to end.
    mutating func play(_ edges: [Edge]) throws(LabError) -> Bool {
        for edge in edges {
            guard let line = lineOfChannel[Int(edge.channel.index)] else { continue }
            let due = begin + schedule.due(line: line, time: edge.time)
            clock.sleep(until: due)
            if EndRequest.isThere { return false }
            let now = clock.now()
            latenessMaxNanoseconds = max(latenessMaxNanoseconds, now - due)
            schedule.played(line: line, at: now - begin)
            try lines.pass(line: line, to: edge.level, captureTime: edge.time)
            edgeCount += 1
            if now >= nextNote { note(edge, at: now) }
        }
        return true
    }

    private mutating func note(_ edge: Edge, at now: Int64) {
        nextNote = now + Self.noteIntervalNanoseconds
        Console.note(
            "synscope-lab: \(edgeCount) edges, up to \(edge.time.nanoseconds / 1_000_000) ms of "
                + "the capture, after \((now - begin) / 1_000_000) ms")
    }
}

import ArgumentParser
import CaptureStore
import Signals

/// Plays a capture onto lines.
struct PlayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play",
        abstract: "Move the lines of a simulated chip as a capture says.",
        discussion: """
            synscope-lab play trace.syn --chip host
            synscope-lab play trace.syn --chip bridge --speed 0.5 --drop-runs 200 --log lost.jsonl

            The lines first take the levels of the capture's begin. Channels go to the lines of \
            their names, by the host's or the bridge's name. Edges keep their order and, as far as \
            --rate allows, their distances.
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Option(help: "The label of the chip.")
    var chip: String

    @Option(help: "Other lines for some channels: stx=mrx,srx=3,reset=none.")
    var map: String?

    @Option(help: "2 plays in half the time.")
    var speed = 1.0

    @Option(help: "Edges a second on a line at most; what comes faster is stretched.")
    var rate = 1_000.0

    @Option(help: "Begin here, in seconds of the capture.")
    var from: Double?

    @Option(help: "End before here, in seconds of the capture.")
    var to: Double?

    @Option(help: "First wait until a program has requested all lines, at most so many seconds.")
    var wait: Double?

    @Option(help: "Seconds between the first levels and the capture's begin.")
    var lead = 0.1

    @OptionGroup(title: "Faults")
    var faults: FaultOptions

    /// Times on the command line are within 30 years.
    private static var secondsMax: Double { 1e9 }

    func validate() throws {
        guard (0.001...1e6).contains(speed), (0.1...1e6).contains(rate) else {
            throw ValidationError("--speed is 0.001 to 1,000,000, --rate 0.1 to 1,000,000")
        }
        for seconds in [from, to, wait, lead] {
            guard abs(seconds ?? 0) < Self.secondsMax else {
                throw ValidationError("a time is too far away")
            }
        }
    }

    func run() throws {
        EndRequest.install()
        let capture = try Capture(opening: capture)
        let chip = try SimulatedChip(label: chip)
        let map = try WireMap(map, channels: capture.channels) { chip.number(of: $0) != nil }
        let outputs = try map.entries.map { try chip.line($0.line) }
        let log = try faults.openLog()
        var source =
            if from != nil || to != nil {
                try capture.edges(from: from?.timestamp ?? .earliest, to: to?.timestamp)
            } else {
                try capture.edges()
            }
        var batch = EdgeBatch(levels: capture.initialLevels)
        var isThere = try source.read(into: &batch)
        var lines = try faults.lines(outputs, log: log)
        try lines.begin(at: map.entries.map { batch.levels[$0.channel] })
        if let wait { try waitForUse(of: outputs, atMost: wait) }
        var levels = batch.levels
        let origin = max(from?.timestamp ?? .earliest, capture.observationStart)
        var player = Player(
            lines: lines, map: map,
            schedule: PlaySchedule(
                lineCount: outputs.count, origin: origin, speed: speed, rateMax: rate),
            begin: MonotonicClock().now() + Int64(max(0, lead) * 1e9))
        while isThere {
            let jumps = edges(from: levels, to: batch)
            guard try player.play(jumps), try player.play(batch.edges) else { break }
            levels = batch.levels
            for edge in batch.edges { levels[edge.channel] = edge.level }
            isThere = try source.read(into: &batch)
        }
        try log.flush()
        Console.note(
            "synscope-lab: played \(player.edgeCount) edges in "
                + "\(player.elapsedNanoseconds / 1_000_000) ms, "
                + "\(player.schedule.stretchNanoseconds / 1_000_000) ms of it because of --rate; "
                + "at most \(player.latenessMaxNanoseconds / 1_000) us late; \(log.summary)")
    }

    /// Behind a gap the levels can be others than before it.
    private func edges(from levels: LevelSet, to batch: EdgeBatch) -> [Edge] {
        guard let gap = batch.gap, levels != batch.levels else { return [] }
        return (0..<Channel.countMax).compactMap { index in
            let channel = Channel(masking: UInt8(index))
            guard levels[channel] != batch.levels[channel] else { return nil }
            return Edge(time: gap.end, channel: channel, level: batch.levels[channel])
        }
    }

    private func waitForUse(of lines: [SimulatedLine], atMost seconds: Double) throws {
        let clock = MonotonicClock()
        let end = clock.now() + Int64(seconds * 1e9)
        while !EndRequest.isThere {
            let idle = try lines.filter { try !$0.isInUse() }
            if idle.isEmpty { return }
            guard clock.now() < end else { throw LabError.notInUse(lines: idle.map(\.name)) }
            clock.sleep(until: clock.now() + 10_000_000)
        }
    }
}

extension Double {
    /// Seconds as a moment of a capture.
    fileprivate var timestamp: Timestamp { Timestamp(nanoseconds: Int64((self * 1e9).rounded())) }
}

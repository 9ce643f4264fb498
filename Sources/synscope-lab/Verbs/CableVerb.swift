import ArgumentParser
import Signals

/// A patch cable between chips.
struct CableVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cable",
        abstract: "Connect lines of simulated chips: each second line follows the one before it.",
        discussion: """
            synscope-lab cable host:stx bridge:mrx host:sckout bridge:mckin

            Says "connected" on standard output when the lines follow, and ends with SIGTERM, \
            SIGINT or --for. Edges that a delayed cable still holds then are lost. A line that \
            nobody drives follows what drives it from outside: so a cable can also tap a line, or \
            go on from one.
            """)

    @Argument(help: "Pairs of LABEL:LINE, from and to.")
    var lines: [LineAddress]

    @Option(help: "How much later a line follows, in microseconds.")
    var delay = 0

    @Option(name: .customLong("for"), help: "End after so many seconds.")
    var duration: Double?

    @OptionGroup(title: "Faults")
    var faults: FaultOptions

    func validate() throws {
        guard lines.count >= 2, lines.count.isMultiple(of: 2) else {
            throw ValidationError("give pairs of lines: FROM TO")
        }
        guard lines.count <= LevelWait.countMax else {
            throw ValidationError("a cable has \(LevelWait.countMax / 2) wires at most")
        }
        guard (0...10_000_000).contains(delay) else {
            throw ValidationError("--delay is 0 to 10,000,000 us")
        }
        guard (0...1e6).contains(duration ?? 0) else {
            throw ValidationError("--for is 0 to 1,000,000 s")
        }
    }

    func run() throws {
        EndRequest.install()
        let found = try lines.map { try $0.find() }
        let sources = stride(from: 0, to: found.count, by: 2).map { found[$0] }
        let targets = stride(from: 1, to: found.count, by: 2).map { found[$0] }
        if !Priority.raise() {
            Console.note("synscope-lab: no priority over other programs; edges may merge unseen")
        }
        let log = try faults.openLog()
        let seen = try sources.map { try $0.level() }
        // Something is connected to them from now on, so that no program's bias can move them.
        for target in targets { try target.drive(target.level()) }
        var followers = try faults.lines(targets, log: log)
        try followers.begin(at: seen)
        var cable = Cable(
            sources: sources, targets: followers, seen: seen,
            delayNanoseconds: Int64(delay) * 1_000)
        Console.print("connected")
        let end = duration.map { MonotonicClock().now() + Int64($0 * 1e9) }
        try cable.run(until: end)
        try log.flush()
        Console.note("synscope-lab: \(log.summary)")
    }
}

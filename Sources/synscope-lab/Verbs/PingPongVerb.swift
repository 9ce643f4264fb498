#if GPIO
import ArgumentParser
import GPIOTransport
import LivePorts
import Signals

/// One end of a ping-pong between two chips.
struct PingPongVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pingpong",
        abstract: "Play one end of a ping-pong of two clocks, and measure round trips.",
        discussion: """
            synscope-lab pingpong --end bridge --chip bridge &
            synscope-lab pingpong --end host --chip host

            A cable must join the chips. Each end turns its clock when the other has turned its own, as \
            the link does for each bit. By libgpiod alone, or with the port of a live end.
            """)

    enum End: String, ExpressibleByArgument, CaseIterable { case host, bridge }

    @Option(help: "host begins, bridge answers.")
    var end: End

    @Option(help: "The chip, whose lines have the end's names.")
    var chip: String

    @Option(help: "Round trips, an even number.")
    var count = 10_000

    @Option(help: "What is on the data wires: none (not looked at), zeros, random.")
    var bits = PingPongBits.none

    @Option(help: "Without a port: sleep for events, or look again and again (spin, yield).")
    var waiting = BareWires.Waiting.events

    @Flag(help: "Through the port of a live end.")
    var withPort = false

    @Option(help: "With a port: how long it looks before it sleeps, in microseconds.")
    var spin: Int?

    @Option(help: "With a port: a line that is high as long as it is played.")
    var lamp: String?

    func validate() throws {
        guard (2...100_000_000).contains(count), count.isMultiple(of: 2) else {
            throw ValidationError("--count is an even number, 2 to 100,000,000")
        }
        guard (0...1_000_000).contains(spin ?? 0) else {
            throw ValidationError("--spin is 0 to 1,000,000 us")
        }
    }

    func run() throws {
        let end: LinkEnd = self.end == .host ? .host : .bridge
        let lamps = lamp.map { [GPIOPortPlan.NamedLamp(.heartbeat, line: $0)] } ?? []
        let plan = try GPIOPortPlan(
            end: end, wires: GPIOPortPlan.wiresByName(of: end), lamps: lamps, chip: chip)
        if withPort {
            let usual = GPIOPort.usualSpinNanoseconds
            let port = try GPIOPort(plan, spinNanoseconds: spin.map { UInt64($0) * 1_000 } ?? usual)
            defer { port.close() }
            try port.show(.heartbeat, .high)
            if end == .host { try pulseReset(of: port) }
            try play(PortWires(port), end: end)
        } else {
            try play(BareWires(plan, waiting: waiting), end: end)
        }
    }

    /// As a host begins; nobody starts anew here.
    private func pulseReset(of port: GPIOPort) throws {
        try port.drive(.reset, .low)
        let clock = MonotonicClock()
        clock.sleep(until: clock.now() + 10_000_000)
        try port.drive(.reset, .high)
    }

    private func play(_ wires: some PingPongWires, end: LinkEnd) throws {
        var game = PingPong(wires, end: end, bits: bits, count: count)
        let nanoseconds = try game.run()
        let rate = Double(count - 1) * 1e9 / Double(max(1, nanoseconds))
        Console.print(
            "\(self.end.rawValue): \(count) round trips in \(nanoseconds / 1_000_000) ms, "
                + "\(Int(rate.rounded()))/s, \(game.wrongBits) wrong bits")
        if game.wrongBits > 0 { throw ExitCode(1) }
    }
}

extension PingPongBits: ExpressibleByArgument {}
extension BareWires.Waiting: ExpressibleByArgument {}
#endif

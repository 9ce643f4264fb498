#if GPIO
import LivePorts
import Signals
import Testing

@testable import GPIOTransport

/// Which lines an end asks for, and how.
@Suite struct GPIOPortPlanTests {
    private static let chip = GPIOChip(
        path: "/dev/gpiochip9", name: "gpiochip9", label: "test",
        lines: ["reset", "stx", "sckout", "srx", "sckin", "mrx", "mckin", "mtx", "mckout", "lamp"]
            .enumerated().map {
                GPIOLine(offset: $0, name: $1, consumer: "", isUsed: false, isOutput: false)
            })

    private func plan(
        _ end: LinkEnd, without channel: Channel? = nil,
        lamps: [GPIOPortPlan.NamedLamp] = [], bias: GPIOTapPlan.Bias? = nil
    ) throws -> GPIOPortPlan {
        try GPIOPortPlan(
            end: end, wires: GPIOPortPlan.wiresByName(of: end).filter { $0.channel != channel },
            lamps: lamps, bias: bias
        ) { lines throws(GPIOError) in try LineSearch(lines, in: [Self.chip]) }
    }

    /// Lines in words: purpose, offset, use, bias, first level.
    private func words(_ plan: GPIOPortPlan) -> [String] {
        plan.lines.map { line in
            let name =
                switch line.purpose {
                case .wire(let channel): "\(WireNames.all[Int(channel.index)].host)"
                case .lamp(let lamp): "\(lamp)"
                }
            return "\(name) \(line.offset) \(line.use) \(line.bias.rawValue) \(line.restLevel)"
        }
    }

    @Test func theHostReadsFirstAndReleasesResetLast() throws {
        #expect(
            words(try plan(.host)) == [
                "srx 3 input pull-down low", "sckin 4 events pull-down low",
                "stx 1 output as-is low", "sckout 2 output as-is low",
                "reset 0 openDrain pull-up high",
            ])
    }

    @Test func theBridgeListensToClockAndReset() throws {
        let lamps: [GPIOPortPlan.NamedLamp] = [
            .init(.heartbeat, line: "lamp"), .init(.broker, line: "1", isActiveLow: true),
        ]
        #expect(
            words(try plan(.bridge, lamps: lamps, bias: .asIs)) == [
                "reset 0 events as-is high", "stx 5 input as-is low", "sckout 6 events as-is low",
                "srx 7 output as-is low", "sckin 8 output as-is low",
                "heartbeat 9 output as-is low",
                "broker 1 output as-is high",
            ])
    }

    @Test func onlyResetMayBeLeftOut() throws {
        #expect(try plan(.host, without: .reset).lines.count == 4)
        let error = #expect(throws: GPIOError.self) { try plan(.bridge, without: .sckout) }
        #expect(error == .noLine(wire: "mckin", end: .bridge))
        #expect("\(try #require(error))" == "the bridge needs a GPIO line for its wire mckin")
    }

    @Test func aLampCannotHaveTheLineOfAWire() throws {
        let lamps: [GPIOPortPlan.NamedLamp] = [.init(.heartbeat, line: "8")]
        #expect(throws: GPIOError.lineTwice("8")) { try plan(.bridge, lamps: lamps) }
    }
}
#endif

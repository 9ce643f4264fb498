import ArgumentParser
import CaptureStore
import Signals

#if GPIO
import GPIOTransport
#endif

/// GPIO lines as what is recorded.
struct GPIOOptions: ParsableArguments {
    @Option(
        help: """
            Record GPIO lines of this chip: gpiochip0, its label or path, or auto for whichever has \
            lines of these names.
            """)
    var gpio: String?

    @Option(
        help: """
            What the chip does to lines that nobody drives: as-is, disabled, pull-up or pull-down. \
            (default: what the pinout says, else as-is)
            """)
    var bias: BiasArgument?

    @Option(help: "GPIO lines that are inverted on their way, by their wires: reset,…")
    var activeLow: String?

    func validate() throws {
        if let activeLow { _ = try Self.wires(activeLow) }
        guard gpio == nil else { return }
        for (name, isGiven) in [("bias", bias != nil), ("active-low", activeLow != nil)]
        where isGiven {
            throw ValidationError("--\(name) is for --gpio")
        }
    }

    private static func wires(_ text: String) throws -> [Channel] {
        try text.split(separator: ",").map { name in
            guard let wire = ChannelMap.wire(named: String(name)) else {
                throw ValidationError(
                    "--active-low: \(ChannelMap.complaint(unknownWire: String(name)))")
            }
            return wire
        }
    }

    #if GPIO
    /// Requests the lines.
    func open(_ chip: String, wiring: WiringOptions) throws -> GPIOTap {
        do {
            return try GPIOTap(plan(chip, wiring: wiring))
        } catch let error as GPIOError {
            throw Failure(
                .failed, NameSuggestion.adding(to: error.description, error.unknownName))
        }
    }

    private func plan(_ name: String, wiring: WiringOptions) throws -> GPIOTapPlan {
        let pinout = try wiring.chosenPinout()
        let chip = name == "auto" ? pinout?.chip : name
        let map = try wiring.channelMap(completedBy: pinout)
        let inverted = try activeLow.map(Self.wires) ?? pinout?.activeLow ?? []
        let wires = map.signals(named: try lineNames(of: chip)).compactMap { channel, line in
            line.map {
                GPIOTapPlan.NamedWire(
                    channel, line: $0, isActiveLow: inverted.contains(channel))
            }
        }
        guard !wires.isEmpty else {
            throw Failure(
                .failed,
                "which GPIO line is which wire? Say --pinout raspberry-pi, or --map "
                    + "reset=17,stx=27,sckout=22,srx=23,sckin=24")
        }
        return try GPIOTapPlan(wires, chip: chip, bias: (bias ?? pinout?.bias ?? .asIs).bias)
    }

    /// The names of the lines that there are.
    private func lineNames(of chip: String?) throws(GPIOError) -> [String] {
        if let chip { return try GPIOChip(named: chip).lines.map(\.name) }
        return GPIOChip.paths.compactMap { try? GPIOChip(path: $0) }
            .flatMap { $0.lines.map(\.name) }
    }
    #endif
}

public import Signals

/// Where the wires are, and how the link on them is timed: what the reference has in `hardware.py`.
///
/// It is the same for either end; what only one of them has, the other one passes over.
public struct HardwareSettings: Hashable, Sendable {
    /// What the wires are.
    public var wires = WiresSetting.simulated
    /// The name of a pinout, or the path of a file with one, that gives ``lines`` not named there.
    public var pinout: String?
    /// The GPIO lines of the wires, each by its name or by its offset in digits.
    public var lines: [Channel: String] = [:]
    /// The wires that are inverted on their way.
    public var activeLow: Set<Channel> = []
    /// What a GPIO chip does to the wires that the other end drives, while that drives nothing.
    public var bias = WireBias.pullDown
    /// The line of the lamp of the host's application; nil for none.
    public var applicationLamp: String?
    /// The line of the lamp that shows that the bridge runs; nil for none.
    public var heartbeatLamp: String?
    /// The line of the lamp that shows that the bridge is connected to the broker; nil for none.
    public var brokerLamp: String?

    /// The host gives the bridge up when its clock has not moved for this long.
    public var timeout = Nanoseconds.seconds(10)
    /// How long the host holds `reset` low.
    public var resetPulse = Nanoseconds.milliseconds(100)
    /// How long the host waits behind a reset before it looks at the bridge's clock.
    public var settling = Nanoseconds.seconds(1)
    /// The longest that ``settling`` grows to when a bridge does not answer.
    public var settlingMax = Nanoseconds.seconds(16)
    /// How long the host rests between characters of an idle link.
    public var idlePause = Nanoseconds.milliseconds(1)
    /// The number of bits in a character, 7 or 8; both ends must agree.
    public var characterBits = 7

    /// Simulated wires, timed as the reference's.
    public init() {}

    /// Neither a line nor a pinout is named: the lines are expected to have the names of the wires.
    var linesAreThoseOfTheWires: Bool { pinout == nil && lines.isEmpty }

    /// The lines of all wires: those that are named, and the others by the pinout. Where nothing says
    /// anything of lines, they have the names of the wires, as an end calls them.
    ///
    /// - Parameter find: gives the lines of a pinout, or throws why there is none of this name.
    /// - Throws: a ``SettingsFault`` that names a wire without a line.
    public func allLines(
        of end: LinkEnd, pinout find: (String) throws -> [Channel: String]
    ) throws -> [Channel: String] {
        if linesAreThoseOfTheWires {
            return Dictionary(
                uniqueKeysWithValues: WireNames.all.map { names in
                    (names.channel, names.name(at: end).description)
                })
        }
        var lines = try pinout.map(find) ?? [:]
        lines.merge(self.lines) { _, named in named }
        for wire in WireNames.all where lines[wire.channel] == nil {
            throw SettingsFault(
                .settings, key: "\(wire.host)",
                "no line is named for this wire; name one, or name a `pinout` that has it")
        }
        return lines
    }
}

/// What the wires of a live link are.
public enum WiresSetting: Hashable, Sendable {
    /// A bridge, a network and a broker that are simulated too.
    case simulated
    /// Shared memory: the path of a pin file.
    case file(path: String)
    /// GPIO lines of a chip, by its path, name, number or label; nil for whichever chip has lines
    /// of these names.
    case gpio(chip: String?)

    /// What the key `wires` says; nil if it is none of these.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first, parts.count > 1 ? String(parts[1]) : nil) {
        case ("simulated", nil): self = .simulated
        case ("file", let path?) where !path.isEmpty: self = .file(path: path)
        case ("gpio", nil): self = .gpio(chip: nil)
        case ("gpio", let chip?) where !chip.isEmpty: self = .gpio(chip: chip)
        default: return nil
        }
    }
}

extension WiresSetting: CustomStringConvertible {
    /// The setting as the key `wires` has it.
    public var description: String {
        switch self {
        case .simulated: "simulated"
        case .file(let path): "file:\(path)"
        case .gpio(nil): "gpio"
        case .gpio(let chip?): "gpio:\(chip)"
        }
    }
}

/// What a GPIO chip does to an input that nobody drives.
public enum WireBias: String, Hashable, Sendable, CaseIterable {
    /// As it is set already, by the device tree or another program.
    case asIs = "as-is"
    /// Neither pulled up nor down.
    case disabled
    /// A pull-up resistor.
    case pullUp = "pull-up"
    /// A pull-down resistor, which the link wants.
    case pullDown = "pull-down"
}

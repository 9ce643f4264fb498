#if GPIO
public import LivePorts
public import Signals

/// Which lines of a chip one end of the link drives and reads.
///
///     let wires = GPIOPortPlan.wiresByName(of: .bridge)
///     let plan = try GPIOPortPlan(
///         end: .bridge, wires: wires, lamps: [.init(.heartbeat, line: "17")], chip: "gpiochip0")
public struct GPIOPortPlan: Hashable, Sendable {
    /// A lamp, and the line that a user calls it: an offset, or a line's name.
    public struct NamedLamp: Hashable, Sendable {
        /// The lamp.
        public var lamp: WireLamp
        /// An offset in decimal digits, or a name.
        public var line: String
        /// The line is inverted on its way.
        public var isActiveLow: Bool

        /// A lamp and its line.
        public init(_ lamp: WireLamp, line: String, isActiveLow: Bool = false) {
            self.lamp = lamp
            self.line = line
            self.isActiveLow = isActiveLow
        }
    }

    /// A lamp and its line, by the offset.
    public struct Lamp: Hashable, Sendable {
        /// The lamp.
        public var lamp: WireLamp
        /// The line, by its offset.
        public var offset: Int
        /// The line is inverted on its way: low is 1.
        public var isActiveLow: Bool
    }

    /// The end that drives its wires here.
    public let end: LinkEnd
    /// The chip.
    public let chip: GPIOChip
    /// The wires, in the order of their channels.
    public let wires: [GPIOTapPlan.Wire]
    /// The lamps.
    public let lamps: [Lamp]
    /// The pull of the lines that are read; nil for what the link wants: `reset` up, the others down.
    public var bias: GPIOTapPlan.Bias?

    /// Finds the lines of an end.
    ///
    /// `reset` may be left out: a host without it cannot reset its bridge, and a bridge without it is
    /// reset in another way. The four other wires may not.
    ///
    /// - Parameters:
    ///   - chip: the path, name, number or label of their chip; nil for whichever has lines of these
    ///     names, which rules out offsets.
    ///   - bias: of the lines that are read; nil for what the link wants.
    public init(
        end: LinkEnd, wires: [GPIOTapPlan.NamedWire], lamps: [NamedLamp] = [], chip: String?,
        bias: GPIOTapPlan.Bias? = nil
    ) throws(GPIOError) {
        try self.init(end: end, wires: wires, lamps: lamps, bias: bias) { lines throws(GPIOError) in
            try LineSearch(lines, chip: chip)
        }
    }

    /// Finds them in a way of the caller's.
    init(
        end: LinkEnd, wires: [GPIOTapPlan.NamedWire], lamps: [NamedLamp],
        bias: GPIOTapPlan.Bias?, search: ([String]) throws(GPIOError) -> LineSearch
    ) throws(GPIOError) {
        for names in WireNames.all where names.channel != .reset {
            guard wires.contains(where: { $0.channel == names.channel }) else {
                let name = names.name(at: end)
                throw .noLine(wire: name.description, end: end)
            }
        }
        let wires = wires.filter(\.channel.isWire)
        let found = try search(wires.map(\.line) + lamps.map(\.line))
        self.end = end
        self.chip = found.chip
        self.wires = zip(wires, found.offsets)
            .map { .init(channel: $0.channel, offset: $1, isActiveLow: $0.isActiveLow) }
            .sorted { $0.channel.index < $1.channel.index }
        self.lamps = zip(lamps, found.offsets.dropFirst(wires.count))
            .map { .init(lamp: $0.lamp, offset: $1, isActiveLow: $0.isActiveLow) }
        self.bias = bias
    }

    /// The five wires on lines that have their names, as an end calls them: `stx` of the host is `mrx`
    /// of the bridge.
    public static func wiresByName(of end: LinkEnd) -> [GPIOTapPlan.NamedWire] {
        WireNames.all.map { names in
            .init(names.channel, line: names.name(at: end).description)
        }
    }
}
#endif

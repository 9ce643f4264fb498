#if GPIO
public import Signals

/// Which lines of which chip are which wires.
public struct GPIOTapPlan: Hashable, Sendable {
    /// A wire and its line.
    public struct Wire: Hashable, Sendable {
        /// The wire of the link.
        public var channel: Channel
        /// The line, by its offset.
        public var offset: Int
        /// The line is inverted on its way: low is 1.
        public var isActiveLow: Bool
    }

    /// What the chip does to an input that nobody drives.
    public enum Bias: String, Hashable, Sendable, CaseIterable {
        /// As it is set already, by the device tree or another program.
        case asIs = "as-is"
        /// Neither pulled up nor down.
        case disabled
        /// A pull-up resistor.
        case pullUp = "pull-up"
        /// A pull-down resistor.
        case pullDown = "pull-down"
    }

    /// The chip.
    public var chip: GPIOChip
    /// The wires, in the order of their channels.
    public private(set) var wires: [Wire]
    /// The pull of all lines.
    public var bias: Bias

    /// A wire, and the line that a user calls it: an offset, or a line's name.
    public struct NamedWire: Hashable, Sendable {
        /// The wire of the link.
        public var channel: Channel
        /// An offset in decimal digits, or a name.
        public var line: String
        /// The line is inverted on its way.
        public var isActiveLow: Bool

        /// A wire and its line.
        public init(_ channel: Channel, line: String, isActiveLow: Bool = false) {
            self.channel = channel
            self.line = line
            self.isActiveLow = isActiveLow
        }
    }

    /// Finds the lines of some wires.
    ///
    /// - Parameter chip: the path, name, number or label of their chip; nil for whichever has
    ///   lines of these names, which rules out offsets.
    public init(
        _ wires: [NamedWire], chip: String?, bias: Bias = .asIs
    ) throws(GPIOError) {
        let found = try LineSearch(wires.map(\.line), chip: chip)
        self.chip = found.chip
        self.wires = zip(wires, found.offsets)
            .map { Wire(channel: $0.channel, offset: $1, isActiveLow: $0.isActiveLow) }
            .sorted { $0.channel.index < $1.channel.index }
        self.bias = bias
    }

    /// The line of a wire as people call it.
    func name(of wire: Wire) -> String { chip.lineName(wire.offset) }
}
#endif

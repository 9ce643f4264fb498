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
        let chips = try Self.candidates(chip)
        var found: [(wire: Wire, chip: Int)] = []
        for wire in wires {
            let place = try Self.find(wire.line, in: chips)
            let line = Wire(
                channel: wire.channel, offset: place.offset, isActiveLow: wire.isActiveLow)
            if found.contains(where: { $0.wire.offset == line.offset && $0.chip == place.chip }) {
                throw .lineTwice(wire.line)
            }
            found.append((line, place.chip))
        }
        let used = found.first?.chip ?? 0
        guard found.allSatisfy({ $0.chip == used }) else {
            throw .severalChips(
                lines: zip(wires, found).map { "\($0.line) on \(chips[$1.chip].name)" })
        }
        self.chip = chips[used]
        self.wires = found.map(\.wire).sorted { $0.channel.index < $1.channel.index }
        self.bias = bias
    }

    /// The chips that may have the lines.
    private static func candidates(_ name: String?) throws(GPIOError) -> [GPIOChip] {
        if let name { return [try GPIOChip(named: name)] }
        let paths = GPIOChip.paths
        var chips: [GPIOChip] = []
        var refusal: GPIOError?
        for path in paths {
            do throws(GPIOError) {
                chips.append(try GPIOChip(path: path))
            } catch {
                refusal = error
            }
        }
        // Chips that may not be opened matter only if there is no other.
        if chips.isEmpty { throw refusal ?? .noChips }
        return chips
    }

    private static func find(
        _ line: String, in chips: [GPIOChip]
    ) throws(GPIOError) -> (offset: Int, chip: Int) {
        for (number, chip) in chips.enumerated() {
            if let found = chip.lines.first(where: { $0.name == line }) {
                return (found.offset, number)
            }
        }
        if let offset = Int(line), chips.count == 1 {
            guard chips[0].lines.indices.contains(offset) else {
                throw .noSuchOffset(
                    offset, chip: chips[0].name, lineCount: chips[0].lines.count)
            }
            return (offset, 0)
        }
        let names = chips.flatMap { $0.lines.map(\.name) }.filter { !$0.isEmpty }
        throw .noSuchLine(line, known: names)
    }

    /// The line of a wire as people call it.
    func name(of wire: Wire) -> String {
        let name = chip.lines[wire.offset].name
        return name.isEmpty ? "\(wire.offset)" : "\(name) (\(wire.offset))"
    }
}
#endif

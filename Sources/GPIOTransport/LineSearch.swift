#if GPIO
/// Finds the lines that a user calls by names or offsets, all on one chip.
struct LineSearch {
    /// The chip that has them.
    let chip: GPIOChip
    /// Their offsets, in the order of the names.
    let offsets: [Int]

    /// - Parameters:
    ///   - lines: names, or offsets in decimal digits.
    ///   - chip: the path, name, number or label of their chip; nil for whichever has lines of these
    ///     names, which rules out offsets.
    init(_ lines: [String], chip name: String?) throws(GPIOError) {
        try self.init(lines, in: Self.candidates(name))
    }

    /// Among the lines of some chips; offsets are for a single one.
    init(_ lines: [String], in chips: [GPIOChip]) throws(GPIOError) {
        var found: [(offset: Int, chip: Int)] = []
        for line in lines {
            let place = try Self.find(line, in: chips)
            if found.contains(where: { $0 == place }) { throw .lineTwice(line) }
            found.append(place)
        }
        let used = found.first?.chip ?? 0
        guard found.allSatisfy({ $0.chip == used }) else {
            throw .severalChips(
                lines: zip(lines, found).map { "\($0) on \(chips[$1.chip].name)" })
        }
        chip = chips[used]
        offsets = found.map(\.offset)
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
}

extension GPIOChip {
    /// A line as people call it.
    func lineName(_ offset: Int) -> String {
        let name = lines[offset].name
        return name.isEmpty ? "\(offset)" : "\(name) (\(offset))"
    }
}
#endif

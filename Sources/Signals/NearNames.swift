/// Finds the names that somebody may have meant.
public enum NearNames {
    /// Names that are suggested.
    static let countMax = 3
    /// Longer texts are not compared: nobody means a name by them.
    static let lengthMax = 64

    /// The nearest names, the nearest first, those of equal distance in the order of `names`.
    public static func of(_ name: String, among names: [String]) -> [String] {
        let wanted = lowercase(name)
        guard wanted.count <= lengthMax else { return [] }
        var found: [(distance: Int, index: Int)] = []
        for (index, candidate) in names.enumerated() {
            let other = lowercase(candidate)
            let distance = other.starts(with: wanted) ? 1 : distance(wanted, other)
            if distance <= max(2, wanted.count / 3) { found.append((distance, index)) }
        }
        found.sort { ($0.distance, $0.index) < ($1.distance, $1.index) }
        return found.prefix(countMax).map { names[$0.index] }
    }

    /// The bytes of a name, ASCII capitals made small.
    private static func lowercase(_ name: String) -> [UInt8] {
        name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    /// How many characters must be added, removed or replaced to make one text of the other.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (character == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}

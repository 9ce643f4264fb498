import ArgumentParser

/// A number of bytes on the command line: `500000`, `500k`, `100M`, `2G`, in powers of ten.
struct SizeArgument: ExpressibleByArgument {
    var bytes: Int64

    init?(argument: String) {
        let units: [(String, Double)] = [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)]
        let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1)
        guard let number = Double(argument.dropLast(unit.0.count)), number > 0,
            number * unit.1 < 0x1p61
        else { return nil }
        bytes = Int64((number * unit.1).rounded())
    }

    /// A number of bytes as people read it: `1.2 MB`.
    static func text(_ bytes: Int64) -> String {
        let units: [(String, Int64)] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)]
        guard let unit = units.first(where: { bytes >= $0.1 }) else { return "\(bytes) bytes" }
        let tenths = (bytes + unit.1 / 20) / (unit.1 / 10)
        return "\(tenths / 10).\(tenths % 10) \(unit.0)"
    }
}

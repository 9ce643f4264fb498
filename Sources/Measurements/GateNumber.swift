/// Reads the right side of a gate: a decimal number with its unit.
enum GateNumber {
    /// So many digits are exact in a double.
    static let digitsMax = 15

    /// A unit that may follow the number, and how it scales into the metric's own unit.
    private struct Suffix {
        var symbol: String
        var scale: Int64
    }

    private static func suffixes(of unit: MetricUnit) -> [Suffix] {
        switch unit {
        case .time:
            [
                Suffix(symbol: "ns", scale: 1), Suffix(symbol: "us", scale: 1_000),
                Suffix(symbol: "µs", scale: 1_000), Suffix(symbol: "ms", scale: 1_000_000),
                Suffix(symbol: "s", scale: 1_000_000_000),
            ]
        case .characterRate: [Suffix(symbol: "char/s", scale: 1)]
        case .bitRate: [Suffix(symbol: "bit/s", scale: 1), Suffix(symbol: "kbit/s", scale: 1_000)]
        case .percent: [Suffix(symbol: "%", scale: 1)]
        case .count: [Suffix(symbol: "", scale: 1)]
        }
    }

    static func value(
        of text: String, unit: MetricUnit, metric: String
    ) throws(GateError) -> Double {
        let characters = Array(text.utf8)
        var mantissa: Int64 = 0
        var digits = 0
        var scale: Int64 = 1
        var hasPoint = false
        var place = 0
        while place < characters.count {
            let character = characters[place]
            if character == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if character >= 0x30, character <= 0x39 {
                guard digits < digitsMax else { throw .tooManyDigits(text) }
                mantissa = mantissa * 10 + Int64(character - 0x30)
                if mantissa > 0 { digits += 1 }
                if hasPoint {
                    guard scale < 1_000_000_000_000_000 else { throw .tooManyDigits(text) }
                    scale *= 10
                }
            } else {
                break
            }
            place += 1
        }
        let hasDigit = characters[..<place].contains { $0 != UInt8(ascii: ".") }
        guard hasDigit else { throw .noNumber(text) }
        let rest = characters[place...].drop { $0 == 0x20 }
        let symbol = String(decoding: rest, as: UTF8.self)
        guard let suffix = suffixes(of: unit).first(where: { $0.symbol == symbol }) else {
            throw .wrongUnit(symbol, metric: metric, unit: unit)
        }
        // Both factors are exact, so the quotient is the double nearest to what was written.
        let product = Double(mantissa) * Double(suffix.scale)
        return product / Double(scale)
    }
}

import ArgumentParser
import Signals

/// A moment or a span on the command line: `9`, `9.5`, `9.5s`, `250ms`, `12us`, `40ns`, `10m`, `24h`.
struct TimeArgument: ExpressibleByArgument {
    var nanoseconds: Int64

    init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    /// As it can be typed, without loss.
    var words: String {
        nanoseconds % 1_000_000 == 0 ? "\(nanoseconds / 1_000_000)ms" : "\(nanoseconds)ns"
    }

    var timestamp: Timestamp { Timestamp(nanoseconds: nanoseconds) }

    /// In the largest unit of which it is a whole number.
    var defaultValueDescription: String {
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
            ("ms", 1_000_000), ("us", 1_000),
        ]
        for (name, length) in units where nanoseconds != 0 && nanoseconds % length == 0 {
            return "\(nanoseconds / length)\(name)"
        }
        return "\(nanoseconds)ns"
    }

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
        let units: [(String, Double)] = [
            ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
        ]
        let unit = units.first { argument.hasSuffix($0.0) } ?? ("", 1e9)
        let digits = argument.dropLast(unit.0.count)
        guard let number = Double(digits), number.isFinite, abs(number * unit.1) < 0x1p61 else {
            return nil
        }
        nanoseconds = Int64((number * unit.1).rounded())
    }
}

import Measurements
import Signals

/// Numbers as reports write them: a point for decimals, a comma for thousands, no locale.
enum ReportNumber {
    /// What stands where a figure does not exist.
    static let absent = "-"

    /// A whole number with thousands separators.
    static func count(_ value: Int64) -> String {
        let digits = grouped(value.magnitude)
        return value < 0 ? "-" + digits : digits
    }

    /// A number with a fixed number of decimals, rounded half away from zero.
    static func decimal(_ value: Double, decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return absent }
        var scale: Double = 1
        for _ in 0..<decimals { scale *= 10 }
        return scaled(Int64((value * scale).rounded()), decimals: decimals)
    }

    /// A rate: one decimal below a thousand, none above.
    static func rate(_ value: Double?) -> String {
        value.map { decimal($0, decimals: $0 < 1_000 ? 1 : 0) } ?? absent
    }

    /// A share of 0 ... 1 in hundredths.
    static func share(_ value: Double?) -> String {
        value.map { decimal($0 * 100, decimals: 1) + " %" } ?? absent
    }

    /// A span in milliseconds, without unit: one decimal, and three below a millisecond.
    static func milliseconds(_ span: Nanoseconds?) -> String {
        guard let span else { return absent }
        return span.count.magnitude < 1_000_000
            ? scaled(divided(span.count, by: 1_000), decimals: 3)
            : scaled(divided(span.count, by: 100_000), decimals: 1)
    }

    /// A span or a moment in seconds, without unit, three decimals.
    static func seconds(_ nanoseconds: Int64) -> String {
        scaled(divided(nanoseconds, by: 1_000_000), decimals: 3)
    }

    /// A span in the unit that suits it.
    static func span(_ span: Nanoseconds) -> String {
        switch span.count.magnitude {
        case ..<1_000: "\(span.count) ns"
        case ..<1_000_000: scaled(span.count, decimals: 3) + " us"
        case ..<1_000_000_000: milliseconds(span) + " ms"
        default: seconds(span.count) + " s"
        }
    }

    /// A span that is what it is by definition: without decimals that say nothing.
    static func definedSpan(_ span: Nanoseconds) -> String {
        for (unit, name) in [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")] {
            let unit = Int64(unit)
            if span.count >= unit, span.count % unit == 0 {
                return count(span.count / unit) + " " + name
            }
        }
        return self.span(span)
    }

    /// "1 frame", "2 frames".
    static func counted(_ value: Int64, _ singular: String, _ plural: String? = nil) -> String {
        count(value) + " " + (value == 1 ? singular : plural ?? singular + "s")
    }

    /// Integer division, rounded half away from zero.
    private static func divided(_ value: Int64, by divisor: Int64) -> Int64 {
        let half = divisor / 2
        let magnitude =
            Int64(value.magnitude / UInt64(divisor))
            + (Int64(value.magnitude % UInt64(divisor)) >= half ? 1 : 0)
        return value < 0 ? -magnitude : magnitude
    }

    private static func scaled(_ value: Int64, decimals: Int) -> String {
        guard decimals > 0 else { return count(value) }
        var power: UInt64 = 1
        for _ in 0..<decimals { power *= 10 }
        var fraction = String(value.magnitude % power)
        while fraction.utf8.count < decimals { fraction = "0" + fraction }
        return (value < 0 ? "-" : "") + grouped(value.magnitude / power) + "." + fraction
    }

    private static func grouped(_ value: UInt64) -> String {
        var rest = Array(String(value).utf8)[...]
        var groups: [String] = []
        while rest.count > 3 {
            groups.append(String(decoding: rest.suffix(3), as: UTF8.self))
            rest = rest.dropLast(3)
        }
        groups.append(String(decoding: rest, as: UTF8.self))
        return groups.reversed().joined(separator: ",")
    }
}

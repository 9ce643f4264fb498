import Signals

/// Moments and spans as people read them; integers throughout, so that no digit depends on rounding
/// modes or locales.
public enum TimeText {
    /// Seconds with a fixed number of digits behind the point, rounded half away from zero.
    public static func seconds(_ nanoseconds: Int64, digits: Int = 6) -> String {
        decimal(nanoseconds, unit: 1_000_000_000, digits: digits)
    }

    /// Milliseconds with a fixed number of digits behind the point.
    public static func milliseconds(_ nanoseconds: Int64, digits: Int = 1) -> String {
        decimal(nanoseconds, unit: 1_000_000, digits: digits)
    }

    /// A span in the unit that suits it: `85.1 us`, `38.5 ms`, `3.037 s`.
    public static func span(_ nanoseconds: Int64) -> String {
        ReportNumber.span(Nanoseconds(nanoseconds))
    }

    private static func decimal(_ value: Int64, unit: Int64, digits: Int) -> String {
        var scale: UInt64 = 1
        for _ in 0..<digits { scale *= 10 }
        let unit = UInt64(unit)
        let step = max(1, unit / scale)
        let rounded = (value.magnitude + step / 2) / step
        let whole = rounded / scale
        let sign = value < 0 && rounded > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(whole) }
        let fraction = String(rounded % scale)
        return sign + String(whole) + "."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

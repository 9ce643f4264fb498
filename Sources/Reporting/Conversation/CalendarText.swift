/// The bridge's seconds as a date.
enum CalendarText {
    /// The days of 1970-01-01 to 2000-01-01 are not counted: the bridge's epoch is 2000.
    private static let daysToEpoch: Int64 = 10_957

    /// A moment in seconds since 2000-01-01 00:00 UTC as `2026-11-23 17:00:00 UTC`.
    static func utc(_ secondsSince2000: Int64) -> String {
        let day = secondsSince2000 / 86_400
        let second = secondsSince2000 % 86_400
        // No bridge lives this long; the arithmetic below would still hold.
        guard (0...4_000_000).contains(day) else { return "out of range" }
        let (year, month, dayOfMonth) = date(daysSince1970: day + daysToEpoch)
        return "\(year)-\(two(month))-\(two(dayOfMonth)) "
            + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
    }

    /// The Gregorian date of a day number, by counting in years that begin in March.
    private static func date(daysSince1970: Int64) -> (Int64, Int64, Int64) {
        let shifted = daysSince1970 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func two(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

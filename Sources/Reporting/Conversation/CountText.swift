/// Counts as people read them.
public enum CountText {
    /// A count with a comma between groups of three digits.
    public static func grouped(_ count: some BinaryInteger) -> String {
        ReportNumber.count(Int64(clamping: count))
    }

    /// A number with a fixed number of decimals, `-` when it is beyond 10^15.
    public static func decimal(_ value: Double, decimals: Int) -> String {
        ReportNumber.decimal(value, decimals: decimals)
    }

    /// A count with its noun, which takes an s in the plural unless another plural is given.
    public static func counted(
        _ count: some BinaryInteger, _ noun: String, _ plural: String? = nil
    ) -> String {
        ReportNumber.counted(Int64(clamping: count), noun, plural)
    }
}

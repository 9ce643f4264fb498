/// Counts as people read them.
public enum CountText {
    /// A count with a comma between groups of three digits.
    public static func grouped(_ count: some BinaryInteger) -> String {
        let digits = String(count.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return count < 0 ? "-" + text : text
    }

    /// A count with its noun, which takes an s in the plural.
    public static func counted(_ count: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(count)) \(noun)" + (count == 1 ? "" : "s")
    }
}

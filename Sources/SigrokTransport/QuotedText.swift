#if Sigrok
extension StringProtocol {
    /// What a file says, as a message quotes it: in backticks, and not longer than one can read.
    var quoted: String {
        count > quotedCountMax ? "`\(prefix(quotedCountMax))…`" : "`\(self)`"
    }
}

private let quotedCountMax = 60
#endif

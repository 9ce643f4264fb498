/// How often this link must be looked at.
enum LowSampleRate {
    /// Boards toggle each clock every 600 us, and a data wire 50 us before that.
    private static let tooLow: UInt64 = 20_000
    private static let low: UInt64 = 100_000

    /// A warning; nil when a rate is high enough for boards.
    static func warning(of rate: UInt64) -> String? {
        let text = SampleRateArgument.text(rate)
        return switch rate {
        case ..<tooLow:
            "warning: \(text) is too low for this link, whose wires change every 300 us and faster: "
                + "edges were missed. Sample at 100 kHz or more."
        case ..<low:
            "warning: at \(text) data and clock share samples, so that their order is concluded and not "
                + "seen, and a faster link than that of boards loses edges. Sample at 100 kHz or more, "
                + "and at 1 MHz or more where both ends run on computers."
        default: nil
        }
    }
}

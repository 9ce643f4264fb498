import Decoding
import Reporting
import Signals

/// What to think, and to try, when a capture cannot be read.
enum LegibilityText {
    /// Where `import` is told which signal is which wire.
    static let importOptions = "`--map` of `synscope import`"

    /// The evidence and the advice, a sentence without its end; nil when the capture is legible.
    ///
    /// - Parameter options: by which the wires are named.
    static func complaint(
        of legibility: Legibility, namedBy options: String = importOptions
    ) -> String? {
        switch legibility.problem {
        case nil: nil
        case .noFrame:
            "the wires move, and no whole frame was found"
                + gaps(legibility)
                + ": are the wires named right? See \(options), and `--character-bits`"
        case .noFrameFrom(let end):
            "the data wire of the \(end == .host ? "host (stx)" : "bridge (srx)") moves, and no frame "
                + "was found on it: are the wires named right? See \(options)"
        case .endsExchanged:
            "\(CountText.counted(legibility.exchangedFrames, "frame")), such as `init`, come from the "
                + "wrong end: are host and bridge exchanged? See \(options)"
        case .mostlyNonsense:
            "\(CountText.counted(legibility.sensibleFrames, "frame")) made sense and "
                + "\(CountText.grouped(legibility.strangeFrames)) made none" + gaps(legibility)
                + ": are the wires named right (\(options)), and are "
                + "`--character-bits` and `--vocabulary` those of the link?"
        }
    }

    private static func gaps(_ legibility: Legibility) -> String {
        legibility.gaps == 0 ? "" : ", with \(CountText.counted(legibility.gaps, "gap"))"
    }
}

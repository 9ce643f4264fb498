public import LinkProtocol
import Measurements
public import Replay
import Signals

/// What came of a replay, for a terminal.
public struct ReplayText: Sendable {
    private let capture: String
    private let secrets: SecretBook?
    private let width: Int

    /// - Parameters:
    ///   - capture: the capture's path, for the command that shows the place.
    ///   - secrets: the secret values of the conversation, which are masked; nil shows everything.
    ///   - width: the columns of the terminal.
    public init(capture: String, secrets: SecretBook?, width: Int = TextWidth.standard) {
        self.width = width
        self.capture = capture
        self.secrets = secrets
    }

    /// The verdict on one line.
    public static func headline(_ result: LinkReplayResult) -> String {
        let verdict =
            switch result.verdict {
            case .same: "identical (link layer: framing and order of every edge)"
            case .differs: "DIFFERS"
            case .couldNotTell: "could not tell"
            }
        return "replay " + TextTable.padded(result.end.name, to: 6, left: false) + "  " + verdict
    }

    /// The verdict with everything that stands behind it.
    public func lines(_ result: LinkReplayResult) -> [String] {
        var lines = [Self.headline(result)]
        lines.append(
            "  \(CountText.counted(result.comparedEdges, "edge")) equal, "
                + "\(result.sentFrames) of \(CountText.counted(result.scheduledFrames, "frame")) "
                + "sent, \(result.receivedFrames) received, "
                + CountText.counted(result.sessions, "session"))
        let inferred = LinkReplayResult.Inference.allCases.compactMap { inference -> String? in
            let count = result.inferences[inference.rawValue]
            guard count > 0 else { return nil }
            // Lines are broken between the items only.
            return "\(inference.name) (\(CountText.counted(count, "time")))"
                .replacing(" ", with: Self.hardSpace)
        }
        if !inferred.isEmpty {
            lines += TextWidth.wrap(
                "concluded, not on the wires: " + inferred.joined(separator: ", "), indent: 2,
                hanging: 2, width: width
            ).map { $0.replacing(Self.hardSpace, with: " ") }
        }
        if let timeout = result.watchdogTimeout {
            lines.append(
                "  the watchdog's time was taken from the capture: \(TimeText.span(timeout.count))")
        }
        for untold in result.untold {
            lines += TextWidth.wrap(
                "nothing can be said from \(TimeText.seconds(untold.start.nanoseconds)) to "
                    + "\(TimeText.seconds(untold.end.nanoseconds)) s: \(untold.reason)",
                indent: 2, hanging: 2, width: width)
        }
        if let divergence = result.divergence {
            lines +=
                DivergenceText(
                    divergence: divergence, end: result.end,
                    scheduledFrames: result.scheduledFrames,
                    secrets: secrets, capture: capture
                ).lines
        }
        return lines
    }

    private static let hardSpace = "\u{a0}"

    /// What an identical replay of the link layer proves, and what it does not.
    ///
    /// - Parameter width: the columns of the terminal.
    public static func scope(width: Int = TextWidth.standard) -> [String] {
        TextWidth.wrap(
            "This proves: given the frames that the recorded end sent, our link puts every bit of "
                + "them on the wires in the same order, synchronises, resets and stops as the "
                + "capture shows. It does not prove how fast that end answered, nor why it said "
                + "what it said.", width: width)
    }
}

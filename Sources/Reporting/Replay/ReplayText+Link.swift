import LinkProtocol
import Measurements
import Replay
import Signals

extension ReplayText {
    /// What stands behind the replay of a link.
    func lines(_ result: LinkReplayResult, withoutDivergence: Bool = false) -> [String] {
        var lines: [String] = []
        lines.append(
            "  \(CountText.counted(result.comparedEdges, "edge")) equal, "
                + "\(result.sentFrames) of \(CountText.counted(result.scheduledFrames, "frame")) "
                + "sent, \(result.receivedFrames) received, "
                + CountText.counted(result.sessions, "session"))
        let inferred = LinkReplayResult.Inference.allCases.compactMap { inference -> String? in
            let count = result.inferences[inference.rawValue]
            guard count > 0 else { return nil }
            return "\(inference.name) (\(CountText.counted(count, "time")))"
        }
        lines += list("concluded, not on the wires:", inferred)
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
        if let divergence = result.divergence, !withoutDivergence {
            lines +=
                DivergenceText(
                    divergence: divergence, end: result.end,
                    scheduledFrames: result.scheduledFrames,
                    secrets: secrets, capture: capture
                ).lines
        }
        return lines
    }

    /// What an identical replay of the link layer proves, and what it does not.
    ///
    /// - Parameter width: the columns of the terminal.
    static func linkScope(width: Int) -> [String] {
        TextWidth.wrap(
            "This proves: given the frames that the recorded end sent, our link puts every bit of "
                + "them on the wires in the same order, synchronises, resets and stops as the "
                + "capture shows. It does not prove how fast that end answered, nor why it said "
                + "what it said.", width: width)
    }
}

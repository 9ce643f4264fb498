import LinkProtocol
import Measurements
import Replay
import Signals

extension ReplayText {
    /// What stands behind the replay of a session.
    func lines(_ result: SequenceReplayResult) -> [String] {
        var lines = [
            "  \(result.equalFrames) of \(CountText.counted(result.scheduledFrames, "frame")) held "
                + "at their first bits, \(result.receivedFrames) received, "
                + CountText.counted(result.sessions, "session")
        ]
        lines += list(
            "exempt by rule of the reference:",
            result.exemptions.map {
                "\($0.rule.name) (\(CountText.counted($0.count, "time")))"
            })
        lines += list(
            "concluded for the session:",
            SequenceReplayResult.Inference.allCases.compactMap { inference in
                let count = result.inferences[inference.rawValue]
                return count > 0
                    ? "\(inference.name) (\(CountText.counted(count, "time")))" : nil
            })
        if let untold = result.untold {
            lines += TextWidth.wrap(
                "nothing can be said of the session from "
                    + "\(TimeText.seconds(untold.since.nanoseconds)) s on: \(untold.reason)",
                indent: 2, hanging: 2, width: width)
        }
        if let divergence = result.divergence {
            lines += text(of: divergence, in: result)
        }
        return lines
    }

    private func text(
        of divergence: SequenceReplayResult.Divergence, in result: SequenceReplayResult
    ) -> [String] {
        let time = divergence.time.nanoseconds
        var lines: [String] = []
        switch divergence.kind {
        case .frame:
            lines.append(
                "  at        \(result.end.name) frame \(divergence.number) of "
                    + "\(result.scheduledFrames), \(TimeText.seconds(time)) s, session "
                    + "\(divergence.session) (\(CountText.counted(result.equalFrames, "frame")) "
                    + "equal)")
            lines += difference(divergence, end: result.end)
            if divergence.found.isEmpty {
                lines.append("  it waits for \(divergence.awaits)")
            }
        case .surplus:
            lines.append(
                "  at        the end of session \(divergence.session), "
                    + "\(TimeText.seconds(time)) s (\(CountText.counted(result.equalFrames, "frame")) "
                    + "equal)")
            lines += difference(divergence, end: result.end)
        case .restart:
            lines.append(
                "  at        \(TimeText.seconds(time)) s, session \(divergence.session)")
            lines.append("  expected  the host leaves the session after a fatal status")
            lines.append("  found     the machine stays, and waits for \(divergence.awaits)")
        }
        return lines + see(time)
    }

    private func difference(
        _ divergence: SequenceReplayResult.Divergence, end: LinkEnd
    ) -> [String] {
        FrameDifference(
            expected: divergence.expected, found: divergence.found, end: end,
            firstBit: divergence.firstBit, characterBits: characterBits, secrets: secrets
        ).lines
    }

    /// The command that shows the place.
    func see(_ time: Int64) -> [String] {
        let from = TimeText.seconds(max(0, time - 50_000_000), digits: 2)
        let to = TimeText.seconds(time + 300_000_000, digits: 2)
        return ["  See: synscope decode \(capture) --from \(from) --to \(to)"]
    }
}

import LinkProtocol
import Measurements
import Replay
import Signals

extension ReplayText {
    /// What stands behind a replay from the journal.
    func lines(_ result: ExactReplayResult) -> [String] {
        var lines = [
            "  \(CountText.counted(result.comparedEdges, "edge")) and "
                + "\(CountText.counted(result.comparedRecords, "other output")) equal, "
                + CountText.counted(result.inputs, "input")
                + (result.foreignEdges > 0
                    ? ", \(CountText.counted(result.foreignEdges, "edge")) that no end drove" : "")
        ]
        if let untold = result.untold {
            lines += TextWidth.wrap(
                "nothing can be said from \(TimeText.seconds(untold.since.nanoseconds)) s on: "
                    + untold.reason, indent: 2, hanging: 2, width: width)
        }
        if let divergence = result.divergence { lines += text(of: divergence, in: result) }
        return lines
    }

    private func text(
        of divergence: ExactReplayResult.Divergence, in result: ExactReplayResult
    ) -> [String] {
        let time = divergence.time.nanoseconds
        let equal = CountText.counted(divergence.equalFrames, "frame")
        let place =
            divergence.frame.map {
                "\(result.end.name) frame \($0.number) of \(result.scheduledFrames), "
            }
            ?? ""
        var lines = [
            "  at        \(place)\(TimeText.seconds(time)) s, session \(divergence.session), bit "
                + "\(divergence.bit) (\(equal) equal)"
        ]
        switch divergence.kind {
        case .edge(let expected, let found):
            if let frame = divergence.frame, !divergence.foundFrame.isEmpty,
                divergence.foundFrame != frame.text
            {
                let offset = Int64(frame.character * characterBits + frame.bitInCharacter)
                lines +=
                    FrameDifference(
                        expected: frame.text, found: divergence.foundFrame, end: result.end,
                        firstBit: divergence.bit - offset, characterBits: characterBits,
                        secrets: secrets
                    ).lines
            } else {
                lines.append(
                    "  expected  \(describe(expected, divergence.frame?.text, result.end))")
                lines.append("  found     \(describe(found, divergence.foundFrame, result.end))")
            }
        case .record(let expected, let found):
            lines.append("  expected  \(JournalText.output(expected, of: result.end))")
            lines.append("  found     \(JournalText.output(found, of: result.end))")
        case .timer(let due):
            lines.append("  expected  a timer fires")
            lines.append(
                "  found     "
                    + (due.map { "the next one is due at \(TimeText.seconds($0.nanoseconds)) s" }
                        ?? "no timer runs"))
        }
        return lines + see(time)
    }

    private func describe(_ edge: Edge?, _ frame: [UInt8]?, _ end: LinkEnd) -> String {
        let inFrame =
            frame.map { $0.isEmpty ? "" : " in " + ReadableBytes.quoted(masked($0, end)) } ?? ""
        guard let edge else { return "no edge" + inFrame }
        return "\(edge.channel.wireName) \(edge.level.rawValue) at "
            + "\(TimeText.seconds(edge.time.nanoseconds)) s" + inFrame
    }

    private func masked(_ frame: [UInt8], _ end: LinkEnd) -> [UInt8] {
        secrets?.mask(frame, from: end) ?? frame
    }
}

import LinkProtocol
import Replay
import Signals

/// The first edge that differs, in the protocol's terms and as a picture.
struct DivergenceText {
    let divergence: LinkDivergence
    let end: LinkEnd
    let scheduledFrames: Int
    let secrets: SecretBook?
    let capture: String

    var lines: [String] {
        var lines = [
            "  at        \(TimeText.seconds(time)) s, session \(divergence.session), " + place
        ]
        switch divergence.kind {
        case .edge:
            if let frame = divergence.frame {
                lines.append("  frame     " + ReadableBytes.quoted(masked(frame.text, from: end)))
            }
            lines.append("  expected  \(describe(divergence.expected)) (the capture)")
            lines.append("  found     \(describe(divergence.found)) (the machine)")
            lines += picture
        case .received(let expected, let found):
            lines.append("  expected  received " + quoted(expected))
            lines.append("  found     received " + quoted(found))
        case .gaveUp(let why): lines.append("  found     \(why)")
        }
        let from = TimeText.seconds(max(0, time - 20_000_000), digits: 2)
        let to = TimeText.seconds(time + 20_000_000, digits: 2)
        lines.append("  See: synscope decode \(capture) --from \(from) --to \(to)")
        return lines
    }

    private var time: Int64 { divergence.time.nanoseconds }

    private var place: String {
        guard let frame = divergence.frame else {
            return "bit \(divergence.bit), between frames "
                + "(\(CountText.counted(divergence.equalFrames, "frame")) equal)"
        }
        return "frame \(frame.number) of \(scheduledFrames), bit \(divergence.bit) = character "
            + "\(frame.character), bit \(frame.bitInCharacter) "
            + "(\(CountText.counted(divergence.equalFrames, "frame")) equal)"
    }

    private func describe(_ edge: Edge?) -> String {
        guard let edge else { return "no edge" }
        return "\(edge.channel.wireName) \(edge.level.rawValue)"
    }

    private func masked(_ text: [UInt8], from end: LinkEnd) -> [UInt8] {
        secrets?.mask(text, from: end) ?? text
    }

    private func quoted(_ text: [UInt8]) -> String {
        text.isEmpty ? "nothing" : ReadableBytes.quoted(masked(text, from: end.peer))
    }

    /// The data wire at each toggle, the capture's above the machine's. A picture of bits of a
    /// secret would show it, so that one is left out.
    private var picture: [String] {
        guard !showsSecret else { return ["  (the bits belong to a password)"] }
        let name = end.data.wireName
        let first = divergence.firstShownBit
        let shown = max(0, Int(divergence.bit - first) - BitTraceLimits.shownBefore)
        let expected = divergence.expectedBits.dropFirst(shown)
        let found = divergence.foundBits.dropFirst(shown)
        let marker = Int(divergence.bit - first) - shown
        let last = first + Int64(shown + max(expected.count, found.count)) - 1
        return [
            "  bits \(first + Int64(shown))…\(last)",
            "  expected \(name) \(draw(expected))",
            "  found    \(name) \(draw(found))",
            String(repeating: " ", count: 12 + name.count + marker) + "^",
        ]
    }

    private var showsSecret: Bool {
        guard let frame = divergence.frame, let secrets else { return false }
        let characters = (frame.character - 1)...(frame.character + 1)
        return secrets.ranges(in: frame.text, from: end).contains { $0.overlaps(characters) }
    }

    private func draw(_ bits: ArraySlice<UInt8>) -> String {
        String(bits.map { $0 == 0 ? "_" : "-" })
    }
}

private enum BitTraceLimits {
    static let shownBefore = 8
}

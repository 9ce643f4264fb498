public import LinkProtocol
import Measurements
public import Replay
import Signals

/// What came of a replay, for a terminal.
public struct ReplayText: Sendable {
    let capture: String
    let secrets: SecretBook?
    let width: Int
    let characterBits: Int

    /// - Parameters:
    ///   - capture: the capture's path, for the command that shows the place.
    ///   - secrets: the secret values of the conversation, which are masked; nil shows everything.
    ///   - width: the columns of the terminal.
    ///   - characterBits: the number of bits in a character.
    public init(
        capture: String, secrets: SecretBook?, width: Int = TextWidth.standard,
        characterBits: Int = CharacterSize.seven.bitCount
    ) {
        self.width = width
        self.characterBits = characterBits
        self.capture = capture
        self.secrets = secrets
    }

    /// The verdict on one line.
    public static func headline(_ result: EndReplay) -> String {
        let verdict =
            switch result.verdict {
            case .same: "identical (\(scope(of: result)))"
            case .differs: "DIFFERS"
            case .couldNotTell: "could not tell"
            }
        return "replay " + TextTable.padded(result.end.name, to: 6, left: false) + "  " + verdict
    }

    private static func scope(of result: EndReplay) -> String {
        switch result {
        case .link: "link layer: framing and order of every edge"
        case .sequence(let session, _):
            "every frame in its place, every edge in order"
                + (session.exemptions.isEmpty
                    ? "" : "; \(CountText.counted(session.exemptions.count, "rule")) exempt")
        case .exact: "exact: every edge and every other output, at its time"
        }
    }

    /// The verdict with everything that stands behind it.
    public func lines(_ result: EndReplay) -> [String] {
        let lines = [Self.headline(result)]
        switch result {
        case .link(let link): return lines + self.lines(link)
        case .sequence(let session, let link):
            // Of two differences the session's says more.
            return lines + self.lines(session)
                + self.lines(link, withoutDivergence: session.divergence != nil)
        case .exact(let exact): return lines + self.lines(exact)
        }
    }

    /// What identical replays prove, and what they do not.
    ///
    /// - Parameters:
    ///   - results: all that came of a call.
    ///   - width: the columns of the terminal.
    public static func scope(of results: [EndReplay], width: Int = TextWidth.standard) -> [String] {
        var lines: [String] = []
        let same = results.filter { $0.verdict == .same }
        if same.contains(where: { if case .exact = $0 { true } else { false } }) {
            lines += TextWidth.wrap(
                "Exact proves: given the same calls, levels, bytes and timers, today's machine does "
                    + "all that the recorded one did, at the same moments.", width: width)
        }
        if same.contains(where: { if case .sequence = $0 { true } else { false } }) {
            lines += TextWidth.wrap(
                "Sequence proves: given what the other end said, and the calls and network events "
                    + "that were concluded, today's machine says every frame of the capture, in its "
                    + "place and nothing else, and puts every bit of it on the wires in the same "
                    + "order. It does not prove how fast that end answered.", width: width)
        }
        if same.contains(where: { if case .link = $0 { true } else { false } }) {
            lines += linkScope(width: width)
        }
        return lines
    }

    /// Items on as many lines as they need, broken between the items only.
    func list(_ title: String, _ items: [String]) -> [String] {
        if items.isEmpty { return [] }
        let joined = items.map { $0.replacing(" ", with: Self.hardSpace) }.joined(separator: ", ")
        return TextWidth.wrap(title + " " + joined, indent: 2, hanging: 2, width: width).map {
            $0.replacing(Self.hardSpace, with: " ")
        }
    }

    private static let hardSpace = "\u{a0}"
}

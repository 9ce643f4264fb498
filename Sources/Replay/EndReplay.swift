public import Signals

/// What came of replaying one end of a capture, in one way or another.
public enum EndReplay: Sendable {
    /// The link alone.
    case link(LinkReplayResult)
    /// The session, and the link below it.
    case sequence(SequenceReplayResult, LinkReplayResult)
    /// Everything, from the capture's own journal.
    case exact(ExactReplayResult)

    /// The end that was replayed.
    public var end: LinkEnd {
        switch self {
        case .link(let result): result.end
        case .sequence(let result, _): result.end
        case .exact(let result): result.end
        }
    }

    /// The answer in one word; a difference outweighs what could not be told.
    public var verdict: ReplayVerdict {
        switch self {
        case .link(let result): result.verdict
        case .sequence(let session, let link): .worse(session.verdict, link.verdict)
        case .exact(let result): result.verdict
        }
    }
}

extension ReplayVerdict {
    /// The answer to two questions at once: a difference outweighs what could not be told.
    public static func worse(_ left: ReplayVerdict, _ right: ReplayVerdict) -> ReplayVerdict {
        if left == .differs || right == .differs { return .differs }
        return left == .couldNotTell ? left : right
    }
}

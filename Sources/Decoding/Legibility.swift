import LinkProtocol
public import Signals

/// Whether a capture could be read at all: what somebody must know who vouches for its content.
///
/// Wires under each other's names, or characters of another size, give edges that break the rules
/// of the link or frames that make no sense. Nothing that is said of such a capture can be trusted,
/// least of all that something is not in it.
///
/// The rule: there is a whole frame, there is one from each end whose data wire moves, and the
/// frames that make sense outnumber those that make none and the gaps together.
public struct Legibility: Sendable {
    /// Why a capture is not legible.
    public enum Problem: Hashable, Sendable {
        /// The wires move, and there is no whole frame.
        case noFrame
        /// The data wire of one end moves, and there is no frame from it.
        case noFrameFrom(LinkEnd)
        /// Most frames of either end are messages that only the other one sends.
        case endsExchanged
        /// Frames that make no sense, and gaps, outnumber the frames that make sense.
        case mostlyNonsense
    }

    /// Frames that make sense: messages, and printable commands of the application's own.
    public private(set) var sensibleFrames: Int64 = 0
    /// Whole frames that make no sense.
    public private(set) var strangeFrames: Int64 = 0
    /// Those of them that are messages of the other end.
    public private(set) var exchangedFrames: Int64 = 0
    /// Places where edges are missing.
    public private(set) var gaps: Int64 = 0
    /// An `init` was among the frames that make sense.
    public private(set) var hasInitialise = false

    private let vocabulary: Vocabulary
    private var edges: Int64 = 0
    private var dataEdges: [Int64] = [0, 0]
    private var frames: [Int64] = [0, 0]

    /// More edges of a data wire than those of a pattern or two are those of frames.
    private static let dataEdgesMaxWithoutFrame: Int64 = 64

    /// Nothing seen yet.
    public init(vocabulary: Vocabulary = .bridge) { self.vocabulary = vocabulary }

    /// Takes the next edges.
    public mutating func take(_ batch: EdgeBatch) {
        edges += Int64(batch.edges.count)
        for edge in batch.edges {
            if edge.channel == .stx {
                dataEdges[0] += 1
            } else if edge.channel == .srx {
                dataEdges[1] += 1
            }
        }
    }

    /// Takes the next event.
    public mutating func take(_ event: LinkEvent) {
        switch event {
        case .gap: gaps += 1
        case .message(let message): take(message)
        default: break
        }
    }

    private mutating func take(_ message: DecodedMessage) {
        let frame = message.frame
        frames[Int(frame.from.rawValue)] += 1
        guard frame.condition == .whole else { return }
        let likelihood = vocabulary.likelihood(of: frame.text, from: frame.from)
        if likelihood == .message {
            sensibleFrames += 1
            if case .host(.initialise) = message.content { hasInitialise = true }
        } else if isMessageOfPeer(frame) {
            strangeFrames += 1
            exchangedFrames += 1
        } else if likelihood == .text, case .host = message.content {
            sensibleFrames += 1
        } else {
            strangeFrames += 1
        }
    }

    private func isMessageOfPeer(_ frame: Frame) -> Bool {
        vocabulary == .bridge && vocabulary.showsItsBegin(frame.text)
            && vocabulary.likelihood(of: frame.text, from: frame.from.peer) == .message
    }

    /// What speaks against everything that is said of the capture; nil when nothing does.
    public var problem: Problem? {
        if exchangedFrames > sensibleFrames { return .endsExchanged }
        if sensibleFrames + strangeFrames == 0 { return edges > 0 ? .noFrame : nil }
        if strangeFrames + gaps > sensibleFrames { return .mostlyNonsense }
        for end in LinkEnd.allCases {
            let index = Int(end.rawValue)
            if frames[index] == 0, dataEdges[index] > Self.dataEdgesMaxWithoutFrame {
                return .noFrameFrom(end)
            }
        }
        return nil
    }
}

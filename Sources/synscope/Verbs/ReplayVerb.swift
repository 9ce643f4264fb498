import ArgumentParser
import CaptureStore
import Decoding
import LinkProtocol
import Replay
import Reporting
import Signals

/// `synscope replay`: a capture against the stack.
struct ReplayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a capture against synscope's own link, and find the first difference.",
        discussion: """
            The frames that one end sent are put into our link machine at the bits where they \
            began, the other end's edges are fed at their times, and every edge of ours must equal \
            the capture's.

              synscope replay trace.syn
              synscope replay *.syn --end bridge --json

            Exit status: 0 identical, 1 differs, 2 could not tell (missing edges, or a capture that \
            begins in the middle) or failed.
            """)

    enum End: String, ExpressibleByArgument, CaseIterable { case host, bridge, both }
    enum Layer: String, ExpressibleByArgument, CaseIterable { case link }

    @Argument(help: "The captures (.syn).")
    var captures: [String]

    @Option(help: "The end to replay: host, bridge or both.")
    var end: End = .both

    @Option(help: "How far up to replay: link (bits, characters and frames).")
    var layer: Layer = .link

    @Flag(help: "Write one JSON object per capture and end.")
    var json = false

    @Flag(help: "Show passwords.")
    var showSecrets = false

    @OptionGroup var link: LinkOptions

    func run() throws {
        var worst = ReplayVerdict.same
        var hasIdentical = false
        for path in captures {
            let capture = try Capture(opening: path)
            let link = try link.resolved(for: capture)
            let secrets =
                try showSecrets ? nil : SecretSearch(link: link).bookForMasking(of: capture)
            for result in try LinkReplayPass(capture: capture, link: link).results(for: ends) {
                worst = Self.worse(worst, result.verdict)
                hasIdentical = hasIdentical || result.verdict == .same
                if json {
                    try Console.print(
                        ReplayObjects.object(result, capture: path, secrets: secrets).line)
                } else {
                    if captures.count > 1 { try Console.print(path) }
                    let text = ReplayText(
                        capture: path, secrets: secrets, width: Console.width)
                    for line in text.lines(result) { try Console.print(line) }
                }
            }
        }
        if !json, hasIdentical {
            for line in ReplayText.scope(width: Console.width) { try Console.print(line) }
        }
        switch worst {
        case .same: return
        case .differs: throw Failure(.differs)
        case .couldNotTell: throw Failure(.failed)
        }
    }

    private var ends: [LinkEnd] {
        switch end {
        case .host: [.host]
        case .bridge: [.bridge]
        case .both: [.host, .bridge]
        }
    }

    /// A difference outweighs what could not be told.
    private static func worse(
        _ left: ReplayVerdict, _ right: ReplayVerdict
    ) -> ReplayVerdict {
        if left == .differs || right == .differs { return .differs }
        return left == .couldNotTell ? left : right
    }
}

import LinkProtocol
import Replay
import Signals

/// What a folder's captures are expected to do when they are replayed.
///
/// A line for each: the capture, the end (host, bridge, both), the mode, the dialect (`-` for the
/// usual one) and the file with the expected text, separated by spaces. Empty lines and those that
/// begin with `#` mean nothing. Ref: Documentation/Replay.md, Manifest.
struct ReplayManifest {
    static let fileName = "replay.manifest"
    /// More captures than that are no test of a folder.
    private static let linesMax = 10_000

    private let folder: String
    private var entries: [Entry] = []

    private struct Entry {
        var capture: String
        var ends: [LinkEnd]
        var mode: ReplayMode
        var dialect: Dialect?
        var expected: String
    }

    init(folder: String) throws {
        self.folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let path = "\(self.folder)/\(Self.fileName)"
        let text = try SmallFile.text(path, missingIsEmpty: true)
        if text.isEmpty {
            throw Failure(
                .failed,
                "\(self.folder) has no \(Self.fileName): name the captures (\(self.folder)/*.syn), "
                    + "or write a line for each, such as: mine.syn both auto - mine.replay.txt")
        }
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            entries.append(try Self.entry(words, path: path, line: number))
            if entries.count > Self.linesMax {
                throw Failure(.failed, "\(path): more than \(Self.linesMax) captures")
            }
        }
        if entries.isEmpty { throw Failure(.failed, "\(path) names no capture") }
    }

    private static func entry(_ words: [String], path: String, line: Int) throws -> Entry {
        func fail(_ what: String) -> Failure {
            Failure(
                .failed,
                "\(path):\(line): \(what); a line is CAPTURE host|bridge|both MODE DIALECT|- TEXT")
        }
        guard words.count == 5 else { throw fail("\(words.count) words instead of 5") }
        let ends: [LinkEnd]
        switch words[1] {
        case "host": ends = [.host]
        case "bridge": ends = [.bridge]
        case "both": ends = [.host, .bridge]
        default: throw fail("there is no end \(words[1])")
        }
        guard let mode = ReplayMode(rawValue: words[2]) else {
            throw fail("there is no mode \(words[2])")
        }
        let dialect = words[3] == "-" ? nil : DialectArgument(argument: words[3])?.dialect
        if words[3] != "-", dialect == nil { throw fail("there is no dialect \(words[3])") }
        return Entry(
            capture: words[0], ends: ends, mode: mode, dialect: dialect, expected: words[4])
    }

    func jobs(
        trial: SequenceTrial, withoutRules: [ReferenceRule], link: LinkOptions
    ) -> [ReplayJob] {
        entries.map { entry in
            ReplayJob(
                replay: CaptureReplay(
                    path: "\(folder)/\(entry.capture)", ends: entry.ends, mode: entry.mode,
                    dialect: entry.dialect, withoutRules: withoutRules, trial: trial, link: link,
                    showsProgress: false),
                expected: "\(folder)/\(entry.expected)")
        }
    }
}

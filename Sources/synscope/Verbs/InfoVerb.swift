import ArgumentParser
import CaptureStore
import Reporting
import Signals

/// `synscope info`: what a capture says about itself.
struct InfoVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show where a capture comes from and what it holds, without reading its edges.")

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Flag(help: "Write one JSON object.")
    var json = false

    func run() throws {
        let capture = try Capture(opening: self.capture)
        if json {
            try TextOutput.write(try object(of: capture).text, to: nil, replacing: false)
        } else {
            for (name, value) in try rows(of: capture) {
                for line in Self.lines(name, value) { try Console.print(line) }
            }
        }
        if capture.metadata.secrets == .present {
            Console.note(
                "warning: passwords are on the wires of this capture; `synscope scrub` makes a "
                    + "copy without them")
        }
    }

    private static let nameWidth = 14

    /// A value of several lines, or of a long one, goes on below its beginning.
    private static func lines(_ name: String, _ value: String) -> [String] {
        var head = name + String(repeating: " ", count: max(1, nameWidth - name.count))
        var lines: [String] = []
        for line in value.split(separator: "\n", omittingEmptySubsequences: false) {
            let wrapped = TextWidth.wrap(
                String(line), width: max(TextWidth.range.lowerBound, Console.width) - nameWidth)
            for part in wrapped {
                lines.append(head + part)
                head = String(repeating: " ", count: nameWidth)
            }
        }
        return lines
    }

    private func rows(of capture: Capture) throws -> [(String, String)] {
        let metadata = capture.metadata
        let span = (capture.end - capture.observationStart).count
        var rows = [
            ("edges", CountText.grouped(capture.edgeCount)),
            ("duration", TimeText.seconds(span, digits: 3) + " s"),
            (
                "stored",
                "\(CountText.counted(capture.chunkCount, "chunk")), "
                    + "\(CountText.grouped(capture.payloadBytes)) bytes"
                    + (capture.edgeCount > 0 ? ", \(bytesPerEdge(of: capture)) bytes an edge" : "")
            ),
        ]
        let facts: [(String, String?)] = [
            ("source", metadata.source), ("instrument", metadata.instrument),
            ("clock", metadata.clock),
            ("resolution", metadata.resolution.map { TimeText.span($0.count) }),
            ("accuracy", metadata.accuracy),
            ("begun", metadata.startText.map { "\($0) (as the source of the capture says)" }),
            ("written by", metadata.toolVersion), ("notes", metadata.notes),
        ]
        rows += facts.compactMap { fact in fact.1.map { (fact.0, $0) } }
        rows += metadata.extra.map { entry in
            let lineCount = entry.value.split(separator: "\n").count
            return (entry.key, lineCount > 1 ? "\(lineCount) lines; --json has them" : entry.value)
        }
        rows.append(
            (
                "channels",
                Self.text(of: capture.channels)
            ))
        rows.append(("annotations", Self.text(ofAnnotations: try capture.countAnnotations())))
        rows.append(("passwords", passwords(metadata.secrets)))
        rows.append(("known gaps", gaps(of: capture)))
        if !capture.isFinished { rows.append(("state", "still being recorded, or cut short")) }
        return rows
    }

    private static func text(ofAnnotations count: Int64?) -> String {
        guard let count else { return "none; `synscope annotate` writes them for SQL" }
        return "\(CountText.grouped(count)), with the views message, publication and watchdog"
    }

    /// The names of channels, and how their edges came to be known.
    private static func text(of channels: [CaptureChannel]) -> String {
        let ways: [(CaptureChannel.Seen, String)] = [
            (.read, "seen by an instrument"), (.driven, "driven by the recorder itself"),
        ]
        return ways.compactMap { way, words in
            let names = channels.filter { $0.seen == way }.map(\.name)
            return names.isEmpty ? nil : names.joined(separator: ", ") + " (\(words))"
        }.joined(separator: "; ")
    }

    private func bytesPerEdge(of capture: Capture) -> String {
        CountText.decimal(Double(capture.payloadBytes) / Double(capture.edgeCount), decimals: 2)
    }

    private func passwords(_ secrets: CaptureMetadata.Secrets) -> String {
        switch secrets {
        case .unknown: "not known: nobody looked, or no frame could be read"
        case .none: "none"
        case .notSeen: "none found: there is no init, which would hold them"
        case .present: "present"
        case .scrubbed: "replaced"
        }
    }

    private func gaps(of capture: Capture) -> String {
        guard let first = capture.gaps.first else {
            return "none known from the source; `synscope report` checks the rules of the link"
        }
        return "\(capture.gaps.count), the first at "
            + TimeText.seconds(first.start.nanoseconds) + " s"
    }

    private func object(of capture: Capture) throws -> JSONValue {
        let metadata = capture.metadata
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            "capture": .string(capture.path),
            "edges": .integer(capture.edgeCount),
            "observationStart": .integer(capture.observationStart.nanoseconds),
            "start": .integer(capture.start.nanoseconds),
            "end": .integer(capture.end.nanoseconds),
            "chunks": .integer(capture.chunkCount),
            "payloadBytes": .integer(capture.payloadBytes),
            "finished": .boolean(capture.isFinished),
            "source": text(metadata.source),
            "instrument": text(metadata.instrument),
            "clock": text(metadata.clock),
            "resolution": metadata.resolution.map { .integer($0.count) } ?? .null,
            "accuracy": text(metadata.accuracy),
            "begun": text(metadata.startText),
            "tool": text(metadata.toolVersion),
            "notes": text(metadata.notes),
            "annotations": JSONValue(try capture.countAnnotations()),
            "secrets": .string(metadata.secrets.rawValue),
            "extra": .object(
                metadata.extra.map { ($0.key, .string($0.value)) }),
            "channels": .array(
                capture.channels.map { channel in
                    [
                        "index": .integer(Int64(channel.channel.index)),
                        "name": .string(channel.name),
                        "initialLevel": .integer(Int64(channel.initialLevel.rawValue)),
                        "seen": .string(channel.seen.rawValue),
                    ]
                }),
            "gaps": .array(
                capture.gaps.map { gap in
                    [
                        "start": .integer(gap.start.nanoseconds),
                        "end": .integer(gap.end.nanoseconds),
                        "reason": .string("\(gap.reason.name)"),
                        "channel": gap.channel.map { .string($0.wireName) } ?? .null,
                    ]
                }),
        ]
    }
}

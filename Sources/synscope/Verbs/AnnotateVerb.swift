import ArgumentParser
import CaptureStore
import Decoding
import LinkProtocol
import Reporting
import Signals

/// `synscope annotate`: what a capture means, written into it.
struct AnnotateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate",
        abstract: "Write into a capture what it means, for SQL, and its application's log.",
        discussion: """
            The edges of a capture are packed, and SQLite cannot decode them. This stores what \
            `decode` tells in a table of its own, with views for messages, publications and the \
            watchdog, passwords masked:

              synscope annotate trace.syn
              sqlite3 trace.syn 'select topic, message, latency_ns / 1e6 from publication'

            With the log of the host's application, `decode` and `report` also tell what it saw: \
            calls, returns, and publications that never reached the wire.

              synscope annotate trace.syn --log host.jsonl
              synscope annotate trace.syn --log host.jsonl -o annotated.syn

            Without -o the capture itself is changed, all at once or not at all. Its edges stay. \
            What was annotated before is replaced, and so is the log if another one is given.
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @OptionGroup var logOptions: LogOptions

    @Option(
        name: [.short, .customLong("output")],
        help: "Write a copy with all of it to this file, and leave the capture as it is.")
    var output: String?

    @Flag(help: "Replace the output file if it exists.")
    var force = false

    @OptionGroup var link: LinkOptions

    func run() throws {
        if let output {
            try OutputGuard.check(output, isNone: [capture] + (logOptions.log.map { [$0] } ?? []))
        }
        let log = try logOptions.read()
        let capture = try Capture(opening: self.capture)
        let link = try link.resolved(for: capture)
        let placed = try log.map {
            try LogPlacement(capture: capture, link: link).place($0, options: logOptions)
        }
        let pass = AnnotationPass(capture: capture, link: link)
        func change(_ editor: CaptureEditor) throws -> AnnotationPass.Summary {
            try placed?.write(to: editor)
            return try pass.write(
                to: editor, journal: JournalSource(of: capture, replacingLogBy: placed?.records))
        }
        var summary = AnnotationPass.Summary()
        if let output {
            try CaptureCopy.make(of: capture, at: output, replacing: force) {
                summary = try change($0)
            }
        } else {
            let editor = try CaptureEditor(editing: self.capture)
            summary = try change(editor)
            try editor.commit()
        }
        placed?.tell()
        Console.note("\(output ?? self.capture): \(summary.text)")
    }
}

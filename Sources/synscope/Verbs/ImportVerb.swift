import ArgumentParser
import CaptureStore
import Decoding
import Signals

#if Sigrok
import SigrokTransport
#endif

/// `synscope import`: another program's file becomes a capture.
struct ImportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a capture of a value change dump (VCD) or of a session of sigrok (.sr).",
        discussion: """
            The wires are found by the host's names (reset, stx, sckout, srx, sckin), the bridge's \
            (mrx, mckin, mtx, mckout), by --map or by --pinout:

              synscope import trace.vcd -o trace.syn
              synscope import logic.vcd -o trace.syn \\
                  --map reset=ch0,stx=ch1,sckout=ch2,srx=ch3,sckin=ch4

            A file that states a level which a wire already has has lost an edge before it: that \
            becomes a gap. Use --restated ignore for programs that repeat levels by habit.

            A session of sigrok or PulseView is told apart by its content. Its channels D0 to D4 are \
            taken as reset, stx, sckout, srx, sckin when nothing else says which they are:

              synscope import trace.sr -o trace.syn
              synscope import trace.sr -o trace.syn \\
                  --map reset=none,stx=D1,sckout=D2,srx=D3,sckin=D6

            With the log of the host's application, `decode` and `report` also tell what it saw:

              synscope import trace.vcd -o trace.syn --log host.jsonl
            """)

    @Argument(help: "The file to import; - is a dump from standard input.")
    var input: String

    @OptionGroup var target: OutputOptions

    @OptionGroup var wiring: WiringOptions

    @OptionGroup var dump: DumpReadingOptions

    @Option(
        help: """
            How often the instrument looked, such as 100kHz; if not given, what a session says, or \
            the grid on which a dump's edges lie.
            """)
    var sampleRate: SampleRateArgument?

    @Option(help: "What was recorded, in a line of text; the file's name if not given.")
    var source: String?

    @Option(help: "Anything else worth knowing about the recording; may be given several times.")
    var note: [String] = []

    @OptionGroup var logOptions: LogOptions

    @OptionGroup var link: LinkOptions

    func validate() throws {
        if input == "-", logOptions.log == "-" {
            throw ValidationError("standard input is either the dump or the log")
        }
    }

    func run() throws {
        try OutputGuard.check(target.output, isNone: [input] + (logOptions.log.map { [$0] } ?? []))
        let log = try logOptions.read()
        let channelMap = try wiring.channelMap()
        // By what is in the file, whatever it is called. A pipe cannot be looked into.
        guard input != "-", FileKind(ofFile: input) == .zip else {
            return try store(dump.open(input, map: channelMap, unknown: .error), log: log)
        }
        if let option = dump.used.first {
            throw Failure(
                .failed, "\(option) is for dumps, and \(input) is a session of sigrok; leave it out"
            )
        }
        #if Sigrok
        do {
            let file = try SigrokFile(path: input)
            try store(file.source(map: channelMap, stated: sampleRate), log: log)
        } catch let error as SigrokError {
            throw Failure(error)
        }
        #else
        throw BuildTrait.missing("Sigrok", for: "\(input), a session of sigrok")
        #endif
    }

    /// Makes the capture.
    private func store(_ source: some ImportSource, log: ApplicationLog?) throws {
        let writer = try CaptureWriter(
            creating: target.output, metadata: metadata(of: source), channels: source.channels,
            replacing: target.force)
        var pass = ImportPass(source, storedBy: writer, link: link, title: "importing \(input)")
        try pass.run()
        let (reader, summary, wiring) = (pass.input, pass.summary, pass.wiring)
        for note in reader.notes { try writer.append(record: note) }
        writer.metadata.secrets = summary.secrets
        writer.metadata.resolution = try reader.resolution(stated: sampleRate)
        if Interrupt.isRequested {
            let notes = note + ["The import was interrupted."]
            writer.metadata.notes = notes.joined(separator: "\n")
        }
        var placed: PlacedLog?
        if let log, !Interrupt.isRequested {
            try writer.finish(at: reader.end) { capture, edit in
                let placement = LogPlacement(capture: capture, link: link)
                placed = try placement.place(log, options: logOptions)
                let editor = try edit()
                try placed?.write(to: editor)
                try editor.commit()
            }
        } else {
            try writer.finish(at: reader.end)
        }
        tell(summary, reader: reader)
        for finding in wiring.misjoined {
            Console.note("warning: \(WiringText.describe(finding))")
        }
        placed?.tell()
        if Interrupt.isRequested { throw Failure(.interrupted, "interrupted: the rest is missing") }
    }

    private func metadata(of reader: some ImportSource) -> CaptureMetadata {
        var metadata = reader.origin
        metadata.source = source ?? metadata.source
        metadata.observationStart = reader.start > .zero ? reader.start : nil
        metadata.accuracy = "not calibrated"
        metadata.toolVersion = "synscope \(Synscope.version)"
        metadata.extra += link.remembered
        metadata.notes = note.isEmpty ? nil : note.joined(separator: "\n")
        return metadata
    }

    private func tell(_ summary: ImportSummary, reader: some ImportSource) {
        for remark in reader.remarks { Console.note(remark) }
        let text = summary.text(edges: reader.edgeCount, duration: reader.end - reader.start)
        Console.note("\(target.output): \(text)")
        if let complaint = LegibilityText.complaint(of: summary.legibility) {
            Console.note("warning: \(complaint)")
        }
        if summary.holdsSecret {
            Console.note("It holds passwords: `synscope scrub` makes a copy without them.")
        }
    }
}

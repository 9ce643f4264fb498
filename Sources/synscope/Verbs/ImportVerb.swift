import ArgumentParser
import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// `synscope import`: another program's file becomes a capture.
struct ImportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a capture of a value change dump (VCD).",
        discussion: """
            The wires are found by the host's names (reset, stx, sckout, srx, sckin), the bridge's \
            (mrx, mckin, mtx, mckout) or by --map:

              synscope import trace.vcd -o trace.syn
              synscope import logic.vcd -o trace.syn \\
                  --map reset=ch0,stx=ch1,sckout=ch2,srx=ch3,sckin=ch4

            A file that states a level which a wire already has has lost an edge before it: that \
            becomes a gap. Use --restated ignore for programs that repeat levels by habit.

            With the log of the host's application, `decode` and `report` also tell what it saw:

              synscope import trace.vcd -o trace.syn --log host.jsonl
            """)

    @Argument(help: "The file to import; - is standard input.")
    var input: String

    @OptionGroup var target: OutputOptions

    @Option(help: "Which signal is which wire: WIRE=SIGNAL,…; none if it was not recorded.")
    var map: String?

    @Option(help: "A level stated again: gap (an edge before it is lost) or ignore.")
    var restated: Restated = .gap

    @Option(help: "Levels x and z: error, or gap (that wire is unknown until it is known again).")
    var unknown: Unknown = .error

    @Option(
        help: """
            How often the instrument looked, such as 100kHz; if not given, the grid on which the \
            file's edges lie.
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

    enum Restated: String, ExpressibleByArgument, CaseIterable { case gap, ignore }
    enum Unknown: String, ExpressibleByArgument, CaseIterable { case error, gap }

    func run() throws {
        try OutputGuard.check(target.output, isNone: [input] + (logOptions.log.map { [$0] } ?? []))
        let log = try logOptions.read()
        let channelMap = try map.map { try ChannelMap(parsing: $0) } ?? ChannelMap()
        let dump = try openInput(map: channelMap)
        let writer = try CaptureWriter(
            creating: target.output, metadata: metadata(of: dump), channels: dump.channels,
            replacing: target.force)
        // Stored is what the file says; the decoder gets it in the order of the handshake.
        var source = HandshakeOrderedSource(StoredSource(dump, storedBy: writer))
        let (summary, wiring) = try decode(&source)
        let reader = source.base.base
        for note in reader.notes { try writer.append(record: note) }
        writer.metadata.secrets = summary.secrets
        writer.metadata.resolution =
            try sampleRate?.resolution(unit: reader.unit, grid: reader.grid, path: input)
            ?? reader.resolution
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

    /// Reads all edges and decodes them for what is told at the end.
    private func decode(
        _ source: inout HandshakeOrderedSource<StoredSource<VCDReader>>
    ) throws -> (ImportSummary, WiringCheck) {
        var summary = ImportSummary(vocabulary: link.decoderConfiguration.vocabulary)
        let reader = source.base.base
        var wiring = WiringCheck(start: reader.start, levels: reader.initialLevels)
        var configuration = link.decoderConfiguration
        configuration.observationStart = source.base.base.start
        var decoder = LinkDecoder(configuration: configuration)
        var batch = EdgeBatch(levels: source.base.base.initialLevels)
        var progress = Progress(
            "importing \(input)", total: Double(source.base.base.bytesTotal ?? 0))
        defer { progress.end() }
        func take(_ batch: EdgeBatch) {
            summary.take(batch)
            wiring.take(batch)
            decoder.decode(batch)
            for event in decoder.takeEvents() { summary.take(event) }
        }
        while !Interrupt.isRequested, try source.read(into: &batch) {
            take(batch)
            progress.update(Double(source.base.base.bytesRead))
        }
        // What is stored is looked at, even if the rest of the file is not read.
        while source.readRest(into: &batch) { take(batch) }
        decoder.finish(at: source.base.base.end)
        for event in decoder.takeEvents() { summary.take(event) }
        return (summary, wiring)
    }

    private func openInput(map: ChannelMap) throws -> VCDReader {
        do {
            return try VCDReader(
                path: input, map: map, restated: restated == .gap ? .gap : .ignore,
                unknown: unknown == .gap ? .gap : .error,
                isEndRequested: { Interrupt.isRequested })
        } catch  where Interrupt.isRequested {
            throw Failure(.interrupted, "interrupted before the first levels: nothing is written")
        }
    }

    private func metadata(of reader: VCDReader) -> CaptureMetadata {
        var metadata = CaptureMetadata()
        metadata.source = source ?? "value change dump \(input.lastPathComponent)"
        metadata.instrument = reader.version
        metadata.startText = reader.declaredDate
        metadata.observationStart = reader.start > .zero ? reader.start : nil
        metadata.accuracy = "not calibrated"
        metadata.toolVersion = "synscope \(Synscope.version)"
        metadata.extra = link.remembered
        metadata.notes = note.isEmpty ? nil : note.joined(separator: "\n")
        return metadata
    }

    private func tell(_ summary: ImportSummary, reader: VCDReader) {
        for warning in reader.warnings { Console.note("warning: \(warning)") }
        if !reader.ignoredSignals.isEmpty {
            Console.note("ignored signals: \(reader.ignoredSignals.joined(separator: ", "))")
        }
        Console.note(
            "\(target.output): \(summary.text(edges: reader.edgeCount, duration: reader.end - reader.start))"
        )
        if let complaint = LegibilityText.complaint(of: summary.legibility) {
            Console.note("warning: \(complaint)")
        }
        if summary.holdsSecret {
            Console.note("It holds passwords: `synscope scrub` makes a copy without them.")
        }
    }
}

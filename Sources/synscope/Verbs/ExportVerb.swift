import ArgumentParser
import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// `synscope export`: a capture for other programs.
struct ExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a capture, or a part of it, for another program.",
        discussion: """
            VCD opens in GTKWave, PulseView and most simulators. Times stay those of the capture: a part \
            begins at --from, so that what came before does not count as idle when it is imported.

              synscope export trace.syn -o trace.vcd
              synscope export trace.syn -o part.vcd --from 9 --to 13 \\
                  --channels sckout,sckin

            A session of sigrok opens in PulseView and sigrok-cli. It holds samples, so edges move to \
            the next one, and of several between two samples only the last level is left.

              synscope export trace.syn -o trace.sr
              synscope export trace.syn -o part.sr --from 9 --to 13 --sample-rate 100kHz
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case vcd
        case sr

        /// The format of a file that has this name.
        init(ofFile path: String) { self = path.lowercased().hasSuffix(".sr") ? .sr : .vcd }
    }

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Option(
        help: """
            vcd (value change dump, 1 ns) or sr (session of sigrok, samples). (default: by the \
            output's name, else vcd)
            """)
    var format: Format?

    @Option(
        help: """
            Samples a second of a session, such as 1MHz. (default: the rate at which the capture was \
            sampled, else 1MHz)
            """)
    var sampleRate: SampleRateArgument?

    @Option(
        name: [.short, .customLong("output")], help: "The file to write; - is standard output.")
    var output: String

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @Option(parsing: .unconditional, help: "Begin at this time: 9, 9.5s, 250ms.")
    var from: TimeArgument?

    @Option(parsing: .unconditional, help: "End before this time.")
    var to: TimeArgument?

    @Option(help: "Only these channels, such as sckout,sckin.")
    var channels: String?

    func run() throws {
        try OutputGuard.check(output, isNone: [self.capture])
        let capture = try Capture(opening: self.capture)
        try TimeRange(from: from, to: to, excludesEnd: true).check(in: capture)
        let chosen = try chosenChannels(of: capture)
        let start = max(from?.timestamp ?? capture.observationStart, capture.observationStart)
        var source =
            from == nil && to == nil
            ? try capture.edges() : try capture.edges(from: start, to: to?.timestamp)
        var batch = EdgeBatch(levels: capture.initialLevels)
        var hasMore = try source.read(into: &batch)
        let end = min(to?.timestamp ?? capture.end, capture.end)
        let sink = try open(
            ExportStretch(
                start: start, end: end, levels: hasMore ? batch.levels : capture.initialLevels,
                channels: chosen, firstEdge: batch.edges.first?.time, metadata: capture.metadata))
        var progress = Progress("exporting \(self.capture)", total: Double(capture.edgeCount))
        while hasMore, !Interrupt.isRequested {
            try sink.append(batch)
            progress.update(Double(source.edgesBefore))
            hasMore = try source.read(into: &batch)
        }
        try sink.finish(at: hasMore ? batch.edges.first?.time ?? end : end)
        progress.end()
        for remark in sink.remarks { Console.note(remark) }
        try warn(of: capture, in: chosen)
        if Interrupt.isRequested { throw Failure(.interrupted, "interrupted: the rest is missing") }
    }

    private func open(_ stretch: ExportStretch) throws -> any ExportSink {
        switch format ?? Format(ofFile: output) {
        case .vcd:
            guard sampleRate == nil else {
                throw Failure(
                    .failed, "--sample-rate is for --format sr; a dump has every edge at its time")
            }
            return try DumpSink(stretch, path: output, replacing: force)
        case .sr:
            #if Sigrok
            return try SigrokSink(stretch, path: output, replacing: force, rate: sampleRate)
            #else
            throw BuildTrait.missing("Sigrok", for: "--format sr")
            #endif
        }
    }

    /// Says that passwords leave the house, unless the data wires that carry them do not, or the
    /// stretch has none of them.
    private func warn(of capture: Capture, in channels: [CaptureChannel]) throws {
        let ends = LinkEnd.allCases.filter { end in channels.contains { $0.channel == end.data } }
        guard !ends.isEmpty else { return }
        switch capture.metadata.secrets {
        case .present where try holdsSecret(capture, from: ends):
            Console.note(
                "warning: \(output) holds passwords on the wires; `synscope scrub` first if you "
                    + "want to pass it on")
        case .unknown:
            Console.note(
                "warning: nobody has looked for passwords in \(output); `synscope scrub` first if "
                    + "you want to pass it on")
        case .present, .none, .notSeen, .scrubbed: break
        }
    }

    /// Whether a frame of one of these ends shows a secret in the exported stretch. If the capture
    /// cannot be read the answer is yes.
    private func holdsSecret(_ capture: Capture, from ends: [LinkEnd]) throws -> Bool {
        let link = try LinkOptions.parse([]).resolved(for: capture)
        let book = try SecretSearch(link: link).book(of: capture)
        let pass = CapturePass(capture: capture, title: "looking for passwords in")
        var holdsSecret = book.forgottenCount > 0
        let (_, legibility) = try pass.decode(link.decoderConfiguration) { event in
            guard case .message(let message) = event, ends.contains(message.frame.from),
                SecretSearch.shows(secretsOf: book, event)
            else { return }
            let isBefore = from.map { message.frame.end < $0.timestamp } ?? false
            let isBehind = to.map { message.frame.start >= $0.timestamp } ?? false
            if !isBefore, !isBehind { holdsSecret = true }
        }
        return holdsSecret || legibility.problem != nil
    }

    private func chosenChannels(of capture: Capture) throws -> [CaptureChannel] {
        guard let channels else { return capture.channels }
        let names = channels.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        let known = capture.channels.map(\.name)
        guard !names.isEmpty else {
            throw Failure(
                .failed, "--channels: name at least one of \(known.joined(separator: ", "))")
        }
        if let name = names.first(where: { !known.contains($0) }) {
            throw Failure(
                .failed,
                "--channels: there is no channel \(name), only \(known.joined(separator: ", "))")
        }
        return capture.channels.filter { names.contains($0.name) }
    }
}

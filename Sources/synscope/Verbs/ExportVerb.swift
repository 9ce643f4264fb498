import ArgumentParser
import CaptureStore
import Decoding
import LinkProtocol
import Reporting
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
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case vcd }

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Option(help: "vcd (value change dump, 1 ns).")
    var format: Format = .vcd

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
        // The format has no times before 0.
        let shift = Nanoseconds(max(0, -start.nanoseconds))
        var batch = EdgeBatch(levels: capture.initialLevels)
        var hasMore = try source.read(into: &batch)
        let writer = try VCDWriter(
            path: output, channels: chosen,
            initialLevels: hasMore ? batch.levels : capture.initialLevels, start: start + shift,
            metadata: metadata(of: capture, shift: shift), replacing: force)
        var progress = Progress("exporting \(self.capture)", total: Double(capture.edgeCount))
        while hasMore, !Interrupt.isRequested {
            if shift > .zero { batch.shift(by: shift) }
            try writer.append(batch)
            progress.update(Double(source.edgesBefore))
            hasMore = try source.read(into: &batch)
        }
        progress.end()
        let end = min(to?.timestamp ?? capture.end, capture.end)
        try writer.finish(at: (hasMore ? batch.edges.first?.time ?? end : end) + shift)
        if shift > .zero {
            Console.note(
                "A dump has no times before 0: 0 of the capture is at "
                    + "\(TimeText.seconds(shift.count)) s in it.")
        }
        try warn(of: capture, in: chosen)
        if Interrupt.isRequested { throw Failure(.interrupted, "interrupted: the rest is missing") }
    }

    /// What the dump says about itself: also where time 0 of the capture is, if it is not at 0.
    private func metadata(of capture: Capture, shift: Nanoseconds) -> CaptureMetadata {
        var metadata = capture.metadata
        if shift > .zero {
            metadata.source =
                (metadata.source.map { $0 + "; " } ?? "")
                + "time 0 of the capture is at #\(shift.count)"
        }
        return metadata
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

extension EdgeBatch {
    /// Moves all times.
    fileprivate mutating func shift(by span: Nanoseconds) {
        if let gap {
            self.gap?.start = gap.start + span
            self.gap?.end = gap.end + span
        }
        for index in edges.indices { edges[index].time = edges[index].time + span }
    }
}

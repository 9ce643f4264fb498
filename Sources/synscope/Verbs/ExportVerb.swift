import ArgumentParser
import CaptureStore
import Reporting
import Signals

/// `synscope export`: a capture for other programs.
struct ExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a capture, or a part of it, for another program.",
        discussion: """
            VCD opens in GTKWave, PulseView and most simulators. Times stay those of the capture.

              synscope export trace.syn -o trace.vcd
              synscope export trace.syn -o part.vcd --from 9 --to 13 --channels sckout,sckin
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

    @Option(help: "Begin at this time: 9, 9.5s, 250ms.")
    var from: TimeArgument?

    @Option(help: "End before this time.")
    var to: TimeArgument?

    @Option(help: "Only these channels, such as sckout,sckin.")
    var channels: String?

    func run() throws {
        let capture = try Capture(opening: self.capture)
        try checkRange(of: capture)
        let chosen = try chosenChannels(of: capture)
        let start = max(from?.timestamp ?? capture.start, .zero)
        var source =
            from == nil && to == nil
            ? try capture.edges() : try capture.edges(from: start, to: to?.timestamp)
        var batch = EdgeBatch(levels: capture.initialLevels)
        var hasMore = try source.read(into: &batch)
        let writer = try VCDWriter(
            path: output, channels: chosen,
            initialLevels: hasMore ? batch.levels : capture.initialLevels,
            metadata: capture.metadata, replacing: force)
        var progress = Progress("exporting \(self.capture)", total: Double(capture.edgeCount))
        while hasMore, !Interrupt.isRequested {
            try writer.append(batch)
            progress.update(Double(source.edgesBefore))
            hasMore = try source.read(into: &batch)
        }
        progress.end()
        let end = min(to?.timestamp ?? capture.end, capture.end)
        try writer.finish(at: hasMore ? batch.edges.first?.time ?? end : end)
        warn(of: capture.metadata.secrets)
        if Interrupt.isRequested { throw Failure(.interrupted, "interrupted: the rest is missing") }
    }

    private func warn(of secrets: CaptureMetadata.Secrets) {
        switch secrets {
        case .present:
            Console.note(
                "warning: \(output) holds passwords on the wires; `synscope scrub` first if you "
                    + "want to pass it on")
        case .unknown:
            Console.note(
                "warning: nobody has looked for passwords in \(output); `synscope scrub` first if "
                    + "you want to pass it on")
        case .none, .scrubbed: break
        }
    }

    /// A range in which nothing can be is a slip of the pen.
    private func checkRange(of capture: Capture) throws {
        let start = min(.zero, capture.start)
        let isEmpty =
            if let from, let to { to.timestamp <= from.timestamp } else { false }
        let isBeyond =
            (from.map { $0.timestamp > capture.end } ?? false)
            || (to.map { $0.timestamp <= start } ?? false)
        guard isEmpty || isBeyond else { return }
        throw Failure(
            .failed,
            "--from and --to leave nothing: \(capture.path) goes from "
                + "\(TimeText.seconds(start.nanoseconds)) to "
                + "\(TimeText.seconds(capture.end.nanoseconds)) s")
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

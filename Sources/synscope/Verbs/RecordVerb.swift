import ArgumentParser
import CaptureStore
import Decoding
import Glibc
import PinFileTransport
import Reporting
import Signals

/// `synscope record`: edges into a capture while they happen.
struct RecordVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a link while it runs, all of it or what lies around a trigger.",
        discussion: """
            Everything is on disk within half a second, and the capture can be read while it is \
            recorded. Ctrl-C, or SIGTERM, completes the file.

            Examples:
              synscope record --gpio auto --pinout raspberry-pi -o trace.syn
              synscope record --sigrok fx2lafw --sample-rate 1MHz -o trace.syn
              synscope record --wires /dev/shm/link.wires -o trace.syn
              sigrok-cli -d fx2lafw -c samplerate=1m --continuous -O vcd |
                synscope record --vcd - -o trace.syn \\
                --map reset=D0,stx=D1,sckout=D2,srx=D3,sckin=D4
              synscope record --vcd /tmp/pipe -o trace.syn --for 10m
              synscope record --vcd - -o trace.syn \\
                --rotate-size 100M --rotate-time 24h

            With rotation the files are trace-0001.syn, trace-0002.syn and so on. The next one \
            begins where the link is next reset, so that each can be decoded from its beginning; \
            at twice a limit in an idle moment of the link, and at three times anywhere.

            With --trigger a capture holds what lies around a moment, which is its time 0, and the \
            recording waits for it as long as it takes:
              synscope record --vcd - -o reset.syn --trigger falling:reset
              synscope record --vcd - -o slow.syn --pre 10s --trigger 'latency>200ms'
              synscope record --vcd - -o bad.syn --repeat \\
                --trigger error --trigger reset
              synscope record --vcd - -o alarm.syn --trigger 'type:publish & text:alarm'
            A capture can be searched in the same way:
              synscope record --capture trace.syn -o cut.syn \\
                --trigger 'rising:sckout & sckin=0'
            text: is looked for in what `decode` shows as message, regex: in its whole line, as \
            `decode --grep` does; type: has the types of `decode --type`. With spaces around an & or \
            at its ends a TEXT or PATTERN stands in quotation marks: text:"a & b".
            """)

    @OptionGroup var gpioLines: GPIOOptions

    @OptionGroup var analyzer: SigrokOptions

    @Option(help: "Record a file of wires in shared memory, see `synscope wires`.")
    var wires: String?

    @OptionGroup var dump: DumpOptions

    @Option(help: "Record from a capture (.syn), to search and to cut it.")
    var capture: String?

    @OptionGroup var wiring: WiringOptions

    @OptionGroup var target: OutputOptions

    @OptionGroup var triggers: TriggerOptions

    @Option(name: .customLong("for"), help: "End after this time: 90s, 10m, 24h.")
    var span: TimeArgument?

    @Option(help: "End when all files together have this size: 500k, 100M, 2G.")
    var maxSize: SizeArgument?

    @Option(help: "Begin another file when one has this size: 500k, 100M, 2G.")
    var rotateSize: SizeArgument?

    @Option(help: "Begin another file when one spans this time: 10m, 24h.")
    var rotateTime: TimeArgument?

    @Option(
        help: """
            When the disk is too slow for too long: wait (and let the source wait), or gap (lose \
            edges, and say so in the capture). Wires, GPIO lines and analyzers cannot wait. (default: gap \
            for them, wait for a dump, a capture and sigrok's demo device)
            """)
    var overflow: Overflow?

    @Option(help: "Tell how it is going in a line every so often, such as 10s, also to a log.")
    var status: TimeArgument?

    @Flag(help: "Print the conversation on standard output, as decode does.")
    var decode = false

    @Option(help: "What is recorded, in a line of text.")
    var source: String?

    @Option(help: "Anything else worth knowing about the recording; may be given several times.")
    var note: [String] = []

    @OptionGroup var link: LinkOptions

    enum Overflow: String, ExpressibleByArgument, CaseIterable { case wait, gap }

    /// A smaller file would be mostly its own tables.
    private static let rotateBytesMin: Int64 = 100_000

    func validate() throws {
        for (name, time) in [("for", span), ("rotate-time", rotateTime), ("status", status)] {
            if let time, time.nanoseconds <= 0 { throw ValidationError("--\(name) is above 0") }
        }
        let sources = [gpioLines.gpio, analyzer.sigrok, wires, dump.vcd, capture]
            .count { $0 != nil }
        guard sources == 1 else {
            throw ValidationError(
                (sources == 0 ? "name what to record" : "record one thing at a time")
                    + ": --gpio CHIP, --sigrok DRIVER, --wires FILE, --vcd FILE or --capture FILE")
        }
        if capture != nil || wires != nil, wiring.map != nil || wiring.pinout != nil {
            throw ValidationError(
                "the wires of \(capture == nil ? "such a file" : "a capture") are known: "
                    + "no --map, no --pinout")
        }
        if overflow == .wait, gpioLines.gpio != nil || wires != nil || analyzer.isImpatient {
            let words = analyzer.isImpatient ? "an analyzer samples" : "lines change"
            throw ValidationError(
                "--overflow wait: \(words) whether anybody takes the edges or not; leave it out, "
                    + "for gap")
        }
        if let rotateSize, rotateSize.bytes < Self.rotateBytesMin {
            throw ValidationError("--rotate-size is at least 100k")
        }
        if triggers.isUsed, rotateSize != nil || rotateTime != nil {
            throw ValidationError("--trigger makes files of its own: it excludes --rotate-…")
        }
    }

    func run() throws {
        let deadline = RecordingDeadline(after: span)
        if let vcd = dump.vcd {
            try check(input: vcd)
            let dump = try dump.open(vcd, map: wiring.channelMap(), deadline: deadline)
            try record(dump, until: deadline, link: link)
        } else if let path = capture {
            try check(input: path)
            let capture = try Capture(opening: path)
            try record(
                StoredCaptureSource(capture), until: deadline, link: link.resolved(for: capture))
        } else if let path = wires {
            try check(input: path)
            try record(openWires(path), until: deadline, link: link)
        } else if let chip = gpioLines.gpio {
            #if GPIO
            try record(gpioLines.open(chip, wiring: wiring), until: deadline, link: link)
            #else
            throw BuildTrait.missing("GPIO", for: "--gpio \(chip)")
            #endif
        } else if let name = analyzer.sigrok {
            #if Sigrok
            let tap = try analyzer.open(
                name, wiring: wiring, span: span, mayWait: overflow != .gap)
            try record(tap, until: deadline, link: link)
            #else
            throw BuildTrait.missing("Sigrok", for: "--sigrok \(name)")
            #endif
        }
    }

    private func openWires(_ path: String) throws -> PinFileTap {
        do {
            return try PinFileTap(opening: path)
        } catch {
            throw Failure(.failed, error.description)
        }
    }

    /// Nothing that is written may take the place of what is read.
    private func check(input: String) throws {
        try OutputGuard.check(target.output, isNone: [input])
        if rotateSize != nil || rotateTime != nil || triggers.isSeries,
            RecordingPlan.mayName(input, asPartOf: target.output)
        {
            throw Failure(
                .failed, "\(input) has the name of a file of this recording; name another output")
        }
    }

    private func record(
        _ input: some RecordingSource, until deadline: RecordingDeadline, link: LinkOptions
    ) throws {
        // Whoever reads the conversation may leave; what is recorded stays more important.
        if decode { signal(SIGPIPE, SIG_IGN) }
        deadline.begin()
        let plan = plan(for: input, link: link)
        let limits = RecordingLimits(
            span: span.map { Nanoseconds($0.nanoseconds) }, bytesMax: maxSize?.bytes)
        let commentary = RecordingCommentary(
            of: input, vocabulary: link.decoderConfiguration.vocabulary,
            logInterval: status.map { Nanoseconds($0.nanoseconds) }, printsConversation: decode)
        if triggers.isUsed {
            var pass = try TriggeredPass(
                input, triggers: triggers.triggers(), plan: triggers.plan(plan),
                limits: limits, configuration: link.decoderConfiguration,
                commentary: commentary)
            try run(&pass)
        } else {
            var pass = try RecordingPass(
                input, plan: plan, limits: limits, configuration: link.decoderConfiguration,
                commentary: commentary)
            try run(&pass)
        }
    }

    private func run(_ pass: inout TriggeredPass<some RecordingSource>) throws {
        do {
            try pass.run()
        } catch let error as RecordingError {
            throw Self.failure(pass.failure, error.description)
        }
        tell(pass)
        if let failure = pass.failure { throw Self.failure(failure, pass.saved) }
        guard pass.files == 0 else { return }
        let watched = TimeText.seconds(pass.duration.count, digits: 2)
        let frames = CountText.counted(pass.commentary.summary.frames, "frame")
        throw Failure(
            .differs,
            "no trigger has fired in \(watched) s, with \(frames): nothing is written")
    }

    private func run(_ pass: inout RecordingPass<some RecordingSource>) throws {
        do {
            try pass.run()
        } catch let error as RecordingError {
            throw Self.failure(pass.failure, error.description)
        }
        tell(pass)
        if let failure = pass.failure {
            throw Self.failure(failure, RecordingStatusLine.saved(pass.status))
        }
    }

    /// The end of a recording that could not go on: what its source says, then what is on disk.
    private static func failure(_ source: (any Error)?, _ saved: String) -> Failure {
        Failure(.failed, (source.map { "\($0)\n" } ?? "") + saved)
    }

    private func plan(for input: some RecordingSource, link: LinkOptions) -> RecordingPlan {
        var plan = RecordingPlan(
            path: target.output, metadata: metadata(of: input, link: link),
            channels: input.channels)
        plan.start = input.start
        plan.replacing = target.force
        plan.overflow = (overflow ?? (input.canWait ? .wait : .gap)) == .wait ? .wait : .lose
        if rotateSize != nil || rotateTime != nil {
            plan.rotation = RotationLimits(
                bytesMax: rotateSize?.bytes, timeMax: rotateTime.map { Nanoseconds($0.nanoseconds) }
            )
        }
        return plan
    }

    private func metadata(
        of input: some RecordingSource, link: LinkOptions
    ) -> CaptureMetadata {
        var metadata = input.origin
        metadata.source = source ?? metadata.source
        metadata.observationStart = input.start == .zero ? nil : input.start
        metadata.accuracy = metadata.accuracy ?? "not calibrated"
        metadata.toolVersion = "synscope \(Synscope.version)"
        metadata.extra += link.remembered
        if !note.isEmpty { metadata.notes = note.joined(separator: "\n") }
        return metadata
    }

    private func tell(_ pass: TriggeredPass<some RecordingSource>) {
        for remark in pass.input.remarks { Console.note(remark) }
        let summary = pass.commentary.summary
        tellLegibility(of: summary, from: pass.input)
        if pass.holdsSecret {
            Console.note("It holds passwords: `synscope scrub` makes a copy without them.")
        }
    }

    private func tell(_ pass: RecordingPass<some RecordingSource>) {
        let (summary, status) = (pass.commentary.summary, pass.status)
        for remark in pass.input.remarks { Console.note(remark) }
        let files = status.progress.fileNumber
        let place = files > 1 ? "up to \(status.progress.path)" : status.progress.path
        let text = summary.text(edges: status.acceptedEdges, duration: pass.duration)
        Console.note("\(place): \(text), \(SizeArgument.text(status.progress.allBytes))")
        if status.lostEdges > 0 {
            Console.note(
                "The disk was too slow: \(CountText.counted(status.lostEdges, "edge")) lost, told "
                    + "as gaps of reason overflow.")
        }
        tellLegibility(of: summary, from: pass.input)
        if summary.holdsSecret {
            Console.note("It holds passwords: `synscope scrub` makes a copy without them.")
        }
    }

    /// Tells if what was recorded makes no sense as a link.
    private func tellLegibility(of summary: ImportSummary, from input: some RecordingSource) {
        let options =
            capture == nil
            ? "`--map` and `--pinout` of `synscope record`" : LegibilityText.importOptions
        guard
            let complaint = LegibilityText.complaint(of: summary.legibility, namedBy: options)
        else { return }
        Console.note(
            input.isDemonstration
                ? "The demonstration device carries no SynCom link: this only tries the recording."
                : "warning: \(complaint)")
    }
}

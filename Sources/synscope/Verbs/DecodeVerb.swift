public import ArgumentParser
import CaptureStore
public import Decoding
import LinkProtocol
public import Reporting
import Signals

/// `synscope decode`: the conversation, one line an event.
struct DecodeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Show the conversation: frames, resets, synchronisations, gaps.",
        discussion: """
            One line per frame and link event. H>B is host to bridge. `ms` is how long it was on \
            the wire. Times are seconds since the start of the capture.

            A capture with a journal, as of a simulation, also shows it: APP is the application, its \
            calls, returns and log (see `synscope annotate --log`); B>M and M>B are packets from \
            bridge to MQTT broker and back; BRG is what happens to the bridge; FAULT is what was put \
            in. --journal says how much.

            Examples:
              synscope decode trace.syn --from 9 --to 18.8
              synscope decode trace.syn --type publish --type status
              synscope decode trace.syn --grep 'out/.*qos=1'
              synscope decode trace.syn --json \\
                  | jq 'select(.type=="publish").fields'
              synscope decode trace.syn --follow --type publish

            Passwords are shown as ** unless --show-secrets is given.
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Option(help: "text (the default), ndjson (one JSON object per line) or csv.")
    var format: ConversationFormat?

    @Flag(help: "The same as --format ndjson.")
    var json = false

    @Option(parsing: .unconditional, help: "Leave out what begins earlier: 9, 9.5s, 250ms.")
    var from: TimeArgument?

    @Option(parsing: .unconditional, help: "Leave out what begins later.")
    var to: TimeArgument?

    @Option(help: "Only this type, such as publish or reset; may be given several times.")
    var type: [String] = []

    @Option(help: "Only lines in which this regular expression is found.")
    var grep: String?

    @Option(
        help: """
            How much of the journal: none, calls (calls, returns, and the application's log), usual \
            (also packets, faults, what goes wrong), all (also pings, statuses, messages and \
            arrivals; never timers). (default: usual; all with --type)
            """)
    var journal: JournalEvent.Detail?

    @Flag(
        name: .shortAndLong,
        help: "Of a capture that is being recorded, go on until it is complete; without a journal.")
    var follow = false

    @Flag(help: "Show passwords.")
    var showSecrets = false

    @OptionGroup var link: LinkOptions

    func validate() throws {
        let known =
            DecodedMessage.typeNames + LinkEvent.typeNames + JournalEvent.typeNames
        for name in type where !known.contains(name) {
            let near = NearNames.of(name, among: known).first
            throw ValidationError(
                "--type \(name) is unknown" + (near.map { "; did you mean \($0)?" } ?? ";")
                    + " There are \(known.joined(separator: ", "))")
        }
        if json, let format, format != .ndjson {
            throw ValidationError("--json and --format \(format) exclude each other")
        }
        if follow, let journal, journal != .none {
            throw ValidationError("--follow shows what is on the wires, and no --journal")
        }
    }

    func run() throws {
        let capture = try open()
        if !follow { try TimeRange(from: from, to: to).check(in: capture) }
        let filter = try filter()
        let link = try link.resolved(for: capture)
        let secrets = try showSecrets ? nil : SecretSearch(link: link).bookForMasking(of: capture)
        let format = chosenFormat
        let writer = ConversationWriter(format: format, secrets: secrets)
        for line in writer.header { try Console.print(line) }
        let legibility: Legibility
        if follow {
            var pass = FollowPass(
                capture: capture, filter: filter, format: format, secrets: secrets)
            legibility = try pass.run(link.decoderConfiguration)
        } else {
            legibility = try decode(capture, link, filter, by: writer)
        }
        if let complaint = LegibilityText.complaint(of: legibility) {
            try Console.flush()
            Console.note("warning: \(capture.path): \(complaint)")
        }
    }

    private func open() throws -> Capture {
        do throws(CaptureError) {
            return try Capture(opening: capture)
        } catch {
            guard follow, case .noSuchFile = error else { throw error }
            throw Failure(
                .failed,
                "\(capture): no such file; start the recorder first (with --trigger there is no "
                    + "file before it fires)")
        }
    }

    private var chosenFormat: ConversationFormat { json ? .ndjson : format ?? .text }

    private func filter() throws -> ConversationFilter {
        var filter = ConversationFilter()
        filter.types = type
        filter.from = from?.timestamp
        filter.to = to?.timestamp
        filter.wantsColour = chosenFormat == .text && Console.wantsColour
        if let grep {
            do throws(LineExpressionError) {
                filter.expression = try LineExpression(grep)
            } catch {
                throw Failure(.failed, "--grep '\(grep)' cannot be searched for: \(error)")
            }
        }
        return filter
    }

    private func decode(
        _ capture: Capture, _ link: LinkOptions, _ filter: ConversationFilter,
        by writer: ConversationWriter
    ) throws -> Legibility {
        let detail = journal ?? (type.isEmpty ? .usual : .all)
        let journal =
            detail == .none
            ? JournalSource() : JournalSource(of: capture) { $0.detail <= detail }
        var damaged = DamagedRecords(path: self.capture)
        let (_, legibility) = try CapturePass(capture: capture, title: "decoding")
            .decode(link.decoderConfiguration, with: journal) { item in
                if case .journal(let event, _) = item, damaged.take(event) { return }
                try filter.print(item, by: writer)
            }
        damaged.finish()
        return legibility
    }
}

extension ConversationFormat: ExpressibleByArgument {}

extension JournalEvent.Detail: ExpressibleByArgument {}

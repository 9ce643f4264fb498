public import ArgumentParser
import CaptureStore
public import Decoding
import LinkProtocol
import Measurements
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
    }

    func run() throws {
        let capture = try Capture(opening: self.capture)
        try TimeRange(from: from, to: to).check(in: capture)
        var expression: Regex<AnyRegexOutput>?
        if let grep {
            do { expression = try Regex(grep) } catch {
                throw Failure(.failed, "--grep '\(grep)' is no regular expression: \(error)")
            }
        }
        let link = try link.resolved(for: capture)
        let secrets = try showSecrets ? nil : SecretSearch(link: link).bookForMasking(of: capture)
        let format = json ? .ndjson : format ?? .text
        let writer = ConversationWriter(format: format, secrets: secrets)
        let wantsColour = format == .text && Console.wantsColour
        for line in writer.header { try Console.print(line) }
        let pass = CapturePass(capture: capture, title: "decoding")
        let detail = journal ?? (type.isEmpty ? .usual : .all)
        let journal =
            detail == .none
            ? JournalSource() : JournalSource(of: capture) { $0.detail <= detail }
        var damaged = DamagedRecords(path: self.capture)
        let (_, legibility) = try pass.decode(link.decoderConfiguration, with: journal) { item in
            if case .journal(let event, _) = item, damaged.take(event) { return }
            for line in lines(of: item, by: writer) {
                if let expression, !line.contains(expression) { continue }
                try Console.print(wantsColour ? Self.coloured(line, item) : line)
            }
        }
        damaged.finish()
        if let complaint = LegibilityText.complaint(of: legibility) {
            try Console.flush()
            Console.note("warning: \(capture.path): \(complaint)")
        }
    }

    /// What is out of the ordinary stands out: red where something is lost, bold for a new start.
    private static func coloured(_ line: String, _ item: CapturePass.Item) -> String {
        switch item {
        case .event(.gap), .event(.watchdog): return "\u{1b}[31m\(line)\u{1b}[0m"
        case .event(.reset): return "\u{1b}[1m\(line)\u{1b}[0m"
        case .journal(let event, _):
            if case .fault = event.content { return "\u{1b}[31m\(line)\u{1b}[0m" }
            return line
        case .event: return line
        }
    }

    private func lines(of item: CapturePass.Item, by writer: ConversationWriter) -> [String] {
        switch item {
        case .event(let event):
            guard let name = event.typeName, let time = event.start, isWanted(name, time) else {
                return []
            }
            return writer.lines(for: event)
        case .journal(let event, let session):
            guard let name = event.typeName, isWanted(name, event.time) else { return [] }
            return writer.lines(for: event, session: session)
        }
    }

    private func isWanted(_ name: String, _ time: Timestamp) -> Bool {
        if !type.isEmpty, !type.contains(name) { return false }
        if let from, time < from.timestamp { return false }
        if let to, time > to.timestamp { return false }
        return true
    }
}

extension ConversationFormat: ExpressibleByArgument {}

extension JournalEvent.Detail: ExpressibleByArgument {}

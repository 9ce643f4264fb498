public import ArgumentParser
import CaptureStore
import Decoding
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

            Examples:
              synscope decode trace.syn --from 9 --to 18.8
              synscope decode trace.syn --type publish --type status
              synscope decode trace.syn --grep 'out/.*qos=1'
              synscope decode trace.syn --format ndjson | jq 'select(.type=="publish").fields'

            Passwords are shown as ** unless --show-secrets is given.
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Option(help: "text, ndjson (one JSON object per line) or csv.")
    var format: ConversationFormat = .text

    @Flag(help: "The same as --format ndjson.")
    var json = false

    @Option(help: "Leave out what begins earlier: 9, 9.5s, 250ms.")
    var from: TimeArgument?

    @Option(help: "Leave out what begins later.")
    var to: TimeArgument?

    @Option(help: "Only this type, such as publish or reset; may be given several times.")
    var type: [String] = []

    @Option(help: "Only lines in which this regular expression is found.")
    var grep: String?

    @Flag(help: "Show passwords.")
    var showSecrets = false

    @OptionGroup var link: LinkOptions

    private static let eventTypes = [
        "reset", "sync", "watchdog", "running", "stop", "joined", "no-sync", "aligned", "gap",
    ]

    func validate() throws {
        let known = DecodedMessage.typeNames + Self.eventTypes
        for name in type where !known.contains(name) {
            throw ValidationError(
                "--type \(name) is unknown; there are \(known.joined(separator: ", "))")
        }
    }

    func run() throws {
        let capture = try Capture(opening: self.capture)
        var expression: Regex<AnyRegexOutput>?
        if let grep {
            do { expression = try Regex(grep) } catch {
                throw Failure(.failed, "--grep '\(grep)' is no regular expression: \(error)")
            }
        }
        let secrets = try showSecrets ? nil : SecretSearch(link: link).book(of: capture)
        let writer = ConversationWriter(
            format: json ? .ndjson : format, secrets: secrets, characterSize: link.characterSize)
        for line in writer.header { try Console.print(line) }
        try CapturePass(capture: capture, title: "decoding").decode(link.decoderConfiguration) {
            event in
            guard isWanted(event) else { return }
            for line in writer.lines(for: event) {
                if let expression, !line.contains(expression) { continue }
                try Console.print(line)
            }
        }
    }

    private func isWanted(_ event: LinkEvent) -> Bool {
        guard let (name, time) = Self.nameAndTime(of: event) else { return false }
        if !type.isEmpty, !type.contains(name) { return false }
        if let from, time < from.timestamp { return false }
        if let to, time > to.timestamp { return false }
        return true
    }

    private static func nameAndTime(of event: LinkEvent) -> (String, Timestamp)? {
        switch event {
        case .message(let message): (message.typeName, message.frame.start)
        case .reset(let reset): ("reset", reset.start)
        case .synchronised(let synchronisation): ("sync", synchronisation.time)
        case .running(let running): ("running", running.time)
        case .watchdog(let watchdog): ("watchdog", watchdog.start)
        case .stopped(let stop): ("stop", stop.time)
        case .joined(let time): ("joined", time)
        case .notSynchronised(let time, _): ("no-sync", time)
        case .aligned(let time, _): ("aligned", time)
        case .gap(let gap, _): ("gap", gap.start)
        case .traffic: nil
        }
    }
}

extension ConversationFormat: ExpressibleByArgument {}

import Decoding
import LinkProtocol
import Reporting

/// The conversation of a link that is being recorded, on standard output.
///
/// Nobody can look ahead: a password is masked from the `init` on that shows it.
struct ConversationPrinter {
    private var conversation = LiveConversation()
    private var lines: [String]
    private let wantsColour = Console.wantsColour
    private var isBroken = false

    init() {
        lines = ConversationWriter(format: .text, secrets: nil).header
    }

    /// Lines wait to be printed.
    var hasLines: Bool { !lines.isEmpty }

    mutating func take(_ event: LinkEvent) {
        if isBroken { return }
        for line in conversation.lines(for: event) {
            lines.append(wantsColour ? ConversationFilter.coloured(line, .event(event)) : line)
        }
    }

    /// Prints what waits, at once. If that fails it says so, and prints nothing more.
    mutating func flush() {
        defer { lines.removeAll(keepingCapacity: true) }
        do {
            for line in lines { try Console.print(line) }
            try Console.flush()
        } catch {
            isBroken = true
            let reason = (error as? Failure)?.message ?? "\(error)"
            Console.note("warning: \(reason); the conversation is not printed any more")
        }
    }
}

/// The lines of a conversation while it happens: what is secret is learned on the way.
struct LiveConversation {
    private var book = SecretBook()
    private var writer = ConversationWriter(format: .text, secrets: SecretBook())

    /// Learns what is secret in an event. To be called before its lines are asked for.
    mutating func learn(from event: LinkEvent) {
        let before = book
        SecretSearch.learn(from: event, into: &book)
        if book != before { writer = ConversationWriter(format: .text, secrets: book) }
    }

    /// The lines of an event, after it was learned from.
    mutating func lines(for event: LinkEvent) -> [String] {
        learn(from: event)
        return writer.lines(for: event)
    }

    /// The line of an event as triggers read it, after it was learned from; nil if it has none.
    func line(for event: LinkEvent) -> TriggerWatch.Line? {
        writer.line(for: event).map { TriggerWatch.Line(text: $0.text, words: $0.words) }
    }
}

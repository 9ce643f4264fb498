import Decoding
import LinkProtocol
import Reporting

/// The conversation of a link that is being recorded, on standard output.
///
/// Nobody can look ahead: a password is masked from the `init` on that shows it.
struct ConversationPrinter {
    private var conversation = LiveConversation()
    /// What waits to be printed, in UTF-8.
    private var bytes: [UInt8] = []
    /// Lines that found no room, as nobody read those before.
    private var leftOut = 0
    private let wantsColour = Console.wantsColour
    private var isBroken = false

    /// What waits for a reader who stands still.
    private static let bytesMax = 1 << 20
    /// The reader of the last lines may take so long, in milliseconds.
    private static let lastPatience: Int32 = 2_000

    init() {
        for line in ConversationWriter(format: .text, secrets: nil).header { append(line) }
    }

    /// Something waits to be printed.
    var hasLines: Bool { !bytes.isEmpty }

    mutating func take(_ event: LinkEvent) {
        if isBroken { return }
        for line in conversation.lines(for: event) {
            append(wantsColour ? ConversationFilter.coloured(line, .event(event)) : line)
        }
    }

    private mutating func append(_ line: String) {
        guard bytes.count < Self.bytesMax else {
            leftOut += 1
            return
        }
        if leftOut > 0 {
            bytes += "(\(CountText.counted(leftOut, "line")) left out: nobody read them)\n".utf8
            leftOut = 0
        }
        bytes += line.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Prints as much of what waits as its reader takes at once: a recording waits for nobody.
    mutating func flush() { flush(patience: 0) }

    /// Prints what waits at the end.
    mutating func finish() { flush(patience: Interrupt.isRequested ? 0 : Self.lastPatience) }

    /// If printing fails it says so, and prints nothing more.
    private mutating func flush(patience: Int32) {
        do {
            try Console.offer(&bytes, patience: patience)
        } catch {
            isBroken = true
            bytes.removeAll()
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

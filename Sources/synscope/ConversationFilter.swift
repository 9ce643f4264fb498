import Decoding
import Reporting
import Signals

/// Which lines of a conversation somebody wants to see, and how they look.
struct ConversationFilter {
    /// Types; empty for all.
    var types: [String] = []
    var from: Timestamp?
    var to: Timestamp?
    /// Only lines in which it is found.
    var expression: LineExpression?
    var wantsColour = false

    /// Prints what is wanted of an item.
    func print(_ item: CapturePass.Item, by writer: ConversationWriter) throws {
        for line in lines(of: item, by: writer) {
            if let expression, !expression.isFound(in: line) { continue }
            try Console.print(wantsColour ? Self.coloured(line, item) : line)
        }
    }

    /// What is out of the ordinary stands out: red where something is lost, bold for a new start.
    static func coloured(_ line: String, _ item: CapturePass.Item) -> String {
        switch item {
        case .event(.gap), .event(.watchdog): return "\u{1b}[31m\(line)\u{1b}[0m"
        case .event(.reset): return "\u{1b}[1m\(line)\u{1b}[0m"
        case .journal(let event, _):
            switch event.content {
            case .fault: return "\u{1b}[31m\(line)\u{1b}[0m"
            case .marker: return "\u{1b}[1m\(line)\u{1b}[0m"
            default: return line
            }
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
        if !types.isEmpty, !types.contains(name) { return false }
        if let from, time < from { return false }
        if let to, time > to { return false }
        return true
    }
}

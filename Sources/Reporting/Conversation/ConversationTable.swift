import Decoding
import LinkProtocol
import Signals

/// Link events as rows of comma-separated values (RFC 4180, lines end with LF).
///
/// The columns are the members of the JSON objects that every event has, and the fields of a frame
/// as one text with `|` between them; a `|` inside a field is written `\x7c`.
enum ConversationTable {
    static let header = "start_ns,end_ns,from,type,session,latency_ns,fields"

    static func row(for event: LinkEvent, shown: (Frame) -> [UInt8]) -> String? {
        guard let object = ConversationObjects.object(for: event, shown: shown) else { return nil }
        var fields = ""
        if case .message(let message) = event {
            fields = Fields(shown(message.frame)).map { field in
                ReadableBytes.escaped(field).replacing("|", with: "\\x7c")
            }.joined(separator: "|")
        }
        return row(of: object, fields: fields)
    }

    /// The row of an event of the journal, whose fields are what it tells, as JSON.
    static func row(for event: JournalEvent, as shown: JSONNode, _ session: Int) -> String? {
        ConversationObjects.object(for: event, as: shown, session).map {
            row(of: $0, fields: String(decoding: shown.bytes, as: UTF8.self))
        }
    }

    private static func row(of object: JSONValue, fields: String) -> String {
        func value(_ name: String) -> String {
            guard case .object(let members) = object,
                let member = members.first(where: { $0.0 == name })
            else { return "" }
            switch member.1 {
            case .integer(let integer): return String(integer)
            case .string(let string): return string
            default: return ""
            }
        }
        let columns = ["start", "end", "from", "type", "session", "latency"].map(value) + [fields]
        return columns.map(quoted).joined(separator: ",")
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

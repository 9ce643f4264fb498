import Decoding
import LinkProtocol
import Signals

/// An entry of an application's log in words, one line, its secrets masked beforehand.
enum LogText {
    static func describe(_ object: JSONNode) -> String {
        switch ApplicationEvent(object) {
        case .called(let call):
            let rest = members(
                of: object, without: ["op", "id", "topic", "msg", "message", "payload"])
            let topic = object["topic"].map { " " + ReadableBytes.escaped($0.characters) } ?? ""
            let message =
                object["msg", "message", "payload"].map {
                    " " + ReadableBytes.quoted($0.characters)
                } ?? ""
            return "call \(escaped(call.operation))\(topic)\(message)\(rest)\(id(call.id))"
        case .returned(let back):
            let operation = back.operation.map { " " + escaped($0) } ?? ""
            let span = back.milliseconds.map { ", \(escaped($0)) ms after its call" } ?? ""
            let rest = members(of: object, without: ["op", "id", "ms"])
            return "return\(operation)\(rest)\(id(back.id))\(span)"
        case .status(let number):
            let known = UInt8(exactly: number).flatMap(Status.init(rawValue:))
            let name = known.map { "\($0.name)" } ?? object["name"]?.text.map(escaped) ?? ""
            return "status \(number)" + (name.isEmpty ? "" : " " + name)
        case .message(let topic, let message, let isRetained):
            return "message \(ReadableBytes.escaped(topic)) \(ReadableBytes.quoted(message))"
                + (isRetained ? " retained" : "")
        case .other(let name):
            return escaped(name) + members(of: object, without: [])
        }
    }

    private static func id(_ id: String?) -> String { id.map { " (id \(escaped($0)))" } ?? "" }

    /// What nobody understands is shown as it is, as far as there is anything.
    static func members(of object: JSONNode, without names: [String]) -> String {
        guard case .object(let members) = object else { return "" }
        return members.map { member in
            if member.value == .null || (["ev", "event"] + names).contains(member.name) {
                return ""
            }
            return " \(escaped(member.name))=" + ReadableBytes.escaped(member.value.bytes)
        }.joined()
    }

    private static func escaped(_ text: String) -> String { ReadableBytes.escaped(text.utf8) }
}

import Decoding

extension JSONValue {
    /// A value that was read, spelled as it was.
    init(_ node: JSONNode) {
        self =
            switch node {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .number(let spelling): .spelled(spelling)
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map { JSONValue($0) })
            case .object(let members): .object(members.map { ($0.name, JSONValue($0.value)) })
            }
    }
}

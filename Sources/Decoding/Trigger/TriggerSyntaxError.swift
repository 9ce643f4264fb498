/// What is wrong with the text of a trigger, and where.
public struct TriggerSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public var text: String
    /// The number of characters before the place.
    public var offset: Int
    /// What is wrong, in words.
    public var problem: String
    /// The names of which one was meant, and what was said instead; empty where there are none.
    public var known: [String] = []
    /// What stands in the place of one of ``known``.
    public var found = ""

    /// The text with its place marked, and what is wrong there.
    public var description: String {
        let names = known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))"
        return "\(text)\n\(String(repeating: " ", count: offset))^ \(problem)\(names)"
    }
}

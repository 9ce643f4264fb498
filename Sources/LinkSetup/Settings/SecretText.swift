/// A text that nothing prints: wherever it is described, its length in asterisks stands for it.
public struct SecretText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text itself.
    public var text: String

    /// A secret.
    public init(_ text: String) { self.text = text }
    /// A secret.
    public init(stringLiteral value: String) { text = value }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Asterisks, as many as the text has bytes.
    public var description: String { String(repeating: "*", count: text.utf8.count) }
    /// Asterisks, as many as the text has bytes.
    public var debugDescription: String { description }
    /// Nothing of the text.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What is wrong with a regular expression, and where.
public struct LineExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of characters before the place.
    public var offset: Int
    /// What is wrong, in words.
    public var problem: String

    /// The problem with its place.
    public var description: String { "\(problem), at character \(offset + 1)" }
}

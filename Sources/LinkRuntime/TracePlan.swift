/// Where a live end's capture goes.
public struct TracePlan: Hashable, Sendable {
    /// The path of the capture.
    public var path: String
    /// Whether a file that exists may be replaced.
    public var replacing: Bool

    /// A capture at a path.
    public init(path: String, replacing: Bool = false) {
        self.path = path
        self.replacing = replacing
    }
}

/// Where a live end's capture goes.
public struct TracePlan: Hashable, Sendable {
    /// The path of the capture. `%n` in it becomes the first number from 1 whose file does not exist,
    /// so that each start of a process has a capture of its own.
    public var path: String
    /// Whether a file that exists may be replaced.
    public var replacing: Bool
    /// The program that writes it, with its version.
    public var toolVersion: String

    /// A capture at a path.
    public init(path: String, replacing: Bool = false, toolVersion: String = "synscope") {
        self.path = path
        self.replacing = replacing
        self.toolVersion = toolVersion
    }
}

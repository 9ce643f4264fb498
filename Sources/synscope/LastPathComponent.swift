extension String {
    /// The name of a file without the folders before it.
    var lastPathComponent: String { split(separator: "/").last.map(String.init) ?? self }
}

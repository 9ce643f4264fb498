/// Why settings cannot be used: where they were read, which key, and what is allowed there.
///
/// It holds nothing of a secret.
public struct SettingsFault: Error, Hashable, Sendable {
    /// Where a setting came from.
    public enum Source: Hashable, Sendable {
        /// A file, and the line if it is known.
        case file(path: String, line: Int?)
        /// A variable of the environment.
        case environment(variable: String)
        /// An option of the command line.
        case option
        /// All sources together, or Swift.
        case settings
    }

    /// Where it was read.
    public var source: Source
    /// The key, if it is the fault of one.
    public var key: String?
    /// What is wrong, and what is allowed.
    public var reason: String

    /// A fault.
    public init(_ source: Source, key: String? = nil, _ reason: String) {
        self.source = source
        self.key = key
        self.reason = reason
    }
}

extension SettingsFault: CustomStringConvertible {
    /// Place, key and reason, on one line.
    public var description: String {
        var parts: [String] = []
        switch source {
        case .file(let path, let line): parts.append(path + (line.map { ":\($0)" } ?? ""))
        case .environment(let variable): parts.append("environment variable \(variable)")
        case .option: parts.append("option")
        case .settings: break
        }
        if let key { parts.append("`\(key)`") }
        return (parts + [reason]).joined(separator: ": ")
    }
}

/// What is wrong with a value; who asked knows the key and the source.
struct SettingComplaint: Error {
    var reason: String
}

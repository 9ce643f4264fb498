internal import Glibc

extension LinkSettings {
    /// Settings that try a program out: a bridge and a broker inside it, and nothing else.
    public static var simulated: LinkSettings {
        var settings = LinkSettings()
        settings.hardware.wires = .simulated
        settings.network.ssid = "simulated"
        settings.network.password = SecretText("simulated")
        settings.network.broker = "simulated"
        return settings
    }

    /// The settings of a program that has no other arguments: files that end in .toml or .json, and
    /// `key=value`, which overrides them and the environment. Without any it runs ``simulated``.
    public init(arguments: [String]) throws(SettingsFault) {
        let options = arguments.filter { $0.contains("=") && !Self.isFile($0) }
        let files = arguments.filter { !options.contains($0) }
        let environment = Self.environment
        if arguments.isEmpty, !SettingKey.all.contains(where: { environment[$0.variable] != nil }) {
            self = .simulated
            return
        }
        var values: [String: String] = [:]
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[String(parts[0])] = String(parts[1])
        }
        try self.init(files: files, environment: environment, options: values)
    }

    /// Runs a program whose arguments are settings, and ends the process: with status 2 and the reason on
    /// standard error if it throws.
    ///
    /// An error that leaves `main` would be told as a crash.
    public static func run(_ program: (LinkSettings) async throws -> Void) async -> Never {
        do {
            try await program(LinkSettings(arguments: Array(CommandLine.arguments.dropFirst())))
        } catch {
            let words = Array("\(CommandLine.arguments.first ?? "program"): \(error)\n".utf8)
            write(STDERR_FILENO, words, words.count)
            exit(2)
        }
        exit(0)
    }

    private static func isFile(_ argument: String) -> Bool {
        argument.hasSuffix(".toml") || argument.hasSuffix(".json")
    }

    /// This process's environment.
    public static var environment: [String: String] {
        var values: [String: String] = [:]
        var place = environ
        while let entry = place.pointee {
            let text = String(cString: entry)
            if let mark = text.firstIndex(of: "=") {
                values[String(text[..<mark])] = String(text[text.index(after: mark)...])
            }
            place += 1
        }
        return values
    }
}

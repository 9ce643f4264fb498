/// Everything that a host is told before it starts: the keys of the reference's configuration.
///
///     var settings = try LinkSettings(files: ["hardware.toml", "net_local.toml"])
///     try settings.apply(options: ["broker": "192.168.0.10"])
///     let link = MQTTLink(configuration: try settings.hostConfiguration(), port: port)
///
/// Later sources override earlier ones: defaults, files in their order, environment, options.
/// Ref: Documentation/Configuration.md.
public struct LinkSettings: Hashable, Sendable {
    /// Where the wires are, and how the link is timed.
    public var hardware = HardwareSettings()
    /// What the bridge is told about network and broker.
    public var network = NetworkSettings()

    /// The defaults.
    public init() {}

    /// The defaults, overridden by files, then by the environment, then by options.
    ///
    /// - Parameters:
    ///   - environment: all of it; what is no setting is passed over.
    ///   - options: the texts of keys.
    public init(
        files: [String], environment: [String: String] = [:], options: [String: String] = [:]
    ) throws(SettingsFault) {
        for file in files { try apply(file: file) }
        try apply(environment: environment)
        try apply(options: options)
    }

    /// Overrides what a file says. It is read as TOML or JSON by its suffix.
    public mutating func apply(file path: String) throws(SettingsFault) {
        let file = try SettingsFile(path: path)
        var names: [String: String] = [:]
        for entry in file.entries {
            guard let key = SettingKey.named(entry.name) else {
                throw file.fault(entry.name, SettingKey.complaint(entry.name))
            }
            if let part = entry.part, part != key.part {
                throw file.fault(
                    entry.name, "belongs to the \(key.part.rawValue), not to the \(part.rawValue)")
            }
            if let other = names.updateValue(entry.name, forKey: key.name) {
                throw file.fault(entry.name, "is said already, by `\(other)`")
            }
            do throws(SettingComplaint) {
                try set(key, .node(entry.value))
            } catch {
                throw file.fault(entry.name, error.reason)
            }
        }
    }

    /// Overrides what variables say that are named `SYNSCOPE_` and a key in capitals, a point in it
    /// as `_`; all other variables are passed over.
    public mutating func apply(environment: [String: String]) throws(SettingsFault) {
        for key in SettingKey.all {
            guard let text = environment[key.variable] else { continue }
            do throws(SettingComplaint) {
                try set(key, .text(text))
            } catch {
                throw SettingsFault(
                    .environment(variable: key.variable), key: key.name, error.reason)
            }
        }
    }

    /// Overrides what options say: texts of keys.
    public mutating func apply(options: [String: String]) throws(SettingsFault) {
        for name in options.keys.sorted() {
            guard let text = options[name], let key = SettingKey.named(name) else {
                throw SettingsFault(.option, key: name, SettingKey.complaint(name))
            }
            if let alias = key.alias, name == alias, options[key.name] != nil {
                throw SettingsFault(.option, key: name, "is said already, by `\(key.name)`")
            }
            do throws(SettingComplaint) {
                try set(key, .text(text))
            } catch {
                throw SettingsFault(.option, key: name, error.reason)
            }
        }
    }

    private mutating func set(
        _ key: SettingKey, _ value: SettingValue
    ) throws(SettingComplaint) {
        do {
            try key.apply(&self, value)
        } catch let complaint as SettingComplaint {
            throw complaint
        } catch {
            throw SettingComplaint(reason: "must be \(key.allowed)")
        }
    }
}

public import LinkRuntime
internal import LivePorts
internal import Signals

extension MQTTLink {
    /// A link as the settings want it, waiting to be started.
    ///
    ///     let settings = try LinkSettings(files: ["hardware.toml", "net_local.toml"])
    ///     let link = try MQTTLink(settings)
    ///
    /// - Parameters:
    ///   - trace: where the capture goes; nil for none.
    ///   - onStatus: see ``init(configuration:port:wires:trace:onStatus:onCrash:)``.
    public convenience init(
        _ settings: LinkSettings, trace: TracePlan? = nil, onStatus: StatusHandler? = nil,
        onCrash: CrashHandler? = nil
    ) throws {
        self.init(
            configuration: try settings.hostConfiguration(),
            port: try LiveWires.open(settings.hardware, as: .host),
            wires: settings.hardware.wires.description, trace: trace, onStatus: onStatus,
            onCrash: onCrash)
    }
}

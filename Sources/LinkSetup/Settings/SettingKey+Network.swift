import HostProtocol
import LinkProtocol

extension SettingKey {
    static let network: [SettingKey] = [
        text("ssid", standard: nil) { $0.network.ssid = $1 },
        text("password", standard: nil, isSecret: true) { $0.network.password = SecretText($1) },
        flag("use_default_net", .network, standard: true, \.network.usesDefaultNetwork),
        text("broker", standard: nil, "a name or an address") { $0.network.broker = $1 },
        text("mqtt_user", standard: "\"\"") { $0.network.user = $1 },
        text("mqtt_pw", standard: "\"\"", isSecret: true) {
            $0.network.userPassword = SecretText($1)
        },
        flag("ssl", .network, standard: false, \.network.usesTLS),
        SettingKey(
            "ssl_params", .network, standard: "{}", isSecret: true,
            "a table of constants, or the text of a Python dictionary"
        ) { settings, value in
            settings.network.tlsParameters = SecretText(try TLSLiteral.literal(of: value))
        },
        number("port", .network, standard: 0, \.network.port),
        flag("fast", .network, standard: true, \.network.isFast),
        number("keepalive", .network, standard: 60, \.network.keepaliveSeconds),
        number("ping_interval", .network, standard: 0, \.network.pingIntervalSeconds),
        flag("clean_session", .network, standard: true, \.network.cleanSession),
        number("max_repubs", .network, standard: 4, \.network.republicationsMax),
        number("response_time", .network, standard: 10, \.network.responseTimeSeconds),
        text("timeserver", standard: "\"pool.ntp.org\"", "a name or an address") {
            $0.network.timeserver = $1
        },
        flag("debug", .network, standard: false, \.network.isDebugging),
        flag("verbose", .network, standard: false, \.network.isVerbose),
        text("will.topic", standard: nil, "a topic") { $0.network.someWill.topic = $1 },
        text("will.message", standard: "\"\"") { $0.network.someWill.message = $1 },
        flag("will.retain", .network, standard: false, \.network.someWill.isRetained),
        SettingKey("will.qos", .network, standard: "0", "0 or 1") { settings, value in
            let number: UInt8 = try value.number(in: 0...1)
            settings.network.someWill.qos = number == 1 ? .atLeastOnce : .atMostOnce
        },
        SettingKey(
            "status_handler", .network, standard: "\"standard\"",
            "\"standard\" (the reference's handler answers) or \"application\" (yours does)"
        ) { settings, value in
            let word = try value.word(StatusHandlerWord.self)
            settings.network.statusHandler = word == .standard ? .standard : .application
        },
        seconds(.refusalDelay),
    ]

    private static func text(
        _ name: String, standard: String?, isSecret: Bool = false, _ allowed: String = "text",
        set: @escaping @Sendable (inout LinkSettings, String) -> Void
    ) -> SettingKey {
        SettingKey(name, .network, standard: standard, isSecret: isSecret, allowed) {
            settings, value in
            set(&settings, try value.linkText())
        }
    }
}

/// The handlers of statuses as settings name them.
private enum StatusHandlerWord: String, CaseIterable {
    case standard, application
}

extension NetworkSettings {
    /// The will, made if there is none yet; without a topic it is refused before use.
    var someWill: WillSettings {
        get { will ?? WillSettings(topic: "", message: "") }
        set { will = newValue }
    }
}

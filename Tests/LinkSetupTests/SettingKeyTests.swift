import HostProtocol
import LinkProtocol
import LinkSetup
import Signals
import Testing

/// A key, a value for it, and what the value does; the value as a file has it.
struct KeyCase: Sendable, CustomTestStringConvertible {
    var key: String
    /// The value in TOML, which is JSON too.
    var value: String
    /// The value as an option or a variable has it; nil for the value without its quotes.
    var text: String?
    /// What is then so.
    var isSet: @Sendable (LinkSettings) -> Bool

    var testDescription: String { key }

    init(
        _ key: String, _ value: String, text: String? = nil,
        isSet: @escaping @Sendable (LinkSettings) -> Bool
    ) {
        self.key = key
        self.value = value
        self.text = text
        self.isSet = isSet
    }

    var asText: String {
        text ?? (value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : value)
    }

    /// The key and its value as a file has them.
    func member(equals: String) -> String {
        let parts = key.split(separator: ".").map(String.init)
        guard parts.count == 2 else { return "\(quoted(key, equals))\(equals)\(value)" }
        let inner = "\(quoted(parts[1], equals))\(equals)\(value)"
        return "\(quoted(parts[0], equals))\(equals){\(inner)}"
    }

    private func quoted(_ name: String, _ equals: String) -> String {
        equals == ":" ? "\"\(name)\"" : name
    }

    static let all: [KeyCase] = [
        KeyCase("wires", "\"gpio:gpiochip0\"") { $0.hardware.wires == .gpio(chip: "gpiochip0") },
        KeyCase("pinout", "\"pi-pico\"") { $0.hardware.pinout == "pi-pico" },
        KeyCase("reset", "\"GPIO17\"") { $0.hardware.lines[.reset] == "GPIO17" },
        KeyCase("stx", "5") { $0.hardware.lines[.stx] == "5" },
        KeyCase("mckin", "6") { $0.hardware.lines[.sckout] == "6" },
        KeyCase("sckout", "\"Y6\"") { $0.hardware.lines[.sckout] == "Y6" },
        KeyCase("srx", "7") { $0.hardware.lines[.srx] == "7" },
        KeyCase("sckin", "8") { $0.hardware.lines[.sckin] == "8" },
        KeyCase("active_low", "[\"reset\", \"mtx\"]", text: "reset,mtx") {
            $0.hardware.activeLow == [.reset, .srx]
        },
        KeyCase("bias", "\"as-is\"") { $0.hardware.bias == .asIs },
        KeyCase("led", "25") { $0.hardware.applicationLamp == "25" },
        KeyCase("heartbeat_led", "0") { $0.hardware.heartbeatLamp == "0" },
        KeyCase("broker_led", "\"LED2\"") { $0.hardware.brokerLamp == "LED2" },
        KeyCase("timeout", "2.5") { $0.hardware.timeout == .milliseconds(2_500) },
        KeyCase("reset_pulse", "0.05") { $0.hardware.resetPulse == .milliseconds(50) },
        KeyCase("settling", "2") { $0.hardware.settling == .seconds(2) },
        KeyCase("settling_max", "30") { $0.hardware.settlingMax == .seconds(30) },
        KeyCase("idle_pause", "0.0005") { $0.hardware.idlePause == .microseconds(500) },
        KeyCase("character_bits", "8") { $0.hardware.characterBits == 8 },
        KeyCase("ssid", "\"my net\"") { $0.network.ssid == "my net" },
        KeyCase("password", "\"hunter2\"") { $0.network.password?.text == "hunter2" },
        KeyCase("use_default_net", "false") { !$0.network.usesDefaultNetwork },
        KeyCase("broker", "\"192.168.0.10\"") { $0.network.broker == "192.168.0.10" },
        KeyCase("mqtt_user", "\"me\"") { $0.network.user == "me" },
        KeyCase("mqtt_pw", "\"hunter3\"") { $0.network.userPassword.text == "hunter3" },
        KeyCase("ssl", "true") { $0.network.usesTLS },
        KeyCase("ssl_params", "\"{'cert_reqs': 0}\"") {
            $0.network.tlsParameters.text == "{'cert_reqs': 0}"
        },
        KeyCase("port", "65535") { $0.network.port == 65_535 },
        KeyCase("fast", "false") { !$0.network.isFast },
        KeyCase("keepalive", "0") { $0.network.keepaliveSeconds == 0 },
        KeyCase("ping_interval", "4294967295") { $0.network.pingIntervalSeconds == .max },
        KeyCase("clean_session", "false") { !$0.network.cleanSession },
        KeyCase("max_repubs", "7") { $0.network.republicationsMax == 7 },
        KeyCase("response_time", "3") { $0.network.responseTimeSeconds == 3 },
        KeyCase("timeserver", "\"ntp.example\"") { $0.network.timeserver == "ntp.example" },
        KeyCase("debug", "true") { $0.network.isDebugging },
        KeyCase("verbose", "true") { $0.network.isVerbose },
        KeyCase("will.topic", "\"gone\"") { $0.network.will?.topic == "gone" },
        KeyCase("will.message", "\"away\"") { $0.network.will?.message == "away" },
        KeyCase("will.retain", "true") { $0.network.will?.isRetained == true },
        KeyCase("will.qos", "1") { $0.network.will?.qos == .atLeastOnce },
        KeyCase("status_handler", "\"application\"") { $0.network.statusHandler == .application },
        KeyCase("refusal_delay", "5") { $0.network.refusalDelay == .seconds(5) },
    ]
}

struct SettingKeyTests {
    @Test func everyKeyHasACase() {
        let tried = KeyCase.all.map(\.key)
        for key in SettingKey.all { #expect(tried.contains(key.name)) }
    }

    @Test(arguments: KeyCase.all)
    func aKeyIsReadFromTOML(tried: KeyCase) throws {
        #expect(!tried.isSet(LinkSettings()))
        let path = try SettingsBench().keeping { try $0.file("a.toml", tried.member(equals: "=")) }
        #expect(tried.isSet(try path.settings()))
    }

    @Test(arguments: KeyCase.all)
    func aKeyIsReadFromJSON(tried: KeyCase) throws {
        let path = try SettingsBench().keeping {
            try $0.file("a.json", "{\(tried.member(equals: ":"))}")
        }
        #expect(tried.isSet(try path.settings()))
    }

    @Test(arguments: KeyCase.all)
    func aKeyIsReadFromAnOption(tried: KeyCase) throws {
        #expect(tried.isSet(try LinkSettings(files: [], options: [tried.key: tried.asText])))
    }

    @Test(arguments: KeyCase.all.filter { $0.key != "mckin" })
    func aKeyIsReadFromTheEnvironment(tried: KeyCase) throws {
        let variable = try #require(SettingKey.all.first { $0.name == tried.key }).variable
        #expect(variable.hasPrefix("SYNSCOPE_"))
        let environment = [variable: tried.asText, "SYNSCOPE_BLESS": "1", "HOME": "/"]
        #expect(tried.isSet(try LinkSettings(files: [], environment: environment)))
    }

    @Test(arguments: SettingKey.all.map(\.name))
    func aKeyOfAnotherTypeIsRefusedByName(name: String) throws {
        // No key takes a list of tables.
        let parts = name.split(separator: ".").map(String.init)
        let text =
            parts.count == 2
            ? "[\(parts[0])]\n\(parts[1]) = [{a = 1}]" : "\n\(name) = [{a = 1}]"
        let fault = try SettingsBench().fault("a.toml", text)
        #expect(fault.hasPrefix("a.toml:2: `\(name)`: "))
        #expect(fault.contains("must be"))
    }

    @Test(arguments: SettingKey.all.filter(\.isSecret).map(\.name))
    func aFaultOfASecretDoesNotTellIt(name: String) throws {
        for text in ["hunter2\u{e9}", "{'key': hunter2}"] {
            do {
                _ = try LinkSettings(files: [], options: [name: text]).complete.hostConfiguration()
            } catch {
                #expect(!"\(error)".contains("hunter"))
            }
        }
    }
}

/// A file that stays as long as the directory it is in.
struct KeptFile {
    var bench: SettingsBench
    var path: String

    func settings() throws -> LinkSettings { try LinkSettings(files: [path]) }
}

extension SettingsBench {
    func keeping(_ make: (SettingsBench) throws -> String) rethrows -> KeptFile {
        KeptFile(bench: self, path: try make(self))
    }
}

extension LinkSettings {
    /// The settings, with what must be given and is not.
    var complete: LinkSettings {
        var settings = self
        settings.network.ssid = settings.network.ssid ?? "net"
        settings.network.password = settings.network.password ?? "pass"
        settings.network.broker = settings.network.broker ?? "broker"
        return settings
    }
}

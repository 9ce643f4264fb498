import LinkProtocol
import LinkSetup
import Signals
import Testing

struct SettingsFaultTests {
    static let files: [(name: String, text: String, fault: String)] = [
        (
            "a.toml", "ssid = \"a\"\nprot = 1\n",
            "a.toml:2: `prot`: there is no such key; did you mean `port`? "
        ),
        (
            "a.json", "{\n\n\"prot\": 1}",
            "a.json:3: `prot`: there is no such key; did you mean `port`? "
        ),
        ("a.toml", "[will]\ntopc = \"a\"", "a.toml:2: `will.topc`: there is no such key"),
        (
            "a.toml", "port = 65536",
            "a.toml:1: `port`: must be a whole number from 0 to 65535, not `65536`"
        ),
        (
            "a.toml", "port = \"1883\"",
            "a.toml:1: `port`: must be a whole number from 0 to 65535, not text"
        ),
        ("a.toml", "keepalive = 1.5", "a.toml:1: `keepalive`: must be a whole number"),
        (
            "a.toml", "ssl = 1",
            "a.toml:1: `ssl`: must be true or false, without quotes, not a number"
        ),
        (
            "a.toml", "bias = \"up\"",
            "a.toml:1: `bias`: must be one of \"as-is\", \"disabled\", \"pull-up\", \"pull-down\""
        ),
        ("a.toml", "wires = \"pins\"", "a.toml:1: `wires`: must be \"simulated\", \"file:PATH\""),
        (
            "a.toml", "idle_pause = 0.002",
            "a.toml:1: `idle_pause`: must be a number of seconds from 0 to 0.001, not `0.002`"
        ),
        ("a.toml", "timeout = inf", "a.toml:1: `timeout`: must be a number of seconds"),
        ("a.toml", "ssid = 1979-05-27", "a.toml:1: `ssid`: must be text in quotes, not null"),
        (
            "a.toml", "ssid = \"caf\u{e9}\"",
            "a.toml:1: `ssid`: the link cannot carry its byte 4: only characters from 1 to 126"
        ),
        ("a.toml", "ssid = \"a\\u0000b\"", "a.toml:1: `ssid`: the link cannot carry its byte 2"),
        ("a.json", #"{"ssid": "a\u007f"}"#, "a.json:1: `ssid`: the link cannot carry its byte 2"),
        ("a.toml", "stx = 1\nmrx = 2", "a.toml:1: `stx`: is said already, by `mrx`"),
        ("a.json", #"{"ssid": "a", "ssid": "b"}"#, "a.json:1: `ssid`: stands in the file twice"),
        (
            "a.toml", "[hardware]\nssid = \"a\"",
            "a.toml:2: `ssid`: belongs to the network, not to the"
        ),
        ("a.toml", "hardware = 1", "a.toml:1: `hardware`: must be a table of settings"),
        ("a.toml", "led = \"\"", "a.toml:1: `led`: must be a line's name or its offset, not text"),
        ("a.toml", "active_low = [\"x\"]", "a.toml:1: `active_low`: must be a list of wires"),
        ("a.toml", "will = 1", "a.toml:1: `will`: there is no such key"),
        ("a.toml", "ssl_params = {a = [1]}", "a.toml:1: `ssl_params`: `a` in it must be text"),
        ("a.toml", "ssl_params = \"{\"", "a.toml:1: `ssl_params`: is no Python dictionary of"),
        ("a.toml", "\"ssid\\u0000\" = \"a\"", "a.toml: a key holds a character that none has"),
        ("a.json", "[1]", "a.json: the file must be one JSON object"),
        ("a.json", "{\n \"ssid\": }", "a.json:2: column 10: no JSON: "),
        ("a.yaml", "", "a.yaml: settings are in a file that ends in .toml or .json"),
        ("a.toml", "a\0b", "a.toml: this is no text in UTF-8"),
    ]

    @Test(arguments: files)
    func aFaultNamesFileLineKeyAndWhatIsAllowed(
        name: String, text: String, fault: String
    ) throws {
        let said = try SettingsBench().fault(name, text)
        #expect(said.hasPrefix(fault), "\(said)")
    }

    @Test(arguments: [
        ("a.toml", "ssid = \"a\"\npassword = hunter2"), ("a.toml", "password = 12hunter2"),
        ("a.toml", "password = 'hunter2"), ("a.toml", "password = \"hunter2\\q\""),
        ("a.toml", "password = hunter2 'a' hunter2"),
        ("a.json", #"{"password": hunter2}"#), ("a.json", #"{"password": "hunter2"#),
    ])
    func aSecretThatBreaksTheFileIsNotTold(name: String, text: String) throws {
        let said = try SettingsBench().fault(name, text)
        #expect(said.hasPrefix(name), "\(said)")
        #expect(!said.contains("hunter"), "\(said)")
    }

    @Test func aSyntaxErrorInTOMLHasItsLine() throws {
        let said = try SettingsBench().fault("a.toml", "ssid = \"a\"\n\nport == 1\n")
        #expect(said.hasPrefix("a.toml:3: column 7: no TOML: "), "\(said)")
    }

    @Test func aLineThatCouldBeAnotherIsNotTold() throws {
        let said = try SettingsBench().fault("a.toml", "[will]\nqos = 3\n[ssl_params]\nqos = 1")
        #expect(said.hasPrefix("a.toml: `will.qos`: must be a whole number from 0 to 1"), "\(said)")
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let fault = #expect(throws: SettingsFault.self) {
            try LinkSettings(files: ["/nowhere/net_local.toml"])
        }
        #expect(
            fault?.description
                == "/nowhere/net_local.toml: cannot be opened: No such file or directory")
    }

    @Test func aLargeFileIsRefused() throws {
        let text = String(repeating: "# comment\n", count: 110_000)
        #expect(
            try SettingsBench().fault("a.toml", text)
                == "a.toml: settings have at most 1048576 bytes")
    }

    @Test func faultsOfOptionsAndVariablesNameThem() {
        let option = #expect(throws: SettingsFault.self) {
            try LinkSettings(files: [], options: ["prot": "1"])
        }
        #expect(option?.description.hasPrefix("option: `prot`: there is no such key") == true)
        let hexadecimal = #expect(throws: SettingsFault.self) {
            try LinkSettings(files: [], options: ["timeout": "0x10"])
        }
        #expect(
            hexadecimal?.description
                == "option: `timeout`: must be a number of seconds from 0.01 to 86400, not `0x10`")
        let twice = #expect(throws: SettingsFault.self) {
            try LinkSettings(files: [], options: ["stx": "1", "mrx": "2"])
        }
        #expect(twice?.description == "option: `mrx`: is said already, by `stx`")
        let variable = #expect(throws: SettingsFault.self) {
            try LinkSettings(files: [], environment: ["SYNSCOPE_SSL": "perhaps"])
        }
        #expect(
            variable?.description
                == "environment variable SYNSCOPE_SSL: `ssl`: must be true or false, not that text")
    }

    // MARK: Before use

    static let missing = ["ssid", "password", "broker"]

    @Test(arguments: missing)
    func whatMustBeGivenIsAskedForByName(key: String) {
        var settings = LinkSettings().complete
        switch key {
        case "ssid": settings.network.ssid = nil
        case "password": settings.network.password = nil
        default: settings.network.broker = nil
        }
        let fault = #expect(throws: SettingsFault.self) { try settings.hostConfiguration() }
        #expect(
            fault?.description
                == "`\(key)`: must be given: in a file of settings, or by "
                + "SYNSCOPE_\(key.uppercased()) in the environment")
    }

    @Test func allThatIsMissingIsSaidAtOnce() {
        let fault = #expect(throws: SettingsFault.self) {
            try LinkSettings().hostConfiguration()
        }
        #expect(
            fault?.description
                == "`ssid`, `password`, `broker` must be given: in a file of settings, or in the "
                + "environment, as SYNSCOPE_SSID, SYNSCOPE_PASSWORD, SYNSCOPE_BROKER")
    }

    static let fromSwift: [(String, @Sendable (inout LinkSettings) -> Void)] = [
        ("ssid", { $0.network.ssid = "\u{e4}" }),
        ("password", { $0.network.password = "\u{7f}" }),
        ("broker", { $0.network.broker = "" }),
        ("mqtt_user", { $0.network.user = "\0" }),
        ("mqtt_pw", { $0.network.userPassword = "\u{20ac}" }),
        ("timeserver", { $0.network.timeserver = String(repeating: "x", count: 5_000) }),
        ("ssl_params", { $0.network.tlsParameters = "{'a': b}" }),
        ("will.topic", { $0.network.will = WillSettings(topic: "", message: "") }),
        ("will.topic", { $0.network.will = WillSettings(topic: "a/#", message: "") }),
        ("will.message", { $0.network.will = WillSettings(topic: "a", message: "\u{e4}") }),
        ("timeout", { $0.hardware.timeout = .zero }),
        ("reset_pulse", { $0.hardware.resetPulse = Nanoseconds(-1) }),
        ("settling", { $0.hardware.settling = .seconds(4_000) }),
        ("settling_max", { $0.hardware.settlingMax = .seconds(4_000) }),
        ("idle_pause", { $0.hardware.idlePause = .seconds(1) }),
        ("refusal_delay", { $0.network.refusalDelay = Nanoseconds(-1) }),
        ("character_bits", { $0.hardware.characterBits = 9 }),
    ]

    @Test(arguments: fromSwift.indices)
    func whatSwiftSetsIsCheckedBeforeUse(index: Int) {
        let (key, change) = Self.fromSwift[index]
        var settings = LinkSettings().complete
        change(&settings)
        let fault = #expect(throws: SettingsFault.self) { try settings.hostConfiguration() }
        #expect(fault?.key == key)
    }
}

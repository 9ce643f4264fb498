import FoundationEssentials
import HostProtocol
import LinkProtocol
import LinkSetup
import Signals
import Testing

struct LinkSettingsTests {
    @Test func theDefaultsAreTheReferences() throws {
        let configuration = try LinkSettings().complete.hostConfiguration()
        #expect(
            configuration
                == HostConfiguration(
                    ssid: Array("net".utf8), password: Array("pass".utf8),
                    broker: Array("broker".utf8)))
    }

    @Test func everySettingArrivesInTheConfiguration() throws {
        var settings = LinkSettings()
        for tried in KeyCase.all where tried.key != "ssl_params" {
            try settings.apply(options: [tried.key: tried.asText])
        }
        try settings.apply(options: ["ssl_params": "{'ca': '/etc/ca.pem'}"])
        let configuration = try settings.hostConfiguration()
        let fields = configuration.initialisation
        #expect(String(decoding: fields.ssid, as: UTF8.self) == "my net")
        #expect(String(decoding: fields.password, as: UTF8.self) == "hunter2")
        #expect(String(decoding: fields.broker, as: UTF8.self) == "192.168.0.10")
        #expect(String(decoding: fields.user, as: UTF8.self) == "me")
        #expect(String(decoding: fields.userPassword, as: UTF8.self) == "hunter3")
        #expect(String(decoding: fields.tlsParameters, as: UTF8.self) == "{'ca': '/etc/ca.pem'}")
        #expect(!fields.usesDefaultNetwork && fields.usesTLS && !fields.isFast)
        #expect(fields.port == 65_535 && fields.keepaliveSeconds == 0)
        #expect(fields.isDebugging && !fields.cleanSession)
        #expect(fields.republicationsMax == 7 && fields.responseTimeSeconds == 3)
        #expect(fields.pingIntervalSeconds == .max)
        #expect(String(decoding: fields.timeserver, as: UTF8.self) == "ntp.example")
        #expect(
            configuration.will
                == Publication(
                    topic: Array("gone".utf8), message: Array("away".utf8), retain: Retain(true),
                    qos: .atLeastOnce))
        #expect(configuration.statusHandler == .application)
        #expect(configuration.refusalDelay == .seconds(5))
        #expect(configuration.link.characterSize == .eight)
        #expect(configuration.link.watchdogTimeout == .milliseconds(2_500))
        #expect(configuration.link.resetPulse == .milliseconds(50))
        #expect(configuration.link.settling == .seconds(2))
        #expect(configuration.link.settlingMax == .seconds(30))
        #expect(configuration.link.idlePause == .microseconds(500))
    }

    @Test func laterSourcesOverrideEarlierOnes() throws {
        let bench = try SettingsBench()
        let first = try bench.file(
            "hardware.toml", "timeout = 1\nbroker = \"first\"\nssid = \"a\"\nport = 1\nled = 1")
        let second = try bench.file(
            "net_local.json", #"{"broker": "second", "ssid": "b", "port": 2}"#)
        let settings = try LinkSettings(
            files: [first, second], environment: ["SYNSCOPE_SSID": "c", "SYNSCOPE_PORT": "3"],
            options: ["port": "4"])
        #expect(settings.hardware.timeout == .seconds(1))
        #expect(settings.hardware.applicationLamp == "1")
        #expect(settings.network.broker == "second")
        #expect(settings.network.ssid == "c")
        #expect(settings.network.port == 4)
    }

    @Test func oneFileCanHoldBothParts() throws {
        let text = """
            [hardware]
            wires = "file:/tmp/pins"
            [network]
            ssid = "a"
            [network.will]
            topic = "gone"
            [network.ssl_params]
            server_hostname = "b"
            """
        let kept = try SettingsBench().keeping { try $0.file("link.toml", text) }
        let settings = try kept.settings()
        #expect(settings.hardware.wires == .file(path: "/tmp/pins"))
        #expect(settings.network.ssid == "a")
        #expect(settings.network.will?.topic == "gone")
        #expect(settings.network.tlsParameters.text == "{'server_hostname': 'b'}")
    }

    @Test(arguments: [
        ("a.toml", "ssl_params = {ca = \"/x y\", cert_reqs = 2, z = true, n = -1}"),
        ("a.json", #"{"ssl_params": {"ca": "/x y", "cert_reqs": 2, "n": -1, "z": true}}"#),
    ])
    func theTableOfTLSBecomesADictionary(name: String, text: String) throws {
        let kept = try SettingsBench().keeping { try $0.file(name, text) }
        #expect(
            try kept.settings().network.tlsParameters.text
                == "{'ca': '/x y', 'cert_reqs': 2, 'n': -1, 'z': True}")
    }

    @Test func whatTheDictionaryHoldsReadsBackAsItWas() throws {
        let text = #"{"ssl_params": {"a'b\\c": "ü\n\u20ac\u0000\"", "none": null}}"#
        let kept = try SettingsBench().keeping { try $0.file("a.json", text) }
        let literal = try kept.settings().network.tlsParameters.text
        let members = try DictionaryLiteral(Array(literal.utf8)).members
        #expect(members.map { String(decoding: $0.key, as: UTF8.self) } == [#"a'b\c"#, "none"])
        #expect(members.first?.value == .text(Array("ü\n€\0\"".utf8)))
        #expect(members.last?.value == DictionaryLiteral.Value.none)
        _ = try kept.settings().complete.hostConfiguration()
    }

    @Test(arguments: [
        ("simulated", WiresSetting.simulated), ("file:/a:b", .file(path: "/a:b")),
        ("gpio", .gpio(chip: nil)), ("gpio:/dev/gpiochip1", .gpio(chip: "/dev/gpiochip1")),
    ])
    func wiresAreReadAndWritten(text: String, wires: WiresSetting) {
        #expect(WiresSetting(text) == wires)
        #expect(wires.description == text)
    }

    @Test(arguments: ["", "file", "file:", "gpio:", "simulated:1", "pins"])
    func otherWiresAreRefused(text: String) { #expect(WiresSetting(text) == nil) }

    @Test func linesOfAPinoutAreOverriddenAndAMissingOneIsNamed() throws {
        var hardware = HardwareSettings()
        hardware.pinout = "mine"
        hardware.lines[.stx] = "X"
        let lines = try hardware.allLines(of: .host) { name in
            #expect(name == "mine")
            return [.reset: "A", .stx: "B", .sckout: "C", .srx: "D", .sckin: "E"]
        }
        #expect(lines == [.reset: "A", .stx: "X", .sckout: "C", .srx: "D", .sckin: "E"])
        let fault = #expect(throws: SettingsFault.self) {
            try hardware.allLines(of: .host) { _ in [.reset: "A"] }
        }
        #expect(fault?.key == "sckout")
    }

    @Test func linesThatNobodyNamesHaveTheNamesOfTheWires() throws {
        let none: (String) throws -> [Channel: String] = { _ in [:] }
        #expect(try HardwareSettings().allLines(of: .host, pinout: none)[.stx] == "stx")
        #expect(try HardwareSettings().allLines(of: .bridge, pinout: none)[.stx] == "mrx")
        #expect(try HardwareSettings().allLines(of: .bridge, pinout: none).count == 5)
    }

    @Test func secretsAreNotDescribed() throws {
        var settings = LinkSettings().complete
        settings.network.password = "hunter2"
        settings.network.userPassword = "hunter3"
        settings.network.tlsParameters = "{'key': 'hunter4'}"
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains("hunter"))
            #expect(text.contains("*******"))
        }
    }
}

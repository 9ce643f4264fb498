import Signals

extension SettingKey {
    static let hardware: [SettingKey] =
        [
            SettingKey(
                "wires", .hardware, standard: "\"simulated\"",
                "\"simulated\", \"file:PATH\" with a pin file, \"gpio\" or \"gpio:CHIP\""
            ) { settings, value in
                let text = try value.text()
                guard let wires = WiresSetting(text) else {
                    throw SettingComplaint(
                        reason: "must be \"simulated\", \"file:PATH\", \"gpio\" or \"gpio:CHIP\"")
                }
                settings.hardware.wires = wires
            },
            SettingKey(
                "pinout", .hardware, standard: nil, "the name of a pinout, or a file with one"
            ) { settings, value in
                settings.hardware.pinout = try value.name("a pinout's name, or a file with one")
            },
        ]
        + WireNames.all.map { line($0) }
        + [
            SettingKey(
                "active_low", .hardware, standard: "[]", "a list of the wires that are inverted"
            ) { settings, value in
                settings.hardware.activeLow = Set(try value.words().map { try wire($0) })
            },
            word("bias", .hardware, standard: WireBias.pullDown, \.hardware.bias),
            lamp("led", \.hardware.applicationLamp),
            lamp("heartbeat_led", \.hardware.heartbeatLamp),
            lamp("broker_led", \.hardware.brokerLamp),
            seconds(.timeout), seconds(.resetPulse), seconds(.settling), seconds(.settlingMax),
            seconds(.idlePause),
            number(
                "character_bits", .hardware, standard: 7, in: 7...8, \.hardware.characterBits),
        ]

    private static func line(_ wire: WireNames) -> SettingKey {
        let (host, bridge) = ("\(wire.host)", "\(wire.bridge)")
        let channel = wire.channel
        return SettingKey(
            host, alias: bridge == host ? nil : bridge, .hardware, standard: nil,
            "a GPIO line's name or its offset"
        ) { settings, value in
            settings.hardware.lines[channel] = try value.line()
        }
    }

    private static func lamp(_ name: String, _ place: Place<String?>) -> SettingKey {
        SettingKey(name, .hardware, standard: nil, "a GPIO line's name or its offset") {
            settings, value in
            settings[keyPath: place] = try value.line()
        }
    }

    private static func wire(_ name: String) throws(SettingComplaint) -> Channel {
        for wire in WireNames.all where name == "\(wire.host)" || name == "\(wire.bridge)" {
            return wire.channel
        }
        throw SettingComplaint(
            reason: "must be a list of wires, such as [\"reset\"]; the wires are "
                + WireNames.all.map { "\($0.host)" }.joined(separator: ", "))
    }
}

extension SettingValue {
    /// A text that is not empty.
    func name(_ allowed: String) throws(SettingComplaint) -> String {
        let text = try text()
        if text.isEmpty { throw SettingComplaint(reason: "must be \(allowed), and is empty") }
        return text
    }
}

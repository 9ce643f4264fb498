public import BridgeProtocol
public import LinkProtocol
public import LivePorts
internal import PinFileTransport
public import Signals

#if GPIO
internal import GPIOTransport
#endif

/// From the setting of wires to wires that can be driven.
public enum LiveWires {
    /// Takes the wires of an end.
    ///
    /// - Parameters:
    ///   - hardware: what the wires are, and which lines.
    ///   - end: whose wires are taken.
    ///   - pinout: gives the lines of a pinout by its name; without it a pinout that is named is
    ///     refused.
    public static func open(
        _ hardware: HardwareSettings, as end: LinkEnd,
        pinout: ((String) throws -> [Channel: String])? = nil
    ) throws -> any WirePort {
        switch hardware.wires {
        case .simulated:
            guard end == .host else {
                throw SettingsFault(
                    .settings, key: "wires",
                    "a bridge needs wires to a host: `file:PATH`, or `gpio:CHIP`")
            }
            return try SimulatedBridgePort(hardware.simulatedBridge)
        case .file(let path): return try PinFilePort(end, on: try PinPage(opening: path))
        case .gpio(let chip):
            #if GPIO
            return try gpio(hardware, chip: chip, as: end, pinout: pinout)
            #else
            throw SettingsFault(
                .settings, key: "wires",
                "this program was built without libgpiod (package trait GPIO)")
            #endif
        }
    }

    #if GPIO
    private static func gpio(
        _ hardware: HardwareSettings, chip: String?, as end: LinkEnd,
        pinout: ((String) throws -> [Channel: String])?
    ) throws -> any WirePort {
        let lines = try hardware.allLines(of: end) { name in
            guard let pinout else {
                throw SettingsFault(
                    .settings, key: "pinout",
                    "only the synscope command knows pinouts; name the lines of the wires")
            }
            return try pinout(name)
        }
        let wires = Channel.wires.compactMap { channel in
            lines[channel].map {
                GPIOTapPlan.NamedWire(
                    channel, line: $0, isActiveLow: hardware.activeLow.contains(channel))
            }
        }
        let lamps: [(WireLamp, String?)] =
            end == .host
            ? [(.application, hardware.applicationLamp)]
            : [(.heartbeat, hardware.heartbeatLamp), (.broker, hardware.brokerLamp)]
        let plan: GPIOPortPlan
        do throws(GPIOError) {
            plan = try GPIOPortPlan(
                end: end, wires: wires,
                lamps: lamps.compactMap { lamp, line in line.map { .init(lamp, line: $0) } },
                chip: chip, bias: hardware.bias.lineBias)
        } catch {
            guard hardware.linesAreThoseOfTheWires, error.unknownName != nil else { throw error }
            throw SettingsFault(
                .settings, key: "wires",
                "\(error). As nothing else is said, the lines should have the names of the wires: name a "
                    + "`pinout`, or a line for each wire")
        }
        return try GPIOPort(plan)
    }
    #endif
}

#if GPIO
extension WireBias {
    /// The pull that a chip is asked for; nil for what the link wants, which is up for `reset`.
    fileprivate var lineBias: GPIOTapPlan.Bias? {
        switch self {
        case .asIs: .asIs
        case .disabled: .disabled
        case .pullUp: .pullUp
        case .pullDown: nil
        }
    }
}
#endif

extension HardwareSettings {
    /// The number of bits in a character.
    public func characterSize() throws(SettingsFault) -> CharacterSize {
        guard let bits = UInt8(exactly: characterBits), let size = CharacterSize(rawValue: bits)
        else {
            throw SettingsFault(
                .settings, key: "character_bits", "must be 7 or 8, not \(characterBits)")
        }
        return size
    }

    /// A bridge inside this program; its waits are short, as its network is always there.
    fileprivate var simulatedBridge: BridgeConfiguration {
        var configuration = BridgeConfiguration()
        configuration.chipIdentifier = DeviceIdentity.bytes(wires: "simulated")
        configuration.waits = .short
        return configuration
    }
}

extension BridgeWaits {
    /// For a computer whose network is there already: nothing has to settle for long.
    public static var short: BridgeWaits {
        var waits = BridgeWaits()
        waits.networkSettling = .zero
        waits.afterWiFiStatus = .zero
        // Together: a broker that refuses is asked once a second.
        waits.reconnectPause = .milliseconds(500)
        waits.stability = .milliseconds(500)
        waits.cleanPause = .milliseconds(100)
        return waits
    }
}

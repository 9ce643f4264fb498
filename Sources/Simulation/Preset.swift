public import BridgeProtocol
public import HostProtocol
public import Signals

/// A kind of world, by the boards that stand in it.
public enum Preset: String, Hashable, Sendable, CaseIterable {
    /// The reference's own boards: a Pyboard and an ESP8266, 1.6 kbit/s at best, 118 characters/s.
    case hardware
    /// Both ends of the reference on one PC, throttled, as in the captures of the reference.
    case lab
    /// This project's ends on wires in shared memory: microseconds, and no polling.
    case fast

    /// How long the host takes for a bit.
    public var hostResponse: ResponseTime {
        switch self {
        case .hardware: ResponseTime(from: 313_000, to: 897_000)
        case .lab: Preset.labHost
        case .fast: ResponseTime(from: 700, to: 2_300)
        }
    }

    /// How long the bridge takes for a bit.
    public var bridgeResponse: ResponseTime {
        switch self {
        case .hardware: ResponseTime(from: 313_000, to: 897_000)
        case .lab: Preset.labBridge
        case .fast: ResponseTime(from: 700, to: 2_300)
        }
    }

    /// The delays of the reference's host, where it stands in.
    public var hostPacing: HostPacing { self == .fast ? HostPacing() : .reference }

    /// The delays of the reference's bridge, where it stands in.
    public var bridgePacing: BridgePacing { self == .fast ? BridgePacing() : .reference }

    /// Whether the host rests on an idle link: the reference never does.
    public var restsWhenIdle: Bool { self == .fast }

    /// From the release of `reset` to a bridge that answers, at least.
    public var bootTime: Nanoseconds {
        switch self {
        case .hardware: .milliseconds(700)
        case .lab: .milliseconds(350)
        case .fast: .milliseconds(50)
        }
    }

    /// What a boot may take longer: a bridge's polling has no fixed place in a start.
    public var bootTimeSpread: Nanoseconds {
        switch self {
        case .hardware, .lab: .milliseconds(100)
        case .fast: .zero
        }
    }

    /// One way through the network, in microseconds: Wi-Fi, or a PC's own.
    public var networkLatencyMicroseconds: ClosedRange<Int> {
        switch self {
        case .hardware: 5_000...25_000
        case .lab, .fast: 150...900
        }
    }

    /// Sixteenths of the turn-rounds in the capture a_boot, from 8.2 s on; the uppermost is chosen for
    /// the mean, which has a long tail.
    private static let labHost = ResponseTime(
        nanoseconds: [
            7_000, 61_000, 76_000, 91_000, 112_000, 129_000, 147_000, 163_000, 177_000, 193_000,
            211_000, 227_000, 240_000, 252_000, 287_000, 330_000, 1_080_000,
        ])
    private static let labBridge = ResponseTime(
        nanoseconds: [
            7_000, 61_000, 76_000, 91_000, 112_000, 129_000, 144_000, 160_000, 175_000, 191_000,
            209_000, 226_000, 240_000, 251_000, 285_000, 325_000, 1_280_000,
        ])
}

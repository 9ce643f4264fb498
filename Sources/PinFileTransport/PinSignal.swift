public import Signals

/// A signal of a wire file, which is one byte of it. The raw values are the offsets.
/// Ref: Documentation/Protocol.md, Wire file.
public enum PinSignal: Int, Hashable, Sendable, CaseIterable {
    case reset = 0
    case stx = 1
    case sckout = 2
    case srx = 3
    case sckin = 4
    /// Whether the bridge's Wi-Fi is in range, for tests.
    case wifi = 8
    /// Toggles while the bridge's firmware runs.
    case heartbeat = 9
    /// Low while the bridge is connected to the broker.
    case broker = 10
    /// The host's own lamp.
    case lamp = 11

    /// The signal of a wire of the link; nil for any other channel.
    public init?(_ channel: Channel) {
        guard channel.isWire else { return nil }
        self.init(rawValue: Int(channel.index))
    }

    /// The wire of the link that this is; nil for a lamp.
    public var channel: Channel? {
        rawValue < Channel.wires.count ? Channel(index: rawValue) : nil
    }

    /// Its name, as `wires show` has it.
    public var name: String {
        switch self {
        case .reset: "reset"
        case .stx: "stx"
        case .sckout: "sckout"
        case .srx: "srx"
        case .sckin: "sckin"
        case .wifi: "wifi"
        case .heartbeat: "heartbeat"
        case .broker: "broker"
        case .lamp: "lamp"
        }
    }
}

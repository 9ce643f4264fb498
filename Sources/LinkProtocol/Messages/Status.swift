// The law of this file: every status number has its name and its consequence here.

/// What the bridge reports about itself, and the two things that a host reports to itself.
///
/// The raw values are those of the wire, and stand in captures: never renumber.
/// Ref: Documentation/Protocol.md, Statuses.
public enum Status: UInt8, Hashable, Sendable, CaseIterable {
    /// Connected to the broker.
    case brokerOK = 0
    /// About to connect to the broker.
    case brokerCheck = 1
    /// About to connect to the default network.
    case defaultNetwork = 2
    /// The default network failed or is not wanted: waits for leave to use the one of `init`.
    case specifiedNetwork = 3
    /// A publication has completed.
    case publicationOK = 4
    /// The initialisation is complete.
    case running = 5
    /// A command that the bridge does not know, or a wrong one where `init` was due.
    case unknown = 6
    /// The last will is registered.
    case willOK = 7
    /// The broker cannot be reached.
    case brokerFail = 8
    /// Wi-Fi and broker are up.
    case wifiUp = 9
    /// Wi-Fi or broker are down.
    case wifiDown = 10
    /// The bridge did not start. Only a host says so, to itself.
    case bridgeFail = 11
    /// The bridge fell silent while running. Only a host says so, to itself.
    case noNetwork = 12

    /// The name that users of the reference know.
    public var name: StaticString {
        switch self {
        case .brokerOK: "BROKER_OK"
        case .brokerCheck: "BROKER_CHECK"
        case .defaultNetwork: "DEFNET"
        case .specifiedNetwork: "SPECNET"
        case .publicationOK: "PUBOK"
        case .running: "RUNNING"
        case .unknown: "UNKNOWN"
        case .willOK: "WILLOK"
        case .brokerFail: "BROKER_FAIL"
        case .wifiUp: "WIFI_UP"
        case .wifiDown: "WIFI_DOWN"
        case .bridgeFail: "ESP_FAIL"
        case .noNetwork: "NO_NET"
        }
    }

    /// Whether it ends the session whenever it comes.
    @inlinable public var isFatal: Bool {
        switch self {
        case .unknown, .brokerFail, .bridgeFail, .noNetwork: true
        default: false
        }
    }

    /// Whether it ends the session when it comes before RUNNING: the fatal ones, and WIFI_DOWN.
    @inlinable public var isFatalBeforeRunning: Bool { isFatal || self == .wifiDown }

    /// Whether it never crosses the wire: the host tells it to its own application.
    @inlinable public var isHostLocal: Bool { self == .bridgeFail || self == .noNetwork }

    /// Whether the bridge waits for a string of the host's before it goes on.
    @inlinable public var awaitsAnswer: Bool { self == .specifiedNetwork }
}

public import HostProtocol
public import LinkProtocol
public import Signals

/// What the bridge is told about its network and its broker: what the reference has in `net_local.py`.
///
/// Texts are of characters from 1 to 126, since the link carries no others.
public struct NetworkSettings: Hashable, Sendable {
    /// The name of the network; must be given.
    public var ssid: String?
    /// The network's password; must be given, empty for an open network.
    public var password: SecretText?
    /// Whether the bridge first tries the network that it has anyway.
    public var usesDefaultNetwork = true
    /// The broker's name or address; must be given.
    public var broker: String?
    /// The user's name at the broker; empty for none.
    public var user = ""
    /// The user's password at the broker; empty for none.
    public var userPassword: SecretText = ""
    /// Whether the connection to the broker is made with TLS.
    public var usesTLS = false
    /// The parameters of TLS as the literal of a Python dictionary.
    public var tlsParameters: SecretText = "{}"
    /// The broker's port; 0 is the standard one.
    public var port: UInt16 = 0
    /// Whether the bridge runs its processor at the higher clock.
    public var isFast = true
    /// MQTT's keepalive in seconds; 0 switches it off.
    public var keepaliveSeconds: UInt16 = 60
    /// The longest time between two pings, in seconds; 0 leaves it to the keepalive.
    public var pingIntervalSeconds: UInt32 = 0
    /// Whether the broker forgets the session when the connection ends.
    public var cleanSession = true
    /// How often a qos 1 publication is repeated before the connection is rebuilt.
    public var republicationsMax: UInt32 = 4
    /// How long the bridge waits for an acknowledgement, in seconds.
    public var responseTimeSeconds: UInt32 = 10
    /// The name or address of the time server.
    public var timeserver = "pool.ntp.org"
    /// Whether the bridge prints to its console.
    public var isDebugging = false
    /// Whether the host tells what it does.
    public var isVerbose = false
    /// What the broker shall publish when the bridge is lost; nil for nothing.
    public var will: WillSettings?
    /// Who answers a status that has to be answered.
    public var statusHandler = StatusHandler.standard
    /// How long the standard handler waits before it refuses a second network.
    public var refusalDelay = Nanoseconds.seconds(30)

    /// The reference's defaults; network and broker must be given.
    public init() {}
}

/// A last will.
public struct WillSettings: Hashable, Sendable {
    /// The topic; must be given.
    public var topic: String
    /// The content.
    public var message: String
    /// Whether the broker shall keep it.
    public var isRetained: Bool
    /// How sure the delivery is.
    public var qos: QualityOfService

    /// A will.
    public init(
        topic: String, message: String, isRetained: Bool = false,
        qos: QualityOfService = .atMostOnce
    ) {
        self.topic = topic
        self.message = message
        self.isRetained = isRetained
        self.qos = qos
    }
}

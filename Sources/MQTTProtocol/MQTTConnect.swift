/// What a client says of itself when it connects.
///
/// Ref: MQTT 3.1.1 §3.1.
public struct MQTTConnect: Hashable, Sendable {
    /// The client's name at the broker, UTF-8; empty only together with a clean session.
    public var clientIdentifier: [UInt8]
    /// Whether the broker forgets what it kept for this client, and keeps nothing after it.
    public var cleanSession: Bool
    /// The longest time between two packets of the client, in seconds; 0: no limit.
    public var keepAliveSeconds: UInt16
    /// What the broker publishes when the connection ends without a DISCONNECT.
    public var will: MQTTWill?
    /// The user's name, UTF-8.
    public var user: [UInt8]?
    /// The user's password, any bytes; **secret**. Only together with a user.
    public var password: [UInt8]?

    /// The content of a CONNECT.
    public init(
        clientIdentifier: [UInt8], cleanSession: Bool = true, keepAliveSeconds: UInt16 = 60,
        will: MQTTWill? = nil, user: [UInt8]? = nil, password: [UInt8]? = nil
    ) {
        self.clientIdentifier = clientIdentifier
        self.cleanSession = cleanSession
        self.keepAliveSeconds = keepAliveSeconds
        self.will = will
        self.user = user
        self.password = password
    }
}

/// The message that a broker publishes for a client that is gone.
///
/// Ref: MQTT 3.1.1 §3.1.2.5.
public struct MQTTWill: Hashable, Sendable {
    /// The topic, UTF-8, without wildcards.
    public var topic: [UInt8]
    /// The message, any bytes, 65,535 at most.
    public var message: [UInt8]
    /// Whether the broker keeps it for later subscribers.
    public var isRetained: Bool
    /// How surely it is delivered.
    public var qos: MQTTQualityOfService

    /// A last will.
    public init(
        topic: [UInt8], message: [UInt8], isRetained: Bool = false,
        qos: MQTTQualityOfService = .atMostOnce
    ) {
        self.topic = topic
        self.message = message
        self.isRetained = isRetained
        self.qos = qos
    }
}

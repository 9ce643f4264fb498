// The law of this file: the order, the ranges and the defaults of the fields of `init` are here.

/// The configuration that the host gives the bridge, in the order of its fields.
///
/// Ref: Documentation/Protocol.md, Messages.
public struct InitialiseFields: Hashable, Sendable {
    /// The name of the network to use when there is no default network.
    public var ssid: [UInt8]
    /// The network's password; secret.
    public var password: [UInt8]
    /// The broker's name or address.
    public var broker: [UInt8]
    /// The user's name at the broker; empty for none.
    public var user: [UInt8]
    /// The user's password at the broker, or empty for none; secret.
    public var userPassword: [UInt8]
    /// The parameters of TLS as the literal of a Python dictionary; secret unless it is `{}`.
    public var tlsParameters: [UInt8]
    /// Whether the bridge first tries the network that it remembers.
    public var usesDefaultNetwork: Bool
    /// The broker's port; 0 is the standard one (1883, or 8883 with TLS).
    public var port: UInt16
    /// Whether the connection to the broker is made with TLS.
    public var usesTLS: Bool
    /// Whether the bridge runs its processor at the higher clock.
    public var isFast: Bool
    /// MQTT's keepalive in seconds; 0 switches it off.
    public var keepaliveSeconds: UInt16
    /// Whether the bridge prints to its console.
    public var isDebugging: Bool
    /// Whether the broker forgets the session when the connection ends.
    public var cleanSession: Bool
    /// How often a qos 1 publication is repeated before the connection is rebuilt.
    public var republicationsMax: UInt32
    /// How long the bridge waits for an acknowledgement, in seconds.
    public var responseTimeSeconds: UInt32
    /// The longest time between two pings, in seconds; 0 leaves it to the keepalive.
    public var pingIntervalSeconds: UInt32
    /// The name or address of the SNTP server.
    public var timeserver: [UInt8]
    /// The fields after the time server: words that offer or ask for what the reference lacks.
    ///
    /// A peer ignores the words that it does not know; all are kept, in their order.
    public var extensions: [[UInt8]]

    /// A configuration with the reference's defaults.
    public init(ssid: [UInt8], password: [UInt8], broker: [UInt8]) {
        self.ssid = ssid
        self.password = password
        self.broker = broker
        user = []
        userPassword = []
        tlsParameters = [UInt8](characters: "{}")
        usesDefaultNetwork = true
        port = 0
        usesTLS = false
        isFast = true
        keepaliveSeconds = 60
        isDebugging = false
        cleanSession = true
        republicationsMax = 4
        responseTimeSeconds = 10
        pingIntervalSeconds = 0
        timeserver = [UInt8](characters: "pool.ntp.org")
        extensions = []
    }

    /// Whether the host asks to take up the session that it had before a restart of the bridge:
    /// one of ``extensions`` is the word `resume`.
    ///
    /// Setting it adds the word after the others, or removes it wherever it is.
    public var resumes: Bool {
        get { has("resume") }
        set { set("resume", newValue) }
    }

    /// Whether the host reads escaped messages: one of ``extensions`` is the word `escape`.
    ///
    /// Setting it adds the word after the others, or removes it wherever it is.
    public var readsEscapes: Bool {
        get { has("escape") }
        set { set("escape", newValue) }
    }

    private func has(_ word: StaticString) -> Bool { extensions.contains { $0[...].equals(word) } }

    private mutating func set(_ word: StaticString, _ isThere: Bool) {
        if isThere == has(word) { return }
        if isThere {
            extensions.append([UInt8](characters: word))
        } else {
            extensions.removeAll { $0[...].equals(word) }
        }
    }
}

extension InitialiseFields {
    /// The places of the secret fields in the frame.
    enum SecretField {
        static var password: Int { 2 }
        static var userPassword: Int { 5 }
        static var tlsParameters: Int { 6 }
    }

    /// The places of the numbers and flags in the frame.
    static var numberFields: Range<Int> { 7..<17 }

    /// Reads the fields after the command.
    init(reading reader: inout FieldReader) throws(MalformedMessage) {
        ssid = try reader.text()
        password = try reader.text()
        broker = try reader.text()
        user = try reader.text()
        userPassword = try reader.text()
        tlsParameters = try reader.text()
        usesDefaultNetwork = try reader.flag()
        port = UInt16(truncatingIfNeeded: try reader.number(atMost: Int64(UInt16.max)))
        usesTLS = try reader.flag()
        isFast = try reader.flag()
        keepaliveSeconds = UInt16(truncatingIfNeeded: try reader.number(atMost: Int64(UInt16.max)))
        isDebugging = try reader.flag()
        cleanSession = try reader.flag()
        republicationsMax = UInt32(truncatingIfNeeded: try reader.number(atMost: Int64(UInt32.max)))
        responseTimeSeconds = UInt32(
            truncatingIfNeeded: try reader.number(atMost: Int64(UInt32.max)))
        pingIntervalSeconds = UInt32(
            truncatingIfNeeded: try reader.number(atMost: Int64(UInt32.max)))
        timeserver = try reader.text()
        extensions = []
        while !reader.isAtEnd { extensions.append(try reader.text()) }
    }

    /// Writes the fields after the command.
    func write(to writer: inout FieldWriter) throws(UnsendableMessage) {
        try writer.text(ssid)
        try writer.text(password)
        try writer.text(broker)
        try writer.text(user)
        try writer.text(userPassword)
        try writer.text(tlsParameters)
        writer.flag(usesDefaultNetwork)
        try writer.number(Int64(port))
        writer.flag(usesTLS)
        writer.flag(isFast)
        try writer.number(Int64(keepaliveSeconds))
        writer.flag(isDebugging)
        writer.flag(cleanSession)
        try writer.number(Int64(republicationsMax))
        try writer.number(Int64(responseTimeSeconds))
        try writer.number(Int64(pingIntervalSeconds))
        try writer.text(timeserver)
        for word in extensions { try writer.text(word) }
    }
}

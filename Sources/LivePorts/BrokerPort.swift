/// Opens transports to a broker.
public protocol BrokerPort: Sendable {
    /// Begins to open a transport and returns at once; what becomes of it is told to `events`, on a
    /// thread of the port's own, one after the other.
    func open(
        _ address: BrokerEndpoint, events: @escaping @Sendable (BrokerTransportEvent) -> Void
    ) -> any BrokerTransport
}

/// A transport to a broker: bytes both ways, in order. Its functions come from any one thread and
/// never wait.
public protocol BrokerTransport: AnyObject, Sendable {
    /// Sends bytes, in the order of the calls; those sent before it is open leave when it is.
    func send(_ bytes: [UInt8])
    /// Reads from the transport, or stops reading; a new one reads. What is not read stays with the
    /// broker.
    func setReading(_ isReading: Bool)
    /// Closes after everything sent has left, or after a short time in any case. Nothing more is told.
    func close()
}

/// What becomes of a transport.
public enum BrokerTransportEvent: Sendable {
    /// It is open, with TLS done if it is to be used.
    case opened
    /// Bytes of the broker, in whatever pieces.
    case received([UInt8])
    /// It was closed by the other end or the network, or cannot be opened; the last event.
    /// The words are for a log, and hold no secret. nil: closed in good order.
    case closed(because: String?)
}

/// Where a broker is, and how it is spoken to.
public struct BrokerEndpoint: Hashable, Sendable {
    /// Its name, or its address in figures.
    public var host: String
    /// Its port.
    public var port: UInt16
    /// TLS, if it is used.
    public var tls: TLSParameters?

    /// An endpoint.
    public init(host: String, port: UInt16, tls: TLSParameters? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}

/// How a server proves who it is, and the client.
public struct TLSParameters: Hashable, Sendable {
    /// The file of the authorities that are trusted, in PEM; nil for those of the system.
    public var authorityFile: String?
    /// The file of the client's certificate chain, in PEM.
    public var certificateFile: String?
    /// The file of the client's private key, in PEM.
    public var keyFile: String?
    /// The name that the server's certificate must have, and that is told as SNI; nil for the
    /// endpoint's.
    public var serverName: String?
    /// Whether the server's certificate is verified.
    public var verifiesServer = true

    /// Verified against the system's authorities, without a certificate of the client's.
    public init() {}
}

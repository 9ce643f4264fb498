public import LinkProtocol

/// What becomes of Wi-Fi. The raw values stand in captures: never renumber.
public enum NetworkEvent: UInt8, Hashable, Sendable, CaseIterable {
    /// The network that was asked for last is there, with an address.
    case associated = 0
    /// The network that was asked for last cannot be had.
    case failed = 1
    /// The network is gone.
    case lost = 2
}

/// A network to associate with.
public enum BridgeNetwork: Hashable, Sendable {
    /// The default one: that which the chip remembers.
    case remembered
    /// The one of `init`; the password is **secret**.
    case specified(ssid: [UInt8], password: [UInt8])
}

/// Where the broker is, and how it is spoken to.
public struct BrokerAddress: Hashable, Sendable {
    /// Its name or address, as `init` has it.
    public var name: [UInt8]
    /// The port; never the 0 that stands for the standard one.
    public var port: UInt16
    /// Whether the connection is made with TLS.
    public var usesTLS: Bool
    /// The parameters of TLS as the literal of a dictionary that has been read; **secret** unless it
    /// is `{}`.
    public var tlsLiteral: [UInt8]

    /// An address.
    public init(name: [UInt8], port: UInt16, usesTLS: Bool, tlsLiteral: [UInt8]) {
        self.name = name
        self.port = port
        self.usesTLS = usesTLS
        self.tlsLiteral = tlsLiteral
    }

    /// The parameters of TLS; nil when they are masked, as those of a journal are.
    public var tlsParameters: DictionaryLiteral? {
        do throws(DictionaryLiteral.Refusal) {
            return try DictionaryLiteral(tlsLiteral)
        } catch {
            return nil
        }
    }
}

/// A lamp on the bridge. The raw values stand in captures: never renumber.
/// Ref: Documentation/Protocol.md, Wire file.
public enum BridgeLamp: UInt8, Hashable, Sendable, CaseIterable {
    /// Toggles while the firmware runs; low before it does.
    case heartbeat = 0
    /// Low while the broker is connected, high otherwise.
    case broker = 1
}

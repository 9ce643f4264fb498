/// The names by which the link's five wires are known.
///
/// The host and the bridge name the same wires from their own ends; a capture always uses the
/// host's names. Ref: Documentation/Protocol.md, Wires.
public struct WireNames: Sendable {
    /// The wire.
    public let channel: Channel
    /// The host's name, which captures use.
    public let host: StaticString
    /// The bridge's name for the same wire.
    public let bridge: StaticString

    /// The name that an end has for it.
    public func name(at end: LinkEnd) -> StaticString { end == .host ? host : bridge }

    /// The names of all five wires, in the order of their indices.
    public static var all: [WireNames] {
        [
            WireNames(channel: .reset, host: "reset", bridge: "reset"),
            WireNames(channel: .stx, host: "stx", bridge: "mrx"),
            WireNames(channel: .sckout, host: "sckout", bridge: "mckin"),
            WireNames(channel: .srx, host: "srx", bridge: "mtx"),
            WireNames(channel: .sckin, host: "sckin", bridge: "mckout"),
        ]
    }
}

public import LivePorts

/// A network that is always there, and never lost.
public final class AlwaysNetwork: NetworkPort {
    /// A network.
    public init() {}

    /// Says at once, before it returns, that the network is there.
    public func associate(
        with network: NetworkChoice, events: @escaping @Sendable (NetworkChange) -> Void
    ) {
        events(.associated)
    }

    /// Does nothing: nothing would have been told anyway.
    public func dissociate() {}
}

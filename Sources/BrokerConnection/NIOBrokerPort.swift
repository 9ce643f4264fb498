#if Broker
public import LivePorts

/// Opens TCP and TLS transports to brokers, on SwiftNIO.
///
/// All transports of a port live on one thread of its own, where they tell what becomes of them; files
/// and names are looked up on others. A port that is released keeps this thread while a transport of it
/// is open.
///
/// Whoever closes a transport on another thread than the port's waits until an event that is just being
/// told has been heard; so whoever hears events must not wait for the one who closes.
public final class NIOBrokerPort: BrokerPort {
    let thread: TransportThread
    private let limits: BrokerTransportLimits

    /// A port with a thread of its own.
    public init(limits: BrokerTransportLimits = BrokerTransportLimits()) {
        self.limits = limits
        thread = TransportThread()
    }

    /// Begins to open a transport. What it needs of files is read then, each time.
    public func open(
        _ address: BrokerEndpoint, events: @escaping @Sendable (BrokerTransportEvent) -> Void
    ) -> any BrokerTransport {
        let transport = NIOBrokerTransport(
            to: address, on: thread, limits: limits, events: TransportEvents(events))
        transport.start()
        return transport
    }

    /// Closes all transports, waits until they are, which takes no longer than
    /// ``BrokerTransportLimits/closeTime``, and ends the thread. A transport that is opened afterwards
    /// tells nothing. Not to be called by who hears events.
    public func shutDown() { thread.shutDown() }
}
#endif

#if Broker
import LivePorts
import Testing

@testable import BrokerConnection

/// A port, a transport of it, and what that has told.
struct OpenTransport {
    let port: NIOBrokerPort
    let transport: any BrokerTransport
    let log = TransportLog()

    init(
        to endpoint: BrokerEndpoint, limits: BrokerTransportLimits = BrokerTransportLimits()
    ) {
        port = NIOBrokerPort(limits: limits)
        transport = port.open(endpoint) { [log] in log.hear($0) }
    }

    /// Without TLS, to this machine.
    init(
        to port: UInt16, host: String = "127.0.0.1",
        limits: BrokerTransportLimits = BrokerTransportLimits()
    ) {
        self.init(to: BrokerEndpoint(host: host, port: port), limits: limits)
    }

    /// With TLS, to this machine.
    init(
        tls port: UInt16, host: String = "localhost",
        limits: BrokerTransportLimits = BrokerTransportLimits(),
        _ change: (inout TLSParameters) -> Void = { _ in }
    ) throws {
        var parameters = TLSParameters()
        parameters.authorityFile = try TestCertificates.shared.get().file("ca.pem")
        change(&parameters)
        self.init(to: BrokerEndpoint(host: host, port: port, tls: parameters), limits: limits)
    }

    /// Says CONNECT, and waits until the broker has accepted that.
    func connectMQTT() -> Bool {
        transport.send(Packets.connect)
        return log.waitReceived(Packets.accepted.count)
            && log.received.starts(with: Packets.accepted)
    }
}

extension BrokerTransportLimits {
    /// Those of a live bridge, changed.
    init(_ change: (inout BrokerTransportLimits) -> Void) {
        self.init()
        change(&self)
    }
}
#endif

#if Broker
import Glibc
import LivePorts
import NIOCore
import NIOPosix

/// What must be known before a connection: addresses, and the files of TLS. Making one waits for
/// name servers and disks.
struct ConnectionPlan: Sendable {
    /// EAI_NODATA, the name exists without an address; Glibc keeps it for GNU programs.
    private static let noData: CInt = -5

    let tls: ClientTLS?
    let addresses: [SocketAddress]

    init(for endpoint: BrokerEndpoint, limits: BrokerTransportLimits) throws(TransportFailure) {
        if let parameters = endpoint.tls {
            tls = try ClientTLS(parameters, host: endpoint.host, closeTime: limits.closeTime)
        } else {
            tls = nil
        }
        addresses = try Self.look(up: endpoint)
    }

    /// The addresses of a name, or of itself if it is one, in the order in which to try them.
    private static func look(up endpoint: BrokerEndpoint) throws(TransportFailure)
        -> [SocketAddress]
    {
        guard !endpoint.host.isEmpty, !endpoint.host.utf8.contains(0) else {
            throw .unusableName(endpoint.host)
        }
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_protocol = CInt(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
        guard status == 0 else {
            switch status {
            case EAI_NONAME, Self.noData: throw .unknownName(endpoint.host)
            case EAI_AGAIN: throw .noNameServer(endpoint.host)
            case EAI_SYSTEM: throw .lookUp(endpoint.host, String(cString: strerror(errno)))
            default: throw .lookUp(endpoint.host, String(cString: gai_strerror(status)))
            }
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = UnsafeRawPointer(entry.ai_addr) else { continue }
            switch entry.ai_family {
            case AF_INET:
                addresses.append(
                    SocketAddress(address.load(as: sockaddr_in.self), host: endpoint.host))
            case AF_INET6:
                addresses.append(
                    SocketAddress(address.load(as: sockaddr_in6.self), host: endpoint.host))
            default: continue
            }
        }
        guard !addresses.isEmpty else { throw .unknownName(endpoint.host) }
        return addresses
    }
}

/// Addresses that were looked up before, for the bootstrap that tries IPv6 and IPv4 side by side.
struct KnownAddresses: Resolver, Sendable {
    private let addresses: [SocketAddress]
    private let loop: any EventLoop

    init(_ addresses: [SocketAddress], on loop: any EventLoop) {
        self.addresses = addresses
        self.loop = loop
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeSucceededFuture(addresses.filter { $0.protocol == .inet })
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeSucceededFuture(addresses.filter { $0.protocol == .inet6 })
    }

    func cancelQueries() {}
}
#endif

// The system's resolver may take half a minute over a dead name server and cannot be interrupted. So
// it works on a thread of its own, which is left behind when the time is up.

internal import Glibc
internal import LiveEdges
internal import Synchronization

/// From a server's name to its addresses.
enum NameResolution {
    /// Why there are no addresses.
    enum Failure: Error, Hashable {
        /// The resolver says so: the name does not exist, or no name server answers.
        case resolver(String)
        /// It did not answer within the time.
        case late
        /// So many look-ups hang already.
        case busy(lookUps: Int)
        /// No thread could be started.
        case thread(errno: Int32)
    }

    /// The most addresses of a name that are used.
    static let addressesMax = 8
    /// The most look-ups at a time, of the whole process.
    static let lookUpsMax = 4
    private static let lookUpsUnderWay = Atomic<Int>(0)

    /// Finds the addresses of a server, in the order in which they are to be tried.
    ///
    /// - Parameter deadline: in nanoseconds of `MonotonicClock`.
    static func addresses(
        of server: ServerAddress, until deadline: UInt64
    ) throws(Failure) -> [SocketAddress] {
        if let address = SocketAddress(figures: server.host, port: server.port) { return [address] }
        guard lookUpsUnderWay.add(1, ordering: .relaxed).newValue <= lookUpsMax else {
            lookUpsUnderWay.subtract(1, ordering: .relaxed)
            throw .busy(lookUps: lookUpsMax)
        }
        let found = Monitor<Result<[SocketAddress], Failure>?>(nil)
        let number = DetachedThread.start {
            let result = Result { () throws(Failure) in try lookUp(server, flags: 0) }
            lookUpsUnderWay.subtract(1, ordering: .relaxed)
            found.change { value in
                value = result
                return true
            }
        }
        guard number == 0 else {
            lookUpsUnderWay.subtract(1, ordering: .relaxed)
            throw .thread(errno: number)
        }
        let now = MonotonicClock.nanoseconds()
        found.wait(atMost: deadline > now ? deadline - now : 0) { $0 != nil }
        guard let result = found.read({ $0 }) else { throw .late }
        return try result.get()
    }

    /// Asks the resolver, on the caller's thread.
    static func lookUp(_ server: ServerAddress, flags: Int32) throws(Failure) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = flags | AI_NUMERICSERV
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(server.host, "\(server.port)", &hints, &first)
        guard code == 0 else { throw .resolver(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let info = next, addresses.count < addressesMax {
            next = info.pointee.ai_next
            guard let pointer = info.pointee.ai_addr, let address = SocketAddress(pointer) else {
                continue
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        guard !addresses.isEmpty else { throw .resolver("no address") }
        return addresses
    }
}

extension NameResolution.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .resolver(let words): "looking up its name: \(words)"
        case .late: "looking up its name: no answer in time"
        case .busy(let count): "looking up its name: \(count) earlier look-ups hang"
        case .thread(let errno): "starting a thread: \(String(cString: strerror(errno)))"
        }
    }
}

internal import Glibc

/// An interface of this machine, as the kernel describes it at a moment.
public struct NetworkInterface: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Whether somebody has switched it on.
    public var isUp = false
    /// Whether a cable is in, or Wi-Fi joined.
    public var hasCarrier = false
    /// Whether it has an address that is not link-local. An IPv6 address counts from the moment at which
    /// it is given, the second included in which the kernel looks whether another machine has it.
    public var hasAddress = false

    /// Whether something can be reached through it.
    public var isUsable: Bool { isUp && hasCarrier && hasAddress }

    /// All that there are, by name.
    public static func all() throws(NetworkFailure) -> [NetworkInterface] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else {
            throw NetworkFailure(doing: "listing the interfaces", errno: errno)
        }
        defer { freeifaddrs(first) }
        var interfaces: [NetworkInterface] = []
        var next = first
        while let entry = next {
            next = entry.pointee.ifa_next
            // An address with a label comes under that: eth0:1 is an address of eth0.
            let label = String(cString: entry.pointee.ifa_name)
            let name = String(label.prefix { $0 != ":" })
            let index =
                interfaces.firstIndex { $0.name == name }
                ?? {
                    interfaces.append(NetworkInterface(name: name))
                    return interfaces.count - 1
                }()
            let flags = Int(entry.pointee.ifa_flags)
            interfaces[index].isUp = flags & Int(IFF_UP) != 0
            interfaces[index].hasCarrier = flags & Int(IFF_RUNNING) != 0
            if let address = entry.pointee.ifa_addr, let address = SocketAddress(address),
                !address.isLinkLocal
            {
                interfaces[index].hasAddress = true
            }
        }
        return interfaces.sorted { $0.name < $1.name }
    }
}

/// The system cannot tell about the network.
public struct NetworkFailure: Error, Hashable, CustomStringConvertible {
    /// What was being done.
    public var doing: String
    /// Why it failed.
    public var errno: Int32

    /// In words.
    public var description: String { "\(doing): \(String(cString: strerror(errno)))" }
}

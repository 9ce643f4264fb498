internal import Glibc

/// An IPv4 or IPv6 address with a port, as the kernel takes it.
struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// A `sockaddr_in` or `sockaddr_in6`.
    let bytes: [UInt8]

    /// The content of a `sockaddr`; nil if it is of another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        let length: Int
        switch Int32(address.pointee.sa_family) {
        case AF_INET: length = MemoryLayout<sockaddr_in>.size
        case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        bytes = Array(UnsafeRawBufferPointer(start: address, count: length))
    }

    /// An address in figures; nil if it is a name.
    init?(figures: String, port: UInt16) {
        let found = try? NameResolution.lookUp(
            ServerAddress(host: figures, port: port), flags: AI_NUMERICHOST)
        guard let first = found?.first else { return nil }
        self = first
    }

    /// `AF_INET` or `AF_INET6`.
    var family: Int32 {
        bytes.withUnsafeBytes { Int32($0.loadUnaligned(as: sa_family_t.self)) }
    }

    /// The address itself, in the order of the network: 4 or 16 bytes.
    var host: ArraySlice<UInt8> {
        family == AF_INET ? bytes[4..<8] : bytes[8..<24]
    }

    /// The port.
    var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }

    /// The four bytes of an IPv4 address, in whichever family it is written.
    private var version4: [UInt8]? {
        let host = Array(self.host)
        if host.count == 4 { return host }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return host.starts(with: mapped) ? Array(host.suffix(4)) : nil
    }

    /// Whether it was made up by the machine itself, and leads no further than the next cable.
    var isLinkLocal: Bool {
        if let host = version4 { return host[0] == 169 && host[1] == 254 }
        let host = Array(self.host)
        return host[0] == 0xfe && host[1] & 0xc0 == 0x80
    }

    /// Whether it is on this machine or in a network of its own.
    var isLocal: Bool {
        if isLinkLocal { return true }
        if let host = version4 {
            return host[0] == 127 || host[0] == 10 || (host[0] == 172 && host[1] & 0xf0 == 16)
                || (host[0] == 192 && host[1] == 168)
        }
        let host = Array(self.host)
        return host[0] & 0xfe == 0xfc || host == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Calls the kernel with it.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(bytes.count))
            }
        }
    }

    /// In figures, with the port.
    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isVersion6 = family == AF_INET6
        Array(host).withUnsafeBytes { raw in
            _ = inet_ntop(family, raw.baseAddress, &text, socklen_t(text.count))
        }
        let figures = String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return isVersion6 ? "[\(figures)]:\(port)" : "\(figures):\(port)"
    }
}

/// A server as people write it: a name, or an address in figures, and a port behind it if it is not
/// the usual one.
///
///     pool.ntp.org   pool.ntp.org:1123   192.0.2.1:1123   2001:db8::1   [2001:db8::1]:1123
public struct ServerAddress: Hashable, Sendable {
    /// The name, or the address in figures, without brackets.
    public let host: String
    /// The port.
    public let port: UInt16

    /// The most bytes of a name that are accepted. Ref: RFC 1035 §2.3.4.
    static let nameLengthMax = 255

    /// A server.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads a server.
    ///
    /// - Parameter usualPort: the port if the text names none.
    public init(_ text: String, usualPort: UInt16) throws(ServerAddressError) {
        let bytes = Array(text.utf8)
        let colons = bytes.count { $0 == UInt8(ascii: ":") }
        var host = text[...]
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw .malformed(text) }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":") else { throw .malformed(text) }
                port = rest.dropFirst()
            }
        } else if colons == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.count <= Self.nameLengthMax,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw .malformed(text) }
        if let port {
            guard let number = UInt16(port), number > 0 else { throw .malformed(text) }
            self.init(host: String(host), port: number)
        } else {
            self.init(host: String(host), port: usualPort)
        }
    }

    /// Whether the server is on this machine or in a network of its own, by nothing but how it is
    /// written: reaching it takes no internet.
    ///
    /// So are addresses for loopback, private and link-local use (RFC 1122, 1918, 3927, 4193, 4291),
    /// names without a dot, and names under `localhost`, `local`, `lan`, `internal`, `home.arpa`.
    public var isLocal: Bool {
        if let address = SocketAddress(figures: host, port: port) { return address.isLocal }
        var name = host.lowercased()[...]
        if name.hasSuffix(".") { name = name.dropLast() }
        guard name.contains(".") else { return !name.contains(":") }
        return Self.localDomains.contains { name.hasSuffix($0) }
    }

    private static let localDomains = [".localhost", ".local", ".lan", ".internal", ".home.arpa"]
}

extension ServerAddress: CustomStringConvertible {
    /// The form that can be read again.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A text that names no server.
public enum ServerAddressError: Error, Hashable, CustomStringConvertible {
    /// It cannot be read.
    case malformed(String)

    /// What is wrong, and what to write instead.
    public var description: String {
        switch self {
        case .malformed(let text):
            "`\(text)` names no server; write a name or an address, and a port behind it if needed: "
                + "pool.ntp.org, 192.0.2.1:123, [2001:db8::1]:123"
        }
    }
}

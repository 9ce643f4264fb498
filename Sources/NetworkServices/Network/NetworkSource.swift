internal import Glibc

/// What stands for a network on a machine that is not a chip with Wi-Fi.
///
/// In a configuration it is a text: `always`, `never`, or `interface:eth0`.
public enum NetworkSource: Hashable, Sendable {
    /// A network that is always there.
    case always
    /// A network that cannot be had.
    case never
    /// An interface of this machine: the network is there while it is up, has a carrier and an address
    /// that is not link-local. The system, not the bridge, sets it up.
    case interface(String)

    /// The most bytes of an interface's name: IFNAMSIZ - 1.
    static let nameLengthMax = 15
    private static let prefix = "interface:"

    /// Reads the text of a configuration.
    public init(_ text: String) throws(NetworkSourceError) {
        switch text {
        case "always": self = .always
        case "never": self = .never
        default:
            guard text.hasPrefix(Self.prefix) else { throw .unknown(text) }
            let name = String(text.dropFirst(Self.prefix.count))
            guard (1...Self.nameLengthMax).contains(name.utf8.count), name != ".", name != "..",
                name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != 0x2f && $0 != 0x3a })
            else { throw .notAName(name) }
            self = .interface(name)
        }
    }
}

extension NetworkSource: CustomStringConvertible {
    /// The text of a configuration.
    public var description: String {
        switch self {
        case .always: "always"
        case .never: "never"
        case .interface(let name): Self.prefix + name
        }
    }
}

/// A text that names no network.
public enum NetworkSourceError: Error, Hashable, CustomStringConvertible {
    /// It is none of the known texts.
    case unknown(String)
    /// What follows `interface:` cannot be the name of one.
    case notAName(String)

    /// What is wrong, and what to write instead.
    public var description: String {
        switch self {
        case .unknown(let text):
            "`\(text)` is no network: write always, never, or interface:NAME, such as interface:eth0"
        case .notAName(let name):
            "`\(name)` cannot be the name of an interface, which has 1 to "
                + "\(NetworkSource.nameLengthMax) characters without spaces, slashes and colons; "
                + "`ip link` lists those of this machine"
        }
    }
}

#if Broker
import Glibc

/// An IPv4 or IPv6 address in figures.
struct NumericAddress: Hashable {
    private var bytes: [UInt8]

    /// The address that a text is, if it is one; the zone of a link-local address does not count.
    init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        let address = text.prefix { $0 != "%" }
        // Bytes, as the structures of the C library have a second definition in SwiftNIO.
        var v4 = [UInt8](repeating: 0, count: 4)
        var v6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = v4
        } else if inet_pton(AF_INET6, String(address), &v6) == 1 {
            bytes = v6
        } else {
            return nil
        }
    }

    /// The address of 4 or 16 bytes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// As it is commonly written.
    var written: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
#endif

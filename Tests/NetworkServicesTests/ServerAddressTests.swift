import NetworkServices
import Testing

struct ServerAddressTests {
    @Test(arguments: [
        ("pool.ntp.org", "pool.ntp.org", 123), ("pool.ntp.org:1123", "pool.ntp.org", 1123),
        ("192.0.2.1:1", "192.0.2.1", 1), ("2001:db8::1", "2001:db8::1", 123),
        ("[2001:db8::1]", "2001:db8::1", 123), ("[2001:db8::1]:65535", "2001:db8::1", 65535),
    ])
    func isRead(text: String, host: String, port: Int) throws {
        let address = try ServerAddress(text, usualPort: 123)
        #expect(address.host == host)
        #expect(Int(address.port) == port)
        #expect(try ServerAddress("\(address)", usualPort: 9) == address)
    }

    @Test(arguments: [
        "", " ", ":1", "a:", "a:0", "a:65536", "a:-1", "a:1x", "[", "[]", "[::1", "[::1]1",
        "[::1]:",
        "a b", "a\nb", "\u{e9}", String(repeating: "a", count: 256),
    ])
    func isRefused(text: String) {
        #expect(throws: ServerAddressError.malformed(text)) {
            try ServerAddress(text, usualPort: 123)
        }
    }
}

import NetworkServices
import Testing

struct NetworkSourceTests {
    @Test(
        arguments: [
            ("always", .always), ("never", .never), ("interface:eth0", .interface("eth0")),
            ("interface:enx0123456789ab", .interface("enx0123456789ab")),
        ] as [(String, NetworkSource)])
    func isReadAndWritten(text: String, source: NetworkSource) throws {
        #expect(try NetworkSource(text) == source)
        #expect("\(source)" == text)
    }

    @Test(arguments: ["", "Always", "eth0", "interface", " never"])
    func whatIsNoNetworkIsRefused(text: String) {
        #expect(throws: NetworkSourceError.unknown(text)) { try NetworkSource(text) }
    }

    @Test(arguments: ["", "a b", "a/b", "eth0:1", "..", "sixteencharacter"])
    func whatIsNoNameIsRefused(name: String) {
        #expect(throws: NetworkSourceError.notAName(name)) {
            try NetworkSource("interface:\(name)")
        }
    }

    @Test func theErrorSaysWhatToWrite() {
        #expect(
            "\(NetworkSourceError.unknown("wifi"))"
                == "`wifi` is no network: write always, never, or "
                + "interface:NAME, such as interface:eth0")
    }
}

import LivePorts
import NetworkServices
import Testing

/// Against a small name server on loopback.
struct InternetCheckTests {
    private func ask(_ check: InternetCheck, onTheWayTo server: String? = nil) async -> Bool {
        var configuration = SystemTime.Configuration()
        configuration.internet = check
        configuration.timeout = .milliseconds(500)
        let port = SystemTime(configuration)
        return await withCheckedContinuation { continuation in
            if let server {
                port.queryInternet(onTheWayTo: server) { continuation.resume(returning: $0) }
            } else {
                port.queryInternet { continuation.resume(returning: $0) }
            }
        }
    }

    private func nameServer(
        _ change: @escaping @Sendable (inout [UInt8]) -> Void
    ) throws -> DatagramServer {
        try DatagramServer { request in
            var reply = request
            change(&reply)
            return [reply]
        }
    }

    private func address(of server: DatagramServer) -> ServerAddress {
        ServerAddress(host: "127.0.0.1", port: server.port)
    }

    // No error at all; server failure; refused.
    @Test(arguments: [0, 2, 5] as [UInt8])
    func anyAnswerOfTheNameServerIsAnInternet(code: UInt8) async throws {
        let server = try nameServer {
            $0[2] |= 0x80
            $0[3] |= code
        }
        #expect(await ask(.ask(address(of: server))))
    }

    @Test func silenceIsNone() async throws {
        let server = try DatagramServer { _ in [] }
        #expect(await !ask(.ask(address(of: server))))
        #expect(server.requestCount == 1)
    }

    @Test func whatBelongsToAnotherQuestionIsNone() async throws {
        let server = try nameServer {
            $0[2] |= 0x80
            $0[0] ^= 1
        }
        #expect(await !ask(.ask(address(of: server))))
    }

    @Test func theQuestionItselfIsNone() async throws {
        let server = try nameServer { _ in }
        #expect(await !ask(.ask(address(of: server))))
    }

    @Test func isAssumedWhenAskedTo() async {
        #expect(await ask(.assume(true), onTheWayTo: "pool.ntp.org"))
        #expect(await !ask(.assume(false), onTheWayTo: "127.0.0.1"))
    }

    @Test func isNotAskedForOnTheWayToALocalTimeServer() async throws {
        let server = try DatagramServer { _ in [] }
        let nameServer = address(of: server)
        #expect(await ask(.ask(nameServer), onTheWayTo: "192.168.1.1:1123"))
        #expect(server.requestCount == 0)
        #expect(await !ask(.ask(nameServer), onTheWayTo: "pool.ntp.org"))
        #expect(server.requestCount == 1)
        #expect(await !ask(.alwaysAsk(nameServer), onTheWayTo: "192.168.1.1:1123"))
        #expect(server.requestCount == 2)
    }

    @Test(arguments: [
        "127.0.0.1", "127.1.2.3:99", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.9",
        "169.254.1.1", "::1", "[::1]:123", "fd00::5", "fe80::1", "::ffff:10.0.0.1", "localhost",
        "LOCALHOST:5", "router", "time.local", "ntp.lan", "a.b.internal", "ntp.home.arpa.",
    ])
    func isLocal(text: String) throws {
        #expect(try ServerAddress(text, usualPort: 123).isLocal)
    }

    @Test(arguments: [
        "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "11.0.0.1", "2001:db8::1", "ff02::1",
        "::ffff:8.8.8.8", "pool.ntp.org", "localhost.example", "notlocal.org", "nothing::like",
    ])
    func isNotLocal(text: String) throws {
        #expect(try !ServerAddress(text, usualPort: 123).isLocal)
    }
}

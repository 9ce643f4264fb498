#if Broker
import BrokerConnection
import LivePorts
import Testing

/// Transports with TLS: whom they trust.
@Suite(.serialized) struct TLSTests {
    private let certificates: TestCertificates

    init() throws { certificates = try TestCertificates.shared.get() }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aGoodCertificateOpens(_ host: String) throws {
        let server = try MosquittoServer(tls: "good", of: certificates)
        let connection = try OpenTransport(tls: server.port, host: host)
        #expect(connection.connectMQTT())
        #expect(connection.log.isInOrder)
        connection.transport.send(Packets.disconnect)
        connection.transport.close()
        connection.port.shutDown()
    }

    /// What is wrong with a certificate, and words of the reason.
    static let bad: [(name: String, words: [String])] = [
        ("expired", ["expired on 2021-02-03"]),
        ("future", ["valid from 2090-01-02"]),
        ("stranger", ["unknown authority", "Another authority", "ca.pem"]),
        ("self", ["signed by itself", "ca.pem"]),
        ("other", ["another name", "broker.example", "*.things.example", "not for localhost"]),
        // It is good for the address, and yet not for the name, whoever says that this is its address.
        ("address", ["another name", "127.0.0.1", "not for localhost"]),
    ]

    @Test(arguments: bad)
    func aBadCertificateIsRefusedWithItsReason(_ name: String, _ words: [String]) throws {
        let server = try MosquittoServer(tls: name, of: certificates)
        let connection = try OpenTransport(tls: server.port)
        connection.transport.send(Packets.connect)
        let reason = try #require(connection.log.waitClosed())
        for word in words { #expect(reason.contains(word), "\(reason)") }
        #expect(!connection.log.waitOpened(), "opened, although \(reason)")
        #expect(connection.log.isInOrder)
        #expect(connection.log.received.isEmpty)

        let trusting = try OpenTransport(tls: server.port) { $0.verifiesServer = false }
        #expect(trusting.connectMQTT(), "nobody is verified, and yet refused")
    }

    @Test func theSystemsAuthoritiesDoNotKnowThoseOfTheTest() throws {
        let server = try MosquittoServer(tls: "good", of: certificates)
        let connection = try OpenTransport(tls: server.port) { $0.authorityFile = nil }
        let reason = try #require(connection.log.waitClosed())
        #expect(
            reason.contains("unknown authority") && reason.contains("this system")
                || reason.contains("ca-certificates"))
    }

    @Test func anAddressMustBeInTheCertificate() throws {
        let server = try MosquittoServer(tls: "other", of: certificates)
        let connection = try OpenTransport(tls: server.port, host: "127.0.0.1")
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("another name") && reason.contains("not for 127.0.0.1"))
        let good = try MosquittoServer(tls: "address", of: certificates)
        #expect(try OpenTransport(tls: good.port, host: "127.0.0.1").connectMQTT())
    }

    @Test func theNameToVerifyMayBeGiven() throws {
        let server = try MosquittoServer(tls: "other", of: certificates)
        for name in ["broker.example", "BROKER.example.", "lamp.things.example"] {
            let connection = try OpenTransport(tls: server.port) { $0.serverName = name }
            #expect(connection.connectMQTT(), "\(name)")
        }
        for name in ["things.example", "a.b.things.example", "xbroker.example"] {
            let connection = try OpenTransport(tls: server.port) { $0.serverName = name }
            #expect(connection.log.waitClosed()?.contains("not for \(name)") == true)
        }
    }

    @Test func theNameOfAnotherAddressCannotBeVerified() throws {
        let server = try MosquittoServer(tls: "good", of: certificates)
        let connection = try OpenTransport(tls: server.port) { $0.serverName = "127.0.0.2" }
        #expect(connection.log.waitClosed()?.contains("127.0.0.2") == true)
        let same = try OpenTransport(tls: server.port, host: "127.0.0.1") {
            $0.serverName = "127.0.0.1"
        }
        #expect(same.connectMQTT())
    }

    @Test func aCommonNameCountsWhereThereIsNoOther() throws {
        let server = try MosquittoServer(tls: "common", of: certificates)
        #expect(try OpenTransport(tls: server.port).connectMQTT())
        let connection = try OpenTransport(tls: server.port, host: "127.0.0.1")
        #expect(connection.log.waitClosed()?.contains("another name: localhost, not for") == true)
    }

    @Test func aNameIsToldAndAnAddressIsNot() throws {
        for (host, name, told) in [
            ("localhost", nil, "localhost"), ("127.0.0.1", "broker.example", "broker.example"),
            ("127.0.0.1", nil, nil),
        ] as [(String, String?, String?)] {
            let server = try PlainServer()
            let connection = try OpenTransport(tls: server.port, host: host) {
                $0.serverName = name
            }
            let hello = try #require(try server.accept().receive())
            connection.transport.close()
            for candidate in ["localhost", "broker.example", "127.0.0.1"] {
                let isTold = hello.firstRange(of: Array(candidate.utf8)) != nil
                #expect(isTold == (candidate == told), "\(host): \(candidate)")
            }
        }
    }

    @Test func whoeverSaysNothingIsGivenUp() throws {
        let server = try PlainServer()
        let connection = try OpenTransport(
            tls: server.port, limits: .init { $0.handshakeTime = .milliseconds(500) })
        let peer = try server.accept()
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("timed out after 0.5 s") && reason.contains("TLS"))
        #expect(peer.receiveAll() != nil)
    }

    @Test func aPortWithoutTLSIsToldAsOne() throws {
        let broker = try MosquittoServer()
        let closing = try OpenTransport(tls: broker.port)
        #expect(closing.log.waitClosed()?.contains("does this port speak TLS?") == true)

        let server = try PlainServer()
        let talking = try OpenTransport(tls: server.port)
        let peer = try server.accept()
        #expect(peer.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) > 0)
        #expect(talking.log.waitClosed()?.contains("does not speak TLS") == true)
    }

    @Test func aPortWithTLSIsAskedFor() throws {
        let server = try MosquittoServer(tls: "good", of: certificates)
        let connection = OpenTransport(to: server.port)
        connection.transport.send(Packets.connect)
        #expect(connection.log.waitClosed()?.contains("by the broker") == true)
    }

    @Test func anUncleanEndIsAnEnd() throws {
        let server = try MosquittoServer(tls: "good", of: certificates)
        let connection = try OpenTransport(tls: server.port)
        #expect(connection.connectMQTT())
        server.kill()
        #expect(connection.log.waitClosed()?.contains("by the broker") == true)
        #expect(connection.log.isInOrder)
    }
}
#endif

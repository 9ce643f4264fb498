#if Broker
import BrokerConnection
import Foundation
import LivePorts
import Testing

/// Transports without TLS: how they open, and why they do not.
@Suite(.serialized) struct OpeningTests {
    @Test(arguments: ["127.0.0.1", "localhost"])
    func aBrokerAnswers(at host: String) throws {
        let server = try MosquittoServer()
        let connection = OpenTransport(to: server.port, host: host)
        #expect(connection.connectMQTT())
        #expect(connection.log.isInOrder && connection.log.isOpen)
        connection.transport.close()
    }

    @Test func anIndependentClientSeesWhatIsSent() throws {
        let server = try MosquittoServer()
        let folder = try TestFolder()
        let subscriber = try Programs.start(
            "mosquitto_sub",
            ["-h", "127.0.0.1", "-p", "\(server.port)", "-t", "a/b", "-C", "1", "-W", "30"],
            in: folder, output: "messages")
        let connection = OpenTransport(to: server.port)
        #expect(connection.connectMQTT())
        // The subscription may still be under way.
        while subscriber.isRunning, connection.log.isOpen {
            connection.transport.send(Packets.publish("a/b", Array("hello".utf8)))
            usleep(50_000)
        }
        subscriber.waitUntilExit()
        let seen = try String(contentsOfFile: folder.file("messages"), encoding: .utf8)
        #expect(seen == "hello\n")
    }

    @Test func whatIsSentBeforeItIsOpenLeavesInOrder() throws {
        let server = try PlainServer()
        let connection = OpenTransport(to: server.port)
        for number in 0..<200 { connection.transport.send([UInt8(number)]) }
        connection.transport.close()
        #expect(try server.accept().receiveAll() == (0..<200).map { UInt8($0) })
    }

    @Test func aClosedPortRefuses() throws {
        for host in ["127.0.0.1", "localhost"] {
            let connection = OpenTransport(to: try PlainServer.freePort(), host: host)
            let reason = try #require(connection.log.waitClosed())
            #expect(reason.hasPrefix("\(host):"))
            #expect(reason.contains("connection refused"))
            #expect(connection.log.isInOrder)
        }
    }

    @Test func whoeverNeverAcceptsIsGivenUp() throws {
        let server = try PlainServer(backlog: 0)
        let waiting = server.fill()
        let connection = OpenTransport(
            to: server.port, limits: .init { $0.connectTime = .milliseconds(700) })
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("timed out after 0.7 s"))
        #expect(!waiting.isEmpty)
    }

    @Test func aNameThatNobodyHasIsToldAndNotWaitedFor() throws {
        let start = Date()
        let connection = OpenTransport(
            to: 1883, host: "no-such-host.invalid", limits: .init { $0.connectTime = .seconds(5) })
        #expect(Date().timeIntervalSince(start) < 2)
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("no-such-host.invalid"))
        #expect(
            reason.contains("no host has the name") || reason.contains("could not be looked up")
                || reason.contains("is still being looked up"))
    }

    @Test(arguments: ["", "a\0b", String(repeating: "a", count: 300), "a b"])
    func anImpossibleNameIsNoName(_ name: String) throws {
        for tls in [nil, TLSParameters()] {
            let port = NIOBrokerPort(limits: .init { $0.connectTime = .seconds(5) })
            let log = TransportLog()
            _ = port.open(BrokerEndpoint(host: name, port: 1, tls: tls)) { log.hear($0) }
            #expect(log.waitClosed() != nil)
            #expect(log.isInOrder)
        }
    }

    @Test func aBrokerThatClosesAtOnceHasClosed() throws {
        let server = try PlainServer()
        let connection = OpenTransport(to: server.port)
        try server.accept().end()
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("closed by the broker, which sent nothing"))
        #expect(connection.log.isInOrder)
    }

    @Test func aResetIsToldAsOne() throws {
        let server = try PlainServer()
        let connection = OpenTransport(to: server.port)
        #expect(connection.log.waitOpened())
        try server.accept().reset()
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("reset by the broker"))
    }

    @Test func aSilentBrokerStaysOpen() throws {
        let server = try PlainServer()
        let connection = OpenTransport(
            to: server.port, limits: .init { $0.connectTime = .milliseconds(500) })
        #expect(connection.log.waitOpened())
        let peer = try server.accept()
        #expect(connection.log.waitClosed(within: 1.5) == nil)
        #expect(peer.send([7]) == 1)
        #expect(connection.log.waitReceived(1))
    }

    @Test func aBrokerThatIsKilledHasClosed() throws {
        let server = try MosquittoServer()
        let connection = OpenTransport(to: server.port)
        #expect(connection.connectMQTT())
        server.kill()
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("by the broker") && !reason.contains("sent nothing"))
        #expect(connection.log.isInOrder)
    }

    @Test func manyTransportsOfOnePortDoNotMix() throws {
        let server = try PlainServer(backlog: 32)
        let port = NIOBrokerPort()
        let all = (0..<16).map { number in
            let log = TransportLog()
            let transport = port.open(BrokerEndpoint(host: "127.0.0.1", port: server.port)) {
                log.hear($0)
            }
            transport.send([UInt8(number)])
            return (transport, log)
        }
        let peers = try all.map { _ in try server.accept() }
        for peer in peers {
            let number = try #require(peer.receive()?.first)
            #expect(peer.send([number, number]) == 2)
        }
        for (number, (_, log)) in all.enumerated() {
            #expect(log.waitReceived(2))
            #expect(log.received == [UInt8(number), UInt8(number)])
        }
        port.shutDown()
        #expect(all.allSatisfy { !$0.1.isClosed })
    }
}
#endif

#if Broker
import BrokerConnection
import Foundation
import LivePorts
import Testing

/// Flow in both directions: what is not read stays with the broker, and what it does not read is bounded.
@Suite(.serialized) struct FlowTests {
    /// Bytes that show where they come from.
    private func pattern(_ count: Int) -> [UInt8] {
        // As many as no buffer has.
        let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += block }
        return Array(bytes[..<count])
    }

    @Test func chunksAreBoundedAndWhole() throws {
        let server = try PlainServer()
        let connection = OpenTransport(
            to: server.port, limits: .init { $0.chunkBytesMax = 1 << 12 })
        let peer = try server.accept()
        let bytes = pattern(3_000_000)
        #expect(peer.send(bytes) == bytes.count)
        #expect(connection.log.waitReceived(bytes.count))
        #expect(connection.log.received == bytes)
        #expect(connection.log.chunkSizes.allSatisfy { (1...1 << 12).contains($0) })
    }

    @Test func aTransportThatDoesNotReadStopsTheBroker() throws {
        let server = try PlainServer()
        let connection = OpenTransport(to: server.port)
        #expect(connection.log.waitOpened())
        let peer = try server.accept()
        connection.transport.setReading(false)
        let bytes = pattern(64 << 20)
        let sent = peer.send(bytes, patience: 2)
        #expect(sent < 32 << 20, "the broker could send everything: \(sent)")
        #expect(connection.log.chunkSizes.count <= 1)
        connection.transport.setReading(true)
        #expect(connection.log.waitReceived(sent))
        #expect(connection.log.received == Array(bytes[..<sent]))
    }

    @Test func readingStopsWithTheChunkThatIsBeingTold() throws {
        let server = try PlainServer()
        let port = NIOBrokerPort()
        let log = TransportLog()
        let box = TransportBox()
        let transport = port.open(BrokerEndpoint(host: "127.0.0.1", port: server.port)) { event in
            log.hear(event)
            if case .received = event { box.transport?.setReading(false) }
        }
        box.transport = transport
        let peer = try server.accept()
        #expect(log.waitOpened())
        let bytes = pattern(2 << 20)
        let sender = Task.detached { peer.send(bytes) }
        for expected in 1...5 {
            #expect(eventually { log.chunkSizes.count >= expected })
            usleep(100_000)
            #expect(log.chunkSizes.count == expected)
            transport.setReading(true)
        }
        box.transport = nil
        transport.setReading(true)
        #expect(log.waitReceived(bytes.count))
        #expect(log.received == bytes)
        sender.cancel()
    }

    @Test func theEndWaitsBehindBytesThatAreNotRead() throws {
        let server = try PlainServer()
        let connection = OpenTransport(to: server.port)
        connection.transport.setReading(false)
        #expect(connection.log.waitOpened())
        let peer = try server.accept()
        let bytes = pattern(100_000)
        #expect(peer.send(bytes) == bytes.count)
        peer.end()
        #expect(connection.log.waitClosed(within: 1) == nil)
        #expect(connection.log.count == 0)
        connection.transport.setReading(true)
        #expect(connection.log.waitClosed() != nil)
        #expect(connection.log.received == bytes)
        #expect(connection.log.isInOrder)
    }

    /// 8 MB of one retained message, read in two halves of time.
    private func retained(_ make: (UInt16) throws -> OpenTransport, _ server: MosquittoServer)
        throws
    {
        let payload = pattern(8_000_000)
        let publisher = try make(server.port)
        #expect(publisher.connectMQTT())
        let message = Packets.publish("big", payload, isRetained: true)
        publisher.transport.send(message)
        publisher.transport.send(Packets.disconnect)
        #expect(publisher.log.waitClosed(within: 60) != nil)

        let subscriber = try make(server.port)
        #expect(subscriber.connectMQTT())
        subscriber.transport.setReading(false)
        subscriber.transport.send(Packets.subscribe("big"))
        usleep(700_000)
        let before = subscriber.log.chunkSizes.count
        #expect(before <= 2)
        subscriber.transport.setReading(true)
        let granted: [UInt8] = [0x90, 3, 0, 1, 0]
        #expect(
            subscriber.log.waitReceived(Packets.accepted.count + granted.count + message.count))
        #expect(subscriber.log.received.suffix(payload.count) == payload[...])
        #expect(subscriber.log.chunkSizes.allSatisfy { $0 <= 4 << 10 })
        subscriber.transport.close()
    }

    @Test func aLargeMessageIsWholeThroughAStop() throws {
        let limits = BrokerTransportLimits {
            $0.queuedBytesMax = 16 << 20
            // Less than a record of TLS.
            $0.chunkBytesMax = 4 << 10
        }
        let server = try MosquittoServer()
        try retained({ OpenTransport(to: $0, limits: limits) }, server)
    }

    @Test func aLargeMessageIsWholeThroughAStopWithTLS() throws {
        let limits = BrokerTransportLimits {
            $0.queuedBytesMax = 16 << 20
            // Less than a record of TLS.
            $0.chunkBytesMax = 4 << 10
        }
        let server = try MosquittoServer(tls: "good", of: TestCertificates.shared.get())
        try retained({ try OpenTransport(tls: $0, limits: limits) }, server)
    }

    @Test func whatTheBrokerDoesNotTakeIsBounded() throws {
        let server = try PlainServer(receiveBuffer: 64 << 10)
        let connection = OpenTransport(to: server.port)
        #expect(connection.log.waitOpened())
        let peer = try server.accept()
        let block = [UInt8](repeating: 1, count: 1 << 16)
        var sent = 0
        while connection.log.isOpen, sent < 64 << 20 {
            connection.transport.send(block)
            sent += block.count
            usleep(500)
        }
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("does not read"))
        #expect(sent < 32 << 20)
        #expect(connection.log.isInOrder)
        _ = peer
    }

    @Test func whatWaitsForTheConnectionIsBoundedToo() throws {
        let server = try PlainServer(backlog: 0)
        let waiting = server.fill()
        let connection = OpenTransport(
            to: server.port, limits: .init { $0.queuedBytesMax = 1_000 })
        connection.transport.send([UInt8](repeating: 1, count: 900))
        connection.transport.send([UInt8](repeating: 1, count: 101))
        #expect(connection.log.waitClosed()?.contains("1001 bytes") == true)
        #expect(!waiting.isEmpty)
    }
}

/// A transport that its own events know.
final class TransportBox: @unchecked Sendable {
    private let lock = NSLock()
    private var value: (any BrokerTransport)?

    var transport: (any BrokerTransport)? {
        get { lock.withLock { value } }
        set { lock.withLock { value = newValue } }
    }
}
#endif

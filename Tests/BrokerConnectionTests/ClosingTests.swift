#if Broker
import Foundation
import LivePorts
import Synchronization
import Testing

@testable import BrokerConnection

/// Raised once, seen by any thread.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
}

/// How transports are closed: what was sent leaves, and nothing is told any more.
@Suite(.serialized) struct ClosingTests {
    @Test func everythingSentLeavesBeforeItCloses() throws {
        let server = try PlainServer(receiveBuffer: 64 << 10)
        let connection = OpenTransport(
            to: server.port, limits: .init { $0.closeTime = .seconds(20) })
        let peer = try server.accept()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 >> 4) }
        connection.transport.send(bytes)
        connection.transport.close()
        #expect(peer.receiveAll() == bytes)
        #expect(!connection.log.isClosed)
    }

    @Test func everythingSentLeavesAlthoughBytesAreUnread() throws {
        let server = try PlainServer()
        let connection = OpenTransport(
            to: server.port, limits: .init { $0.closeTime = .seconds(20) })
        #expect(connection.log.waitOpened())
        connection.transport.setReading(false)
        let peer = try server.accept()
        #expect(peer.send([UInt8](repeating: 9, count: 200_000)) == 200_000)
        let bytes = [UInt8](repeating: 5, count: 100_000)
        connection.transport.send(bytes)
        connection.transport.close()
        #expect(peer.receiveAll() == bytes)
        #expect(connection.log.count == 0)
    }

    @Test func everythingSentLeavesThroughTLS() throws {
        let server = try MosquittoServer(tls: "good", of: TestCertificates.shared.get())
        let publisher = try OpenTransport(tls: server.port)
        let payload = [UInt8](repeating: 65, count: 1_000_000)
        publisher.transport.send(Packets.connect)
        publisher.transport.send(Packets.publish("left", payload, isRetained: true))
        publisher.transport.send(Packets.disconnect)
        #expect(publisher.log.waitOpened())
        publisher.transport.close()
        publisher.port.shutDown()
        let subscriber = try OpenTransport(tls: server.port)
        #expect(subscriber.connectMQTT())
        #expect(
            eventually {
                subscriber.transport.send(Packets.subscribe("left"))
                return subscriber.log.waitReceived(payload.count, within: 1)
            })
    }

    @Test(arguments: [false, true])
    func aBrokerThatDoesNotReadDelaysItNoLongerThanItMay(withTLS: Bool) throws {
        let server = try PlainServer(receiveBuffer: 16 << 10)
        let endpoint = BrokerEndpoint(
            host: "127.0.0.1", port: server.port, tls: withTLS ? TLSParameters() : nil)
        let connection = OpenTransport(
            to: endpoint,
            limits: .init {
                $0.queuedBytesMax = 16 << 20
                $0.closeTime = .milliseconds(500)
            })
        let peer = try server.accept()
        connection.transport.send([UInt8](repeating: 1, count: 8 << 20))
        let start = Date()
        let isDown = Flag()
        let port = connection.port
        Thread.detachNewThread {
            port.shutDown()
            isDown.raise()
        }
        #expect(eventually(within: 15) { isDown.isRaised })
        #expect(Date().timeIntervalSince(start) > 0.4)
        #expect(connection.log.received.isEmpty && !connection.log.isClosed)
        peer.end()
    }

    @Test func closingBeforeItIsOpenLeavesNothingBehind() throws {
        let server = try PlainServer(backlog: 0)
        let waiting = server.fill()
        let connection = OpenTransport(to: server.port)
        usleep(50_000)
        connection.transport.close()
        let start = Date()
        connection.port.shutDown()
        #expect(Date().timeIntervalSince(start) < 5)
        #expect(connection.log.isSilent)
        #expect(!waiting.isEmpty)
    }

    @Test func whatIsCalledAfterTheEndDoesNothing() throws {
        let server = try PlainServer()
        let connection = OpenTransport(to: server.port)
        try server.accept().end()
        #expect(connection.log.waitClosed() != nil)
        connection.transport.send([1])
        connection.transport.setReading(false)
        connection.transport.setReading(true)
        connection.transport.close()
        connection.transport.close()
        connection.port.shutDown()
        connection.transport.send([1])
        connection.transport.setReading(true)
        connection.transport.close()
        connection.port.shutDown()
        let log = TransportLog()
        _ = connection.port.open(BrokerEndpoint(host: "127.0.0.1", port: 1)) { log.hear($0) }
        usleep(100_000)
        #expect(log.isSilent)
        #expect(connection.log.isInOrder)
    }

    @Test func aTransportMayBeClosedByWhoHearsIt() throws {
        let server = try PlainServer()
        let port = NIOBrokerPort()
        let log = TransportLog()
        let box = TransportBox()
        let transport = port.open(BrokerEndpoint(host: "127.0.0.1", port: server.port)) { event in
            log.hear(event)
            if case .received = event { box.transport?.close() }
        }
        box.transport = transport
        let peer = try server.accept()
        #expect(log.waitOpened())
        #expect(peer.send([1]) == 1)
        #expect(peer.receiveAll() == [])
        #expect(log.received == [1] && !log.isClosed)
    }

    @Test func closingWaitsForTheEventThatIsBeingHeard() throws {
        let server = try PlainServer()
        let port = NIOBrokerPort()
        let steps = Atomic<Int>(0)
        let transport = port.open(BrokerEndpoint(host: "127.0.0.1", port: server.port)) { _ in
            steps.add(1, ordering: .sequentiallyConsistent)
            usleep(300_000)
            steps.add(1, ordering: .sequentiallyConsistent)
        }
        #expect(eventually { steps.load(ordering: .sequentiallyConsistent) == 1 })
        transport.close()
        #expect(steps.load(ordering: .sequentiallyConsistent) == 2)
        #expect(try server.accept().receiveAll() == [])
        #expect(steps.load(ordering: .sequentiallyConsistent) == 2)
    }

    /// Closes at moments that sweep over everything that may happen to a transport.
    @Test func nothingIsToldAfterItWasClosed() throws {
        let server = try PlainServer(backlog: 64)
        let port = NIOBrokerPort()
        for round in 0..<300 {
            let isClosed = Atomic<Bool>(false)
            let late = Atomic<Int>(0)
            let transport = port.open(BrokerEndpoint(host: "127.0.0.1", port: server.port)) { _ in
                if isClosed.load(ordering: .sequentiallyConsistent) {
                    late.add(1, ordering: .relaxed)
                }
            }
            let peer = try server.accept()
            let flood = Thread {
                while peer.send([UInt8](repeating: 1, count: 2_000), patience: 0.1) > 0 {}
                peer.end()
            }
            flood.start()
            usleep(UInt32(round * 13 % 3_000))
            transport.close()
            isClosed.store(true, ordering: .sequentiallyConsistent)
            usleep(200)
            #expect(late.load(ordering: .relaxed) == 0)
        }
        port.shutDown()
    }

    @Test func theEndIsToldOnceAndLast() throws {
        let server = try PlainServer(backlog: 64)
        let port = NIOBrokerPort()
        for round in 0..<100 {
            let log = TransportLog()
            let transport = port.open(BrokerEndpoint(host: "127.0.0.1", port: server.port)) {
                log.hear($0)
            }
            let peer = try server.accept()
            transport.send([UInt8](repeating: 2, count: 10_000))
            _ = peer.send([UInt8](repeating: 1, count: 10_000))
            if round.isMultiple(of: 2) { peer.reset() } else { peer.end() }
            #expect(log.waitClosed() != nil)
            transport.send([3])
            usleep(300)
            #expect(log.isInOrder)
        }
    }

    @Test func aPortThatIsReleasedEndsItsThreadWithItsLastTransport() throws {
        let server = try PlainServer()
        weak var thread: AnyObject?
        try {
            let connection = OpenTransport(to: server.port)
            thread = connection.port.thread
            let peer = try server.accept()
            #expect(connection.log.waitOpened())
            #expect(thread != nil)
            peer.end()
            #expect(connection.log.waitClosed() != nil)
        }()
        #expect(eventually { thread == nil })
    }
}
#endif

#if Broker
import LivePorts
import NIOCore
import NIOSSL
import Synchronization

/// A transport to a broker: what any thread may call. What its own thread does is in the extensions.
final class NIOBrokerTransport: BrokerTransport, @unchecked Sendable {
    enum Stage {
        case preparing, connecting, handshaking, open, over
    }

    /// Characters of a reason; two paths and more have room.
    private static let reasonMax = 1_000

    let endpoint: BrokerEndpoint
    let limits: BrokerTransportLimits
    let thread: TransportThread
    let events: TransportEvents
    let queue = Mutex(SendQueue())
    private let hasFailed = Atomic<Bool>(false)

    // Only the thread touches what follows.
    var stage = Stage.preparing
    var channel: (any Channel)?
    var socketEnd: SocketEnd?
    var tls: ClientTLS?
    var tlsHandler: NIOSSLClientHandler?
    /// Until it is open.
    var openingTimer: Scheduled<Void>?
    var closingTimer: Scheduled<Void>?
    /// close() was called.
    var isClosing = false
    /// Our side has said that nothing more comes.
    var isHalfClosed = false
    var hasReceived = false
    /// Why writing failed, until the channel says that it is closed.
    var writeError: (any Error)?

    init(
        to endpoint: BrokerEndpoint, on thread: TransportThread, limits: BrokerTransportLimits,
        events: TransportEvents
    ) {
        self.endpoint = endpoint
        self.thread = thread
        self.limits = limits
        self.events = events
    }

    /// From any thread: whether it may still come to something.
    var isWanted: Bool { !hasFailed.load(ordering: .relaxed) }

    func start() {
        guard thread.add(self) else {
            queue.withLock { $0.discard() }
            return
        }
        thread.execute { self.prepare() }
    }

    func send(_ bytes: [UInt8]) {
        switch queue.withLock({ $0.append(bytes, max: limits.queuedBytesMax) }) {
        case .nothing: break
        case .write: thread.execute { self.writeDue() }
        case .overflow(let bytes):
            thread.execute { self.fail(.notTaken(bytes: bytes)) }
        }
    }

    func setReading(_ isReading: Bool) {
        events.setReading(isReading)
        thread.execute { self.applyReading() }
    }

    func close() {
        let isFirst = queue.withLock { queue in
            defer { queue.close() }
            return !queue.isClosed
        }
        events.silence(onOwnThread: thread.loop.inEventLoop)
        if isFirst { thread.execute { self.beginClosing() } }
    }

    /// Ends it, and tells why if anybody listens.
    func fail(_ failure: TransportFailure) {
        guard stage != .over else { return }
        stage = .over
        hasFailed.store(true, ordering: .relaxed)
        openingTimer?.cancel()
        closingTimer?.cancel()
        queue.withLock { $0.discard() }
        let socketEnd = socketEnd
        self.socketEnd = nil
        channel = nil
        tlsHandler = nil
        socketEnd?.close()
        let reason = "\(endpoint.written): \(failure)"
        events.tellClosed(because: reason.printable(max: Self.reasonMax))
        thread.remove(self)
    }
}

extension BrokerEndpoint {
    /// Host and port as they are commonly written.
    var written: String {
        let host = host.printable()
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
#endif

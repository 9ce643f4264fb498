#if Broker
import NIOCore
import NIOPosix
import Synchronization

/// The thread that all transports of a port live on, and those that read files and look names up.
final class TransportThread: Sendable {
    /// Look-ups that may hang at the same time; a further one waits for one of them.
    private static let preparingThreads = 4

    private struct Members {
        var transports: [ObjectIdentifier: NIOBrokerTransport] = [:]
        var isShutDown = false
    }

    let loop: any EventLoop
    private let group: MultiThreadedEventLoopGroup
    private let preparation: NIOThreadPool
    private let members = Mutex(Members())
    private let hasEnded = Atomic<Bool>(false)

    init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        preparation = NIOThreadPool(numberOfThreads: Self.preparingThreads)
        preparation.start()
    }

    deinit {
        guard !members.withLock({ $0.isShutDown }) else { return }
        preparation.shutdownGracefully { _ in }
        group.shutdownGracefully { _ in }
    }

    /// Runs something on the thread, unless that has ended.
    func execute(_ body: @escaping @Sendable () -> Void) {
        guard !hasEnded.load(ordering: .acquiring) else { return }
        loop.execute(body)
    }

    /// Runs something that may wait for files and name servers.
    func prepare(_ body: @escaping @Sendable () -> Void) {
        preparation.submit { state in
            guard case .active = state else { return }
            body()
        }
    }

    /// Keeps a transport until it is over; false if the thread ends.
    func add(_ transport: NIOBrokerTransport) -> Bool {
        members.withLock { members in
            guard !members.isShutDown else { return false }
            members.transports[ObjectIdentifier(transport)] = transport
            return true
        }
    }

    func remove(_ transport: NIOBrokerTransport) {
        members.withLock { members in
            _ = members.transports.removeValue(forKey: ObjectIdentifier(transport))
        }
    }

    func shutDown() {
        var open: [NIOBrokerTransport] = []
        let isFirst = members.withLock { members in
            defer { members.isShutDown = true }
            open = Array(members.transports.values)
            return !members.isShutDown
        }
        guard isFirst else { return }
        for transport in open { transport.close() }
        try? EventLoopFuture.andAllComplete(open.map(\.isOver), on: loop).wait()
        hasEnded.store(true, ordering: .releasing)
        // A look-up that hangs is not waited for.
        preparation.shutdownGracefully { _ in }
        try? group.syncShutdownGracefully()
    }
}
#endif

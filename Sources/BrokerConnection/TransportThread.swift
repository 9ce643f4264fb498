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
        /// Comes true when the last transport is over, once the thread is to end.
        var areOver: EventLoopPromise<Void>?
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

    /// A transport is over; on the thread.
    func remove(_ transport: NIOBrokerTransport) {
        let areOver = members.withLock { members in
            members.transports.removeValue(forKey: ObjectIdentifier(transport))
            return members.transports.isEmpty ? members.areOver : nil
        }
        areOver?.succeed()
    }

    func shutDown() {
        let last = members.withLock { members -> [NIOBrokerTransport]? in
            guard !members.isShutDown else { return nil }
            members.isShutDown = true
            members.areOver = loop.makePromise()
            if members.transports.isEmpty { members.areOver?.succeed() }
            return Array(members.transports.values)
        }
        guard let last, let areOver = members.withLock({ $0.areOver }) else { return }
        for transport in last { transport.close() }
        try? areOver.futureResult.wait()
        hasEnded.store(true, ordering: .releasing)
        // A look-up that hangs is not waited for.
        preparation.shutdownGracefully { _ in }
        try? group.syncShutdownGracefully()
    }
}
#endif

#if Broker
import LivePorts
import Synchronization

/// Tells what becomes of a transport: in order, nothing after the end, nothing once nobody listens.
///
/// Bytes that come although nobody wants to read are held back, and so is the end behind them. They are
/// few: the rest of a TLS record, or what the kernel held when the broker closed.
final class TransportEvents: @unchecked Sendable {
    private let hear: @Sendable (BrokerTransportEvent) -> Void
    /// Held while an event is told.
    private let telling = Mutex(())
    private let isSilent = Atomic<Bool>(false)
    private let isReading = Atomic<Bool>(true)

    // Only the transport's thread touches what follows.
    private var held: [BrokerTransportEvent] = []
    private var hasEnded = false

    init(_ hear: @escaping @Sendable (BrokerTransportEvent) -> Void) { self.hear = hear }

    /// From any thread: tells nothing any more. An event that is being told is waited for, unless it
    /// is the one that calls this.
    func silence(onOwnThread: Bool) {
        isSilent.store(true, ordering: .sequentiallyConsistent)
        if !onOwnThread { telling.withLock { _ in } }
    }

    /// From any thread: whether bytes may be told.
    func setReading(_ isReading: Bool) {
        self.isReading.store(isReading, ordering: .sequentiallyConsistent)
    }

    var wantsBytes: Bool { isReading.load(ordering: .sequentiallyConsistent) }

    func tellOpened() { tell(.opened) }

    func tell(received bytes: [UInt8]) {
        guard !hasEnded, !isSilent.load(ordering: .sequentiallyConsistent) else { return }
        held.append(.received(bytes))
        release()
    }

    func tellClosed(because reason: String) {
        guard !hasEnded else { return }
        hasEnded = true
        held.append(.closed(because: reason))
        release()
    }

    /// Tells what is held back and may be told.
    func release() {
        while let first = held.first {
            if case .received = first, !wantsBytes { return }
            held.removeFirst()
            tell(first)
        }
    }

    private func tell(_ event: BrokerTransportEvent) {
        telling.withLock { _ in
            guard !isSilent.load(ordering: .sequentiallyConsistent) else { return }
            hear(event)
        }
    }
}
#endif

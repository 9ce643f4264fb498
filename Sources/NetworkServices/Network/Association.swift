// The law of this file: what is told of a network, and when nothing more is.

internal import Glibc
internal import LivePorts

/// The request that is at hand.
///
/// Its lock is held while an event is told, so that none is told after its request was superseded; it
/// may be taken again by the same thread, so that whoever hears an event may make a new request.
final class Association: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var request: Request?
    private var generation = 0

    private struct Request {
        var source: NetworkSource
        var events: @Sendable (NetworkChange) -> Void
        var isAssociated = false
    }

    init() {
        mutex.initialize(to: pthread_mutex_t())
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Makes a request, which supersedes the one before.
    func begin(
        with source: NetworkSource, events: @escaping @Sendable (NetworkChange) -> Void
    ) {
        locked {
            generation += 1
            request = Request(source: source, events: events)
            switch source {
            case .always: tell(.associated)
            case .never: tell(.failed)
            case .interface: break
            }
        }
    }

    /// Wants nothing more.
    func end() {
        locked {
            generation += 1
            request = nil
        }
    }

    /// The interface that is to be looked at, and for which request; nil if nobody wants to know.
    var interface: (name: String, generation: Int)? {
        locked {
            guard case .interface(let name) = request?.source else { return nil }
            return (name, generation)
        }
    }

    /// Takes how the interface of a request was found.
    func take(isUsable: Bool, for generation: Int) {
        locked {
            guard generation == self.generation, let request else { return }
            if isUsable, !request.isAssociated {
                self.request?.isAssociated = true
                tell(.associated)
            } else if !isUsable, request.isAssociated {
                tell(.lost)
            }
        }
    }

    /// Tells the last event of a request, or that it is associated.
    private func tell(_ change: NetworkChange) {
        guard let events = request?.events else { return }
        if change != .associated { request = nil }
        events(change)
    }
}

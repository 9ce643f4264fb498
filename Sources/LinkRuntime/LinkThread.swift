internal import Glibc
internal import LivePorts

/// A thread of its own for a link.
enum LinkThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread.
    static func start(_ run: @escaping @Sendable () -> Void) throws(WireFailure) {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard number == 0 else {
            body.release()
            throw WireFailure("no thread for the link: error \(number)")
        }
        pthread_detach(thread)
    }
}

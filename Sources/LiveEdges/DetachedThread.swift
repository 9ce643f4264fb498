internal import Glibc

/// A thread that nobody waits for.
public enum DetachedThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread; throws if the system has none left.
    public static func start(_ run: @escaping @Sendable () -> Void) throws(ThreadFailure) {
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
            throw ThreadFailure(errno: number)
        }
        pthread_detach(thread)
    }
}

/// A thread could not be started.
public struct ThreadFailure: Error, Hashable, CustomStringConvertible {
    /// What the system said.
    public let errno: CInt

    /// The failure in words.
    public var description: String { "a thread cannot be started: error \(errno)" }
}

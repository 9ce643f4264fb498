internal import Glibc

/// A thread that nobody waits for.
public enum DetachedThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `work` on a thread of its own.
    ///
    /// - Returns: 0, or why there is none, as errno has it.
    public static func start(_ work: @escaping @Sendable () -> Void) -> Int32 {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Work(work))
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard number == 0 else {
            argument.release()
            return number
        }
        pthread_detach(thread)
        return 0
    }
}

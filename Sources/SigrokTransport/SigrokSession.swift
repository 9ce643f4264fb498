#if Sigrok
internal import CSigrok
internal import Glibc
internal import Synchronization

/// A session of libsigrok on a thread of its own, with a main context of its own.
///
/// libsigrok calls back on the thread that runs the session, and is stopped from another one.
final class SigrokSession: @unchecked Sendable {
    let feed: SampleFeed
    private let session: UnsafeMutableRawPointer
    /// Closes the device when all is over; on the thread that stops.
    private let close: @Sendable () -> Void
    /// Why the samples ended, if nobody wanted that; asked on the session's thread.
    private let ending: @Sendable (SampleFeed, Int32) -> SigrokError?
    private var thread = pthread_t()
    private let isDone = Atomic<Bool>(false)
    private var isStopped = false

    /// A driver that does not stop within this time is left alone.
    private static let stopMicrosecondsMax = 5_000_000
    private static let stopStepMicroseconds: UInt32 = 2_000

    /// Starts a session, which is destroyed in the end.
    init(
        _ session: OpaquePointer, feed: SampleFeed,
        ending: @escaping @Sendable (SampleFeed, Int32) -> SigrokError?,
        close: @escaping @Sendable () -> Void
    ) throws(SigrokError) {
        self.session = UnsafeMutableRawPointer(session)
        self.feed = feed
        self.ending = ending
        self.close = close
        let me = Unmanaged.passRetained(self)
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<SigrokSession>.fromOpaque(argument).takeUnretainedValue().run()
                return nil
            }, me.toOpaque())
        guard number == 0 else {
            me.release()
            isDone.store(true, ordering: .relaxed)
            isStopped = true
            throw .library(
                doing: "starting a thread", problem: String(cString: strerror(number)))
        }
    }

    /// Ends the session, wherever it is, and closes the device.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        feed.cancel()
        var waited = 0
        while !isDone.load(ordering: .acquiring) {
            guard waited < Self.stopMicrosecondsMax else { return }
            // Nothing comes of it while the session has not begun, so it is said again.
            sr_session_stop(OpaquePointer(session))
            usleep(Self.stopStepMicroseconds)
            waited += Int(Self.stopStepMicroseconds)
        }
        pthread_join(thread, nil)
        _ = SigrokLibrary.takeWords()
        try? SigrokLibrary.withContext { _ throws(SigrokError) in
            close()
            sr_session_destroy(OpaquePointer(session))
        }
        Unmanaged.passUnretained(self).release()
    }

    private func run() {
        let context = g_main_context_new()
        g_main_context_push_thread_default(context)
        let session = OpaquePointer(session)
        sr_session_datafeed_callback_add(
            session,
            { _, packet, data in
                guard let packet, let data else { return }
                Unmanaged<SampleFeed>.fromOpaque(data).takeUnretainedValue().take(packet)
            }, Unmanaged.passUnretained(feed).toOpaque())
        var result = sr_session_start(session)
        if result == 0 { result = sr_session_run(session) }
        feed.finish(feed.isCancelled ? nil : ending(feed, result))
        g_main_context_pop_thread_default(context)
        g_main_context_unref(context)
        isDone.store(true, ordering: .releasing)
    }
}
#endif

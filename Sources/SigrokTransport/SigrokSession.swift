// How a session of libsigrok runs: in the thread that reads, a turn of its main loop at a time. So
// whatever a device or a file delivers arrives where it is wanted, and nothing has to be locked.

#if Sigrok
    internal import CSigrok
    internal import Glibc

    /// A session with one device or one file.
    final class SigrokSession {
        let device: SigrokDeviceHandle
        private let library: SigrokLibrary
        private let session: OpaquePointer
        private let loop: OpaquePointer
        private let timer: UnsafeMutablePointer<GSource>
        private let feed = SampleFeed()
        private var isStarted = false

        /// So often a turn of the main loop ends though nothing happens, in milliseconds.
        private static let turnMilliseconds: UInt32 = 50

        /// - Parameter session: belongs to this object from now on.
        init(
            _ session: OpaquePointer, device: SigrokDeviceHandle, library: SigrokLibrary
        ) throws(SigrokError) {
            self.session = session
            self.device = device
            self.library = library
            loop = g_main_context_new()
            timer = g_timeout_source_new(Self.turnMilliseconds)
            g_source_set_callback(timer, { _ in 1 }, nil, nil)
            g_source_attach(timer, loop)
            let result = sr_session_datafeed_callback_add(
                session,
                { _, packet, context in
                    guard let packet, let context else { return }
                    Unmanaged<SampleFeed>.fromOpaque(context).takeUnretainedValue()
                        .take(packet.pointee)
                }, Unmanaged.passUnretained(feed).toOpaque())
            guard result == 0 else {
                throw .library(doing: "listening to samples", problem: SigrokLibrary.problem(result))
            }
        }

        deinit {
            stop()
            sr_session_destroy(session)
            device.close()
            g_source_destroy(timer)
            g_source_unref(timer)
            g_main_context_unref(loop)
        }

        /// Starts sampling.
        func start() throws(SigrokError) {
            _ = SigrokLibrary.takeLastWord()
            // The session attaches itself to the loop of the thread that starts it.
            g_main_context_push_thread_default(loop)
            let result = sr_session_start(session)
            g_main_context_pop_thread_default(loop)
            guard result == 0 else {
                throw .deviceGone(device: device.title, hint: SigrokLibrary.problem(result))
            }
            isStarted = true
        }

        /// Waits for samples for a moment; false when there will be no more.
        func turn() -> Bool {
            guard isStarted, !feed.isAtEnd else { return false }
            g_main_context_iteration(loop, 1)
            return !feed.isAtEnd || !feed.isEmpty
        }

        /// Samples that have come and nobody has taken.
        var samples: SampleFeed { feed }

        /// Asks the device to stop, and waits until it has; what still comes is dropped.
        func stop() {
            guard isStarted else { return }
            isStarted = false
            sr_session_stop(session)
            // Bounded: an unplugged device may never answer.
            for _ in 0..<100 where sr_session_is_running(session) > 0 {
                g_main_context_iteration(loop, 1)
                feed.removeAll()
            }
        }
    }

    /// Packets of samples between libsigrok and whoever reads.
    final class SampleFeed {
        /// The bytes of a sample; 0 before the first packet.
        private(set) var unitSize = 0
        /// The rate by a packet of the feed; nil if none told.
        private(set) var rate: UInt64?
        /// The device has said that it ends.
        private(set) var isAtEnd = false
        /// What is wrong with the packets; nil if nothing is.
        private(set) var problem: String?
        private var bytes: [UInt8] = []
        private var first = 0

        var isEmpty: Bool { first >= bytes.count }

        fileprivate func take(_ packet: sr_datafeed_packet) {
            switch Int(packet.type) {
            case Int(SR_DF_LOGIC.rawValue):
                guard let payload = packet.payload else { return }
                take(payload.load(as: sr_datafeed_logic.self))
            case Int(SR_DF_META.rawValue):
                guard let payload = packet.payload else { return }
                take(payload.load(as: sr_datafeed_meta.self))
            case Int(SR_DF_END.rawValue): isAtEnd = true
            default: break
            }
        }

        private func take(_ logic: sr_datafeed_logic) {
            let size = Int(logic.unitsize)
            guard size > 0, let data = logic.data, unitSize == 0 || unitSize == size else {
                problem = "samples of \(size) bytes after ones of \(unitSize)"
                return
            }
            unitSize = size
            let count = Int(clamping: logic.length) / size * size
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: data, count: count))
        }

        private func take(_ meta: sr_datafeed_meta) {
            for item in elements(of: meta.config) {
                let config = item.load(as: sr_config.self)
                if config.key == SR_CONF_SAMPLERATE.rawValue, let data = config.data {
                    rate = UInt64(g_variant_get_uint64(data))
                }
            }
        }

        /// Gives samples to a function that returns how many bytes it took.
        func give(_ taker: (UnsafeRawBufferPointer) -> Int) {
            first += bytes.withUnsafeBytes { taker(UnsafeRawBufferPointer(rebasing: $0[first...])) }
            if isEmpty { removeAll() }
        }

        func removeAll() {
            bytes.removeAll(keepingCapacity: true)
            first = 0
        }
    }
#endif

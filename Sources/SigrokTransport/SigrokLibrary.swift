#if Sigrok
internal import CSigrok
internal import Glibc
internal import Synchronization

/// libsigrok itself: one context for the whole program, and what it says.
///
/// libsigrok keeps lists in variables of its own, so one thread at a time may scan, open and close;
/// sessions run side by side.
public enum SigrokLibrary {
    /// The version of libsigrok.
    public static var version: String { String(cString: sr_package_version_string_get()) }

    private static let state = State()
    /// The errors that libsigrok logged, for messages of ours: it prints nothing itself.
    private static let words = Mutex<[String]>([])
    /// The most of them that are kept.
    private static let wordsMax = 3

    /// Runs `body` alone, with the context of the program, which is never closed.
    static func withContext<Result>(
        _ body: (OpaquePointer) throws(SigrokError) -> Result
    ) throws(SigrokError) -> Result {
        state.lock()
        defer { state.unlock() }
        if let context = state.context { return try body(context) }
        listen()
        var context: OpaquePointer?
        let result = sr_init(&context)
        guard result == 0, let context else {
            throw .library(doing: "starting libsigrok", problem: problem(result))
        }
        state.context = context
        return try body(context)
    }

    /// Starts a driver, which must happen once. To be called by ``withContext(_:)`` only.
    static func start(
        _ driver: UnsafeMutablePointer<sr_dev_driver>, in context: OpaquePointer
    ) -> Bool {
        let name = text(driver.pointee.name)
        if state.startedDrivers.contains(name) { return true }
        guard sr_driver_init(context, driver) == 0 else { return false }
        state.startedDrivers.append(name)
        return true
    }

    /// What is libsigrok's own, and a lock for it.
    private final class State: @unchecked Sendable {
        var context: OpaquePointer?
        var startedDrivers: [String] = []
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

        init() {
            mutex.initialize(to: pthread_mutex_t())
            pthread_mutex_init(mutex, nil)
        }

        func lock() { pthread_mutex_lock(mutex) }
        func unlock() { pthread_mutex_unlock(mutex) }
    }

    private static func listen() {
        sr_log_loglevel_set(1)
        sr_log_callback_set(
            { _, _, format, arguments in
                var text = [CChar](repeating: 0, count: 256)
                if let format, let arguments { vsnprintf(&text, text.count, format, arguments) }
                SigrokLibrary.note(text)
                return 0
            }, nil)
        g_log_set_default_handler(
            { _, _, message, _ in
                guard let message else { return }
                SigrokLibrary.note(
                    Array(UnsafeBufferPointer(start: message, count: strlen(message))))
            }, nil)
    }

    private static func note(_ text: [CChar]) {
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let word = String(decoding: bytes, as: UTF8.self)
        words.withLock { words in
            if words.count < wordsMax, !words.contains(word) { words.append(word) }
        }
    }

    /// What libsigrok logged since it was last asked.
    static func takeWords() -> String {
        words.withLock { words in
            defer { words = [] }
            return words.joined(separator: "; ")
        }
    }

    /// What an error number of libsigrok means, with what it logged.
    static func problem(_ result: Int32) -> String {
        let words = takeWords()
        let name = String(cString: sr_strerror(result))
        return words.isEmpty ? name : "\(name) (\(words))"
    }
}

/// The elements of a list of GLib, which stays as it is.
func elements(of list: UnsafeMutablePointer<GSList>?) -> [UnsafeMutableRawPointer] {
    var found: [UnsafeMutableRawPointer] = []
    var next = list
    while let node = next {
        if let data = node.pointee.data { found.append(data) }
        next = node.pointee.next
    }
    return found
}

/// The text of a C string, empty if there is none.
func text(_ bytes: UnsafePointer<CChar>?) -> String { bytes.map { String(cString: $0) } ?? "" }
#endif

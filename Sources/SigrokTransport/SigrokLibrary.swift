#if Sigrok
    internal import CSigrok
    internal import Glibc
    internal import Synchronization

    /// libsigrok itself: one context for the whole program, and what it says.
    public final class SigrokLibrary: @unchecked Sendable {
        let context: OpaquePointer

        /// The version of libsigrok.
        public static var version: String { String(cString: sr_package_version_string_get()) }

        /// The last error that libsigrok logged, for messages of ours: it prints nothing itself.
        private static let lastWord = Mutex("")

        /// Starts libsigrok.
        public init() throws(SigrokError) {
            sr_log_loglevel_set(1)
            sr_log_callback_set(
                { _, _, format, arguments in
                    var text = [CChar](repeating: 0, count: 256)
                    if let format, let arguments { vsnprintf(&text, text.count, format, arguments) }
                    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                    SigrokLibrary.lastWord.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
                    return 0
                }, nil)
            var context: OpaquePointer?
            let result = sr_init(&context)
            guard result == 0, let context else {
                throw .library(doing: "starting libsigrok", problem: Self.problem(result))
            }
            self.context = context
        }

        deinit { sr_exit(context) }

        /// What libsigrok logged since it was last asked.
        static func takeLastWord() -> String {
            lastWord.withLock { word in
                defer { word = "" }
                return word
            }
        }

        /// What an error number of libsigrok means, with what it logged.
        static func problem(_ result: Int32) -> String {
            let word = takeLastWord()
            return String(cString: sr_strerror(result)) + (word.isEmpty ? "" : " (\(word))")
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
#endif

import Glibc

/// Standard output and standard error, unbuffered: scripts wait for what is said.
enum Console {
    static func note(_ text: String) { write(text, to: 2) }

    /// A line of standard output, at once: a script waits for it.
    static func print(_ text: String) { write(text, to: 1) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

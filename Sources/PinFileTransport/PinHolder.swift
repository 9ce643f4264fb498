import Glibc

/// Who plays a part on wires, as far as the kernel tells.
public struct PinHolder: Hashable, Sendable, CustomStringConvertible {
    /// Its process; nil if it belongs to somebody else.
    public var process: Int32?
    /// The name of its program; empty if it is not known.
    public var program = ""

    /// For a sentence.
    public var description: String {
        guard let process else { return "another process" }
        if process == getpid() { return "this process" }
        return "process \(process)" + (program.isEmpty ? "" : " (\(program))")
    }

    /// Looks for whoever has a lock on a byte of a file.
    ///
    /// The kernel does not say who owns a lock of an open file, but says which locks an open file has.
    /// A child that is being started has all of its parent's for a moment; it is the younger one, as a
    /// rule.
    static func holding(byte: Int, ofFileNumber number: UInt64) -> PinHolder {
        let others = names(in: "/proc").compactMap { Int32($0) }.sorted()
        for process in [getpid()] + others {
            let folder = "/proc/\(process)/fdinfo"
            for file in names(in: folder) {
                let lines = text("\(folder)/\(file)").split(separator: "\n")
                if lines.contains(where: { isLock($0, on: byte, ofFileNumber: number) }) {
                    let name = text("/proc/\(process)/comm").prefix { $0 != "\n" }
                    return PinHolder(process: process, program: String(name))
                }
            }
        }
        return PinHolder()
    }

    /// Whether a line tells of a lock: `lock: 1: OFDLCK ADVISORY WRITE -1 08:01:131 100 101`, where
    /// the last three are the file and the bytes. Locks on neighbours are told as one.
    private static func isLock(
        _ line: Substring, on byte: Int, ofFileNumber number: UInt64
    ) -> Bool {
        guard line.hasPrefix("lock:") else { return false }
        let words = line.split(separator: " ")
        guard words.count >= 3, words[words.count - 3].hasSuffix(":\(number)"),
            let first = Int(words[words.count - 2])
        else { return false }
        // The last byte is a number, or EOF.
        return first <= byte && byte <= Int(words[words.count - 1]) ?? .max
    }

    /// The most that is read of a file about a process.
    private static let bytesMax = 4096

    private static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

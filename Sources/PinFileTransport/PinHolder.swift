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
    static func holding(byte: Int, ofFileNumber number: UInt64) -> PinHolder {
        let end = ":\(number) \(byte) \(byte)"
        for process in names(in: "/proc").compactMap({ Int32($0) }).sorted() {
            let folder = "/proc/\(process)/fdinfo"
            for file in names(in: folder) {
                let lines = text("\(folder)/\(file)").split(separator: "\n")
                if lines.contains(where: { $0.hasPrefix("lock:") && $0.hasSuffix(end) }) {
                    let name = text("/proc/\(process)/comm").prefix { $0 != "\n" }
                    return PinHolder(process: process, program: String(name))
                }
            }
        }
        return PinHolder()
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

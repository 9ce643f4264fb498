import Glibc

/// The memory of this process.
enum ProcessMemory {
    /// What it has in memory now, in megabytes.
    static var megabytes: Double {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let words = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            .split(separator: UInt8(ascii: " "))
        guard words.count > 1, let pages = Int(String(decoding: words[1], as: UTF8.self)) else {
            return 0
        }
        return Double(pages * sysconf(Int32(_SC_PAGESIZE))) / 1e6
    }
}

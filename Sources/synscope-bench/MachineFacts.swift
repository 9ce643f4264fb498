import Glibc

/// On what machine the figures were measured.
struct MachineFacts {
    var processor: String
    var cores: Int
    var memoryBytes: Int64
    var kernel: String
    /// How many processes wanted to run in the minute before; what is measured needs one core.
    var load: Double

    /// This machine.
    static func here() -> MachineFacts {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: &name.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return MachineFacts(
            processor: field("model name", in: "/proc/cpuinfo") ?? "unknown",
            cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            memoryBytes: Int64(sysconf(Int32(_SC_PHYS_PAGES)))
                * Int64(sysconf(Int32(_SC_PAGESIZE))),
            kernel: "Linux \(release)", load: load())
    }

    private static func load() -> Double {
        var load = 0.0
        return getloadavg(&load, 1) == 1 ? load : 0
    }

    private static func field(_ name: String, in path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.hasPrefix(name), let colon = text.firstIndex(of: ":") else { continue }
            return String(text[text.index(after: colon)...].drop { $0 == " " })
        }
        return nil
    }
}

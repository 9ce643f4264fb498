import Glibc

/// A chip of the kernel's gpio-sim, found by its label.
struct SimulatedChip {
    let label: String
    /// /dev/gpiochipN.
    let device: String
    /// The folder of its lines.
    let folder: String
    /// The names of its lines by their numbers; nil for one without.
    let lineNames: [String?]

    private static var configuration: String { "/sys/kernel/config/gpio-sim" }

    /// Finds the chip with this label.
    init(label: String) throws(LabError) {
        var known: [String] = []
        for device in try Self.entries(of: Self.configuration) {
            let deviceFolder = Self.configuration + "/" + device
            for bank in try Self.entries(of: deviceFolder) where bank.hasPrefix("bank") {
                let bankFolder = deviceFolder + "/" + bank
                let found = try Self.text(of: bankFolder + "/label")
                known.append(found)
                guard found == label else { continue }
                try self.init(label: label, deviceFolder: deviceFolder, bankFolder: bankFolder)
                return
            }
        }
        throw .noChip(label: label, known: known.sorted())
    }

    private init(label: String, deviceFolder: String, bankFolder: String) throws(LabError) {
        self.label = label
        let name = try Self.text(of: bankFolder + "/chip_name")
        self.device = "/dev/" + name
        let device = try Self.text(of: deviceFolder + "/dev_name")
        folder = "/sys/devices/platform/\(device)/\(name)"
        var names: [String?] = []
        let count = Int(try Self.text(of: bankFolder + "/num_lines")) ?? 0
        for number in 0..<count {
            let path = bankFolder + "/line\(number)/name"
            names.append(access(path, R_OK) == 0 ? try Self.text(of: path) : nil)
        }
        lineNames = names
    }

    /// The number of a line that is called by its name or number; nil if there is none.
    func number(of line: String) -> Int? {
        if let named = lineNames.firstIndex(of: line) { return named }
        return Int(line).flatMap { lineNames.indices.contains($0) ? $0 : nil }
    }

    /// A line by its name or number.
    func line(_ line: String) throws(LabError) -> SimulatedLine {
        guard let number = number(of: line) else {
            throw .noLine(
                label: label, line: line,
                known: lineNames.enumerated().map { $1 ?? String($0) })
        }
        return try SimulatedLine(
            name: "\(label):\(line)", folder: folder + "/sim_gpio\(number)", device: device,
            number: number)
    }

    private static func entries(of folder: String) throws(LabError) -> [String] {
        guard let stream = opendir(folder) else { throw .noSimulation(path: folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The text of a file of the kernel, without its line feed.
    private static func text(of path: String) throws(LabError) -> String {
        let descriptor = try system("cannot read \(path)") { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = try system("cannot read \(path)") { read(descriptor, &bytes, bytes.count) }
        let text = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: text, as: UTF8.self)
    }
}

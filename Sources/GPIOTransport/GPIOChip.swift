#if GPIO
internal import CGPIO
internal import Glibc

/// A line of a GPIO chip.
public struct GPIOLine: Hashable, Sendable {
    /// Its number on the chip, from 0.
    public var offset: Int
    /// Its name, such as `GPIO17`; empty when it has none.
    public var name: String
    /// Who holds it; empty when nobody does, or who does gave no name.
    public var consumer: String
    /// Somebody holds it.
    public var isUsed: Bool
    /// It drives, and does not listen.
    public var isOutput: Bool
}

/// A GPIO chip of this machine: its name, its label and its lines.
public struct GPIOChip: Hashable, Sendable {
    /// The path of its device.
    public let path: String
    /// The kernel's name, such as `gpiochip0`.
    public let name: String
    /// What its driver calls it, such as `pinctrl-bcm2711`.
    public let label: String
    /// Its lines, in the order of their offsets.
    public let lines: [GPIOLine]

    /// A chip of which all is known.
    init(path: String, name: String, label: String, lines: [GPIOLine]) {
        self.path = path
        self.name = name
        self.label = label
        self.lines = lines
    }

    /// Looks at the chip with a device.
    public init(path: String) throws(GPIOError) {
        let handle = try ChipHandle(path: path)
        var info = cgpio_chip_info()
        guard cgpio_chip_get_info(handle.pointer, &info) == 0 else {
            throw .system(path: path, doing: "asking the chip", errno: errno)
        }
        self.path = path
        name = Self.text(info.name)
        label = Self.text(info.label)
        var lines: [GPIOLine] = []
        for offset in 0..<info.line_count {
            var line = cgpio_line_info()
            guard cgpio_chip_get_line_info(handle.pointer, offset, &line) == 0 else {
                throw .system(path: path, doing: "asking line \(offset)", errno: errno)
            }
            lines.append(
                GPIOLine(
                    offset: Int(offset), name: Self.text(line.name),
                    consumer: Self.text(line.consumer), isUsed: line.is_used,
                    isOutput: line.is_output))
        }
        self.lines = lines
    }

    /// The paths of all chips' devices, in the order of their numbers.
    public static var paths: [String] {
        guard let folder = opendir("/dev") else { return [] }
        defer { closedir(folder) }
        var numbers: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("gpiochip"), let number = Int(name.dropFirst(8)) {
                numbers.append(number)
            }
        }
        return numbers.sorted().map { "/dev/gpiochip\($0)" }
    }

    /// The chip that a user means by a path, a name, a number or a label.
    ///
    /// Throws ``GPIOError/noSuchChip(_:known:)`` with what there is.
    public init(named name: String) throws(GPIOError) {
        if name.hasPrefix("/") {
            self = try GPIOChip(path: name)
            return
        }
        let paths = Self.paths
        for path in paths
        where path == "/dev/\(name)" || path == "/dev/gpiochip\(name)" {
            self = try GPIOChip(path: path)
            return
        }
        guard !paths.isEmpty else { throw .noChips }
        var known: [String] = []
        for path in paths {
            // One that may not be opened can still be named by its path.
            guard let chip = try? GPIOChip(path: path) else {
                known.append(path)
                continue
            }
            if chip.label == name {
                self = chip
                return
            }
            known.append("\(chip.name) (\(chip.label))")
        }
        throw .noSuchChip(name, known: known)
    }

    private static func text<Bytes>(_ bytes: Bytes) -> String {
        withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// An open chip.
struct ChipHandle: ~Copyable {
    let pointer: OpaquePointer

    init(path: String) throws(GPIOError) {
        guard let opened = cgpio_chip_open(path) else {
            let reason = errno
            switch reason {
            case EACCES, EPERM: throw .noPermission(path: path)
            // libgpiod 2.x says so of any file that is no chip.
            case ENODEV where access(path, F_OK) == 0: throw .notAChip(path: path)
            case ENOENT, ENODEV, ENXIO:
                throw GPIOChip.paths.isEmpty
                    ? .noChips : .noSuchChip(path, known: GPIOChip.paths)
            case ENOTTY, EINVAL, ENOTDIR, EISDIR: throw .notAChip(path: path)
            default: throw .system(path: path, doing: "opening the chip", errno: reason)
            }
        }
        pointer = opened
    }

    deinit { cgpio_chip_close(pointer) }
}
#endif

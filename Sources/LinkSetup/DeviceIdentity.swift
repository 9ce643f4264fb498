internal import Glibc

/// The number by which a broker knows a bridge: the same at every start, and another one for every
/// computer and wire.
public enum DeviceIdentity {
    /// Six bytes, as a chip's own number has.
    ///
    /// They are a hash of this computer's machine-id (or, where there is none, of its name) and of the
    /// wires, so that the machine-id itself goes nowhere.
    public static func bytes(wires: String) -> [UInt8] {
        let hash = fnv1a(machine + "\n" + wires)
        return (0..<6).map { UInt8(truncatingIfNeeded: hash >> UInt64(8 * $0)) }
    }

    /// Reads hexadecimal digits, two a byte, at most 16 bytes; nil if it is none.
    public static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { digit(of: $0) }
        guard digits.count == text.utf8.count, !digits.isEmpty, digits.count % 2 == 0,
            digits.count <= bytesMax * 2
        else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static var bytesMax: Int { 16 }

    private static func digit(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Ref: RFC 9923, the FNV hash.
    private static func fnv1a(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static var machine: String {
        for path in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
            if let text = firstLine(of: path), !text.isEmpty { return text }
        }
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func firstLine(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, CInt(line.count), file) != nil else { return nil }
        let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

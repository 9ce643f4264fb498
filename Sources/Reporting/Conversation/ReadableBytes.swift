/// Characters of the link as text that cannot disturb a terminal or a table.
enum ReadableBytes {
    /// The characters as they are where they are printable, else as `\xNN`.
    static func escaped(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\"): text += "\\\\"
            case 0x20...0x7e: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }

    /// As ``escaped(_:)``, between quotation marks.
    static func quoted(_ bytes: some Sequence<UInt8>) -> String {
        "\"" + escaped(bytes).replacing("\"", with: "\\\"") + "\""
    }

    /// The characters as a string of the same length, one scalar a byte, whatever they are.
    static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }
}

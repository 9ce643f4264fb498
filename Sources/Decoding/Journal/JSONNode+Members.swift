// Members of the objects that journal records and lists become.

extension JSONNode.Member {
    /// A text.
    public static func text(_ name: String, _ text: String) -> Self {
        Self(name: name, value: .string(text))
    }

    /// A whole number.
    public static func count(_ name: String, _ count: some BinaryInteger) -> Self {
        Self(name: name, value: .number(String(count)))
    }

    /// Yes or no.
    public static func flag(_ name: String, _ flag: Bool) -> Self {
        Self(name: name, value: .boolean(flag))
    }

    /// Bytes as the text that they are; if they are none, in hexadecimal and under a name that says
    /// so, since JSON has no other bytes than those of texts.
    static func bytes(_ name: String, _ bytes: [UInt8]) -> Self {
        if let text = String(validating: bytes, as: UTF8.self) { return .text(name, text) }
        var digits = ""
        for byte in bytes {
            if byte < 0x10 { digits += "0" }
            digits += String(byte, radix: 16)
        }
        return .text(name + "Hex", digits)
    }
}

/// The frame that a text draws, with `|` for the separator and `\u{...}` for unusual characters.
func frame(_ drawing: String) -> [UInt8] {
    drawing.utf8.map { $0 == UInt8(ascii: "|") ? 127 : $0 }
}

/// A frame as a text, with `|` for the separator.
func drawing(_ frame: [UInt8]) -> String {
    String(decoding: frame.map { $0 == 127 ? UInt8(ascii: "|") : $0 }, as: UTF8.self)
}

/// A field's bytes.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

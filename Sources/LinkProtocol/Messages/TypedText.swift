// The law of this file: what people and programs write is text; anything else was read wrongly.

/// Text as somebody types it.
enum TypedText {
    /// Whether a string is UTF-8 with no control characters but the separator, the tabulator and
    /// those that end a line.
    static func matches(_ string: ArraySlice<UInt8>) -> Bool {
        var continuations = 0
        for byte in string {
            switch byte {
            case 0x80...0xbf where continuations > 0: continuations -= 1
            case _ where continuations > 0: return false
            case 0x20...0x7f, 0x09, 0x0a, 0x0d: break
            case 0xc2...0xdf: continuations = 1
            case 0xe0...0xef: continuations = 2
            case 0xf0...0xf4: continuations = 3
            default: return false
            }
        }
        return continuations == 0
    }
}

/// What a text in a packet must be: well-formed UTF-8 without U+0000.
///
/// Ref: MQTT 3.1.1 §1.5.3, Unicode 6.3 table 3-7.
enum MQTTText {
    /// The longest text, in bytes.
    static var lengthMax: Int { 65_535 }

    /// The first thing wrong with a text; indices are those of the array looked into.
    enum Flaw: Equatable {
        /// The first byte of a sequence that is not well-formed.
        case notUTF8(index: Int)
        /// U+0000.
        case null(index: Int)
    }

    /// The first flaw; nil when the bytes are a text.
    static func firstFlaw(in bytes: ArraySlice<UInt8>) -> Flaw? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let first = bytes[index]
            if first == 0 { return .null(index: index) }
            if first < 0x80 {
                index += 1
                continue
            }
            let count = followers(of: first)
            guard count > 0, bytes.endIndex - index > count,
                secondBytes(after: first).contains(bytes[index + 1])
            else { return .notUTF8(index: index) }
            for place in (index + 1)...(index + count) where bytes[place] & 0xc0 != 0x80 {
                return .notUTF8(index: index)
            }
            index += count + 1
        }
        return nil
    }

    /// How many bytes follow a first byte of 0x80 or more; 0 when it cannot be first.
    private static func followers(of first: UInt8) -> Int {
        switch first {
        case 0xc2...0xdf: 1
        case 0xe0...0xef: 2
        case 0xf0...0xf4: 3
        default: 0
        }
    }

    /// The second byte tells overlong forms, surrogates and what is beyond U+10FFFF.
    private static func secondBytes(after first: UInt8) -> ClosedRange<UInt8> {
        switch first {
        case 0xe0: 0xa0...0xbf
        case 0xed: 0x80...0x9f
        case 0xf0: 0x90...0xbf
        case 0xf4: 0x80...0x8f
        default: 0x80...0xbf
        }
    }
}

import FoundationEssentials

/// Strings of the object mode: each is one JSON value.
enum JSONText {
    /// Whether the characters are one JSON value and nothing else.
    static func isValue(_ text: [UInt8]) -> Bool {
        (try? JSONDecoder().decode(AnyValue.self, from: Data(text))) != nil
    }

    /// Accepts whatever JSON has, and keeps nothing.
    private struct AnyValue: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}

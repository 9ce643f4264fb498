/// Topics and the filters that choose among them, as bytes.
///
/// Ref: MQTT 3.1.1 §4.7.
public enum TopicFilter {
    /// The longest topic and the longest filter, in bytes.
    public static var lengthMax: Int { 65_535 }

    /// Whether a filter chooses a topic. Both must be valid; the answer for others means nothing.
    ///
    /// `+` stands for one level, `#` for the level before it with everything below. A filter that
    /// begins with a wildcard chooses no topic that begins with `$`.
    public static func matches(filter: ArraySlice<UInt8>, topic: ArraySlice<UInt8>) -> Bool {
        false
    }

    /// Whether a filter chooses a topic; see the matching of parts of arrays.
    public static func matches(filter: [UInt8], topic: [UInt8]) -> Bool {
        matches(filter: filter[...], topic: topic[...])
    }

    /// Whether these bytes are a filter: UTF-8 without U+0000, not empty, `#` only as the last
    /// level and `+` only as a whole level.
    public static func isValidFilter(_ bytes: [UInt8]) -> Bool { false }

    /// Whether these bytes are a topic: UTF-8 without U+0000, not empty, without wildcards.
    public static func isValidTopic(_ bytes: [UInt8]) -> Bool { false }
}

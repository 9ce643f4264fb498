/// Topics and the filters that choose among them, as bytes.
///
/// Ref: MQTT 3.1.1 §4.7.
public enum TopicFilter {
    /// The longest topic and the longest filter, in bytes.
    public static var lengthMax: Int { MQTTText.lengthMax }

    /// Whether a filter chooses a topic. Both must be valid; the answer for others means nothing.
    ///
    /// `+` stands for one level, `#` for the level before it with everything below. A filter that
    /// begins with a wildcard chooses no topic that begins with `$`.
    public static func matches(filter: ArraySlice<UInt8>, topic: ArraySlice<UInt8>) -> Bool {
        var filterPlace = filter.startIndex
        var topicPlace = topic.startIndex
        if topic.first == dollar, filter.first == oneLevel || filter.first == allLevels {
            return false
        }
        // Each round compares one level; both places are at the begin of one.
        while true {
            if filterPlace < filter.endIndex, filter[filterPlace] == allLevels { return true }
            if filterPlace < filter.endIndex, filter[filterPlace] == oneLevel {
                filterPlace += 1
                topicPlace = levelEnd(topic, from: topicPlace)
            } else {
                let filterEnd = levelEnd(filter, from: filterPlace)
                let topicEnd = levelEnd(topic, from: topicPlace)
                guard filterEnd - filterPlace == topicEnd - topicPlace else {
                    return false
                }
                while filterPlace < filterEnd {
                    guard filter[filterPlace] == topic[topicPlace] else { return false }
                    filterPlace += 1
                    topicPlace += 1
                }
            }
            if filterPlace == filter.endIndex { return topicPlace == topic.endIndex }
            guard filter[filterPlace] == separator else { return false }
            filterPlace += 1
            if topicPlace == topic.endIndex {
                // `a/#` chooses `a` too.
                return filterPlace < filter.endIndex && filter[filterPlace] == allLevels
            }
            topicPlace += 1
        }
    }

    /// Whether a filter chooses a topic; see the matching of parts of arrays.
    public static func matches(filter: [UInt8], topic: [UInt8]) -> Bool {
        matches(filter: filter[...], topic: topic[...])
    }

    /// Whether these bytes are a filter: UTF-8 without U+0000, not empty, `#` only as the last
    /// level and `+` only as a whole level.
    public static func isValidFilter(_ bytes: [UInt8]) -> Bool {
        bytes.count <= lengthMax && MQTTText.firstFlaw(in: bytes[...]) == nil
            && filterFlaw(in: bytes[...]) == nil
    }

    /// Whether these bytes are a topic: UTF-8 without U+0000, not empty, without wildcards.
    public static func isValidTopic(_ bytes: [UInt8]) -> Bool {
        bytes.count <= lengthMax && MQTTText.firstFlaw(in: bytes[...]) == nil
            && topicFlaw(in: bytes[...]) == nil
    }

    /// Where a text stops being a filter, as an index; the end when it is empty.
    static func filterFlaw(in bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.isEmpty { return bytes.endIndex }
        for place in bytes.indices {
            let byte = bytes[place]
            guard byte == oneLevel || byte == allLevels else { continue }
            let isLast = place + 1 == bytes.endIndex
            let beginsLevel = place == bytes.startIndex || bytes[place - 1] == separator
            let endsLevel = isLast || (byte == oneLevel && bytes[place + 1] == separator)
            if !beginsLevel || !endsLevel { return place }
        }
        return nil
    }

    /// Where a text stops being a topic, as an index; the end when it is empty.
    static func topicFlaw(in bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.isEmpty { return bytes.endIndex }
        for place in bytes.indices where bytes[place] == oneLevel || bytes[place] == allLevels {
            return place
        }
        return nil
    }

    private static func levelEnd(_ text: ArraySlice<UInt8>, from place: Int) -> Int {
        var place = place
        while place < text.endIndex, text[place] != separator { place += 1 }
        return place
    }

    private static var separator: UInt8 { 0x2f }  // /
    private static var oneLevel: UInt8 { 0x2b }  // +
    private static var allLevels: UInt8 { 0x23 }  // #
    private static var dollar: UInt8 { 0x24 }  // $
}

import MQTTProtocol
import Testing

@Suite struct TopicFilterTests {
    /// The examples of §4.7, and what follows from its words.
    @Test(arguments: [
        // §4.7.1.2
        ("sport/tennis/player1/#", "sport/tennis/player1", true),
        ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
        ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
        ("sport/tennis/player1/#", "sport/tennis/player2", false),
        ("sport/#", "sport", true),
        ("sport/#", "sport/", true),
        ("sport/#", "sports", false),
        ("#", "sport", true),
        ("#", "/", true),
        // §4.7.1.3
        ("sport/tennis/+", "sport/tennis/player1", true),
        ("sport/tennis/+", "sport/tennis/player2", true),
        ("sport/tennis/+", "sport/tennis/player1/ranking", false),
        ("sport/+", "sport", false),
        ("sport/+", "sport/", true),
        ("+", "sport", true),
        ("+", "sport/tennis", false),
        ("+/tennis/#", "sport/tennis", true),
        ("+/tennis/#", "sport/tennis/a/b", true),
        ("+/tennis/#", "a/b/tennis", false),
        ("sport/+/player1", "sport/tennis/player1", true),
        ("sport/+/player1", "sport//player1", true),
        ("sport/+/player1", "sport/player1", false),
        ("+/+", "/finance", true),
        ("/+", "/finance", true),
        ("+", "/finance", false),
        ("+/#", "a", true),
        // §4.7.2
        ("#", "$SYS/monitor", false),
        ("+/monitor/Clients", "$SYS/monitor/Clients", false),
        ("$SYS/#", "$SYS/monitor/Clients", true),
        ("$SYS/#", "$SYS", true),
        ("$SYS/monitor/+", "$SYS/monitor/Clients", true),
        ("a/#", "a/$SYS", true),
        // §4.7.3
        ("ACCOUNTS", "Accounts", false),
        ("Accounts payable", "Accounts payable", true),
        ("/finance", "finance", false),
        ("finance", "finance/", false),
        ("finance/", "finance", false),
        ("a/b", "a/bc", false),
        ("a/bc", "a/b", false),
        ("a//b", "a//b", true),
        ("a/b/c", "a/b", false),
    ])
    func filtersChooseAsTheStandardSays(filter: String, topic: String, isChosen: Bool) {
        #expect(TopicFilter.matches(filter: bytes(filter), topic: bytes(topic)) == isChosen)
        // Parts of arrays have indices of their own.
        let text = bytes("xx\(filter)yyy\(topic)")
        let start = 2 + filter.utf8.count
        #expect(
            TopicFilter.matches(filter: text[2..<start], topic: text[(start + 3)...]) == isChosen)
    }

    @Test(arguments: [
        ("a", true), ("#", true), ("+", true), ("/", true), ("a/#", true), ("a/+", true),
        ("+/a/#", true), ("a/+/b", true), ("+/+/+", true), ("", false), ("a#", false),
        ("#/a", false), ("a/#/b", false), ("a+", false), ("+a", false), ("a/b+/c", false),
        ("##", false), ("++", false), ("+#", false), ("a\u{0}", false),
    ])
    func aFilterHasWildcardsOnlyAsWholeLevels(filter: String, isValid: Bool) {
        #expect(TopicFilter.isValidFilter(bytes(filter)) == isValid)
    }

    @Test func aTopicHasNoWildcardsAndALimit() {
        #expect(TopicFilter.isValidTopic(bytes("a/ b/$")))
        for text in ["", "a/+", "#", "a+b", "a\u{0}b"] {
            #expect(!TopicFilter.isValidTopic(bytes(text)))
        }
        let longest = [UInt8](repeating: 0x61, count: TopicFilter.lengthMax)
        #expect(TopicFilter.isValidTopic(longest) && TopicFilter.isValidFilter(longest))
        #expect(!TopicFilter.isValidTopic(longest + [0x61]))
        #expect(!TopicFilter.isValidFilter(longest + [0x61]))
    }

    @Test(arguments: 0..<10)
    func anyBytesCanBeCompared(seed: UInt64) {
        var random = Seeded(seed: seed)
        let alphabet = bytes("ab/+#$\u{0}") + [0xff]
        for _ in 0..<2_000 {
            let filter = (0..<random.below(8)).map { _ in alphabet[random.below(8)] }
            let topic = (0..<random.below(8)).map { _ in alphabet[random.below(8)] }
            let isChosen = TopicFilter.matches(filter: filter, topic: topic)
            if TopicFilter.isValidTopic(filter), TopicFilter.isValidTopic(topic) {
                #expect(isChosen == (filter == topic))
            }
        }
    }
}

extension LinkReport {
    /// What nobody can learn from the wires, however good the capture is, as far as no journal tells it.
    public var notOnTheWire: [String] { Self.notOnTheWire(beside: journal ?? JournalFacts()) }

    private static func notOnTheWire(beside journal: JournalFacts) -> [String] {
        var sentences: [String] = []
        if !journal.hasHost {
            sentences += [
                "when the application called publish and when the call returned: a queue and a polling "
                    + "loop lie between the application and the wire, on both sides",
                "publications that never reached the wire, even if their caller saw publish return",
            ]
        }
        if !journal.hasSurroundings {
            sentences += [
                journal.hasBridge
                    ? "whether a publication arrived at a subscriber: PUBACK is the broker's word, and "
                        + "one with qos 0 gets none"
                    : "when, or whether, a publication arrived at the broker or at a subscriber: PUBOK is "
                        + "the bridge's word",
                "why the bridge stood still: a crash, a busy processor and a blocking call look alike",
            ]
        }
        if !journal.hasHost { sentences.append("why the host restarted a link that was well") }
        if !journal.hasBridge {
            sentences.append(
                "how long a message from the broker waited in the bridge before its frame began")
        }
        return sentences
    }

    /// What none, or not every one, of these captures tells.
    public static func notOnTheWire(of reports: [LinkReport]) -> [String] {
        if reports.isEmpty { return notOnTheWire(beside: JournalFacts()) }
        var sentences: [String] = []
        for report in reports {
            for sentence in report.notOnTheWire where !sentences.contains(sentence) {
                sentences.append(sentence)
            }
        }
        return sentences
    }
}

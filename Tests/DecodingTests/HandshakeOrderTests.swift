import Decoding
import LinkTesting
import Signals
import Testing

/// Edges are written as words, a letter and a time: `r` is reset, `t` stx, `c` sckout, `x` srx,
/// `k` sckin and `+` a channel that is no wire. Each edge toggles its channel; `|` ends a batch.
@Suite struct HandshakeOrderTests {
    private static let letters: [(letter: Character, channel: Channel)] = [
        ("r", .reset), ("t", .stx), ("c", .sckout), ("x", .srx), ("k", .sckin),
        ("+", Channel(masking: 9)),
    ]

    private func batches(_ text: String) -> [EdgeBatch] {
        var levels = LevelSet.rest
        return text.split(separator: "|", omittingEmptySubsequences: false).map { part in
            var batch = EdgeBatch(levels: levels)
            for word in part.split(separator: " ") {
                let channel =
                    Self.letters.first { $0.letter == word.first }?.channel ?? .reset
                levels.toggle(channel)
                batch.edges.append(
                    Edge(
                        time: Timestamp(nanoseconds: Int64(word.dropFirst()) ?? 0),
                        channel: channel, level: levels[channel]))
            }
            return batch
        }
    }

    private func drawn(_ edges: [Edge]) -> String {
        edges.map { edge in
            let letter = Self.letters.first { $0.channel == edge.channel }?.letter ?? "?"
            return "\(letter)\(edge.time.nanoseconds)"
        }.joined(separator: " ")
    }

    private func ordered(_ batches: [EdgeBatch]) -> [EdgeBatch] {
        var source = HandshakeOrderedSource(BatchSource(batches: batches))
        var read: [EdgeBatch] = []
        var batch = EdgeBatch()
        while source.read(into: &batch) { read.append(batch) }
        let hasMore = source.read(into: &batch)
        #expect(!hasMore, "the end is the end")
        return read
    }

    private func order(_ text: String) -> String {
        drawn(ordered(batches(text)).flatMap(\.edges))
    }

    @Test(arguments: [
        // Data behind the clock that announces it.
        ("k1 c2 t2 k3", "k1 t2 c2 k3"),
        // The answer before the question.
        ("k1 k2 c2 k3", "k1 c2 k2 k3"),
        // A whole round by the numbers of the channels, from either end's turn.
        ("k1 t2 c2 x2 k2 c3", "k1 t2 c2 x2 k2 c3"),
        ("c1 t2 c2 x2 k2 k3", "c1 x2 k2 t2 c2 k3"),
        // Two rounds are the most that is put in order.
        ("k1 t2 t2 c2 c2 x2 x2 k2 k2", "k1 t2 c2 x2 k2 t2 c2 x2 k2"),
        // Nobody knows whose turn it is: what is possible stays as it is.
        ("t2 c2 x3", "t2 c2 x3"),
        ("c2 t2 k3", "t2 c2 k3"),
        ("k2 x2 c3", "x2 k2 c3"),
        // Channels that are no wires may be anywhere.
        ("k1 c2 +2 t2 k3", "k1 +2 t2 c2 k3"),
    ])
    func aTimeStampIsBroughtInOrder(text: String, expected: String) {
        #expect(order(text) == expected)
    }

    @Test(arguments: [
        "k1 k2 c3 t4 t5 c6 x7 x8",  // no two edges of one time
        "k1 c2 c2 k3",  // no order is possible
        "k1 t2 t2 c2 k3",  // a spike
        "k1 c2 r2 t2",  // who pulls the reset does not care whose turn it is
    ])
    func whatNoOrderMendsIsLeftAlone(text: String) {
        #expect(order(text) == text)
    }

    @Test func theTurnIsKnownFromTheLastClockEdge() {
        // The same sample behind either clock.
        #expect(order("c1 k2 c2") == "c1 k2 c2")
        #expect(order("k1 k2 c2") == "k1 c2 k2")
        // A reset leaves it open, and then either end may begin.
        #expect(order("k1 r2 k3 c3") == "k1 r2 k3 c3")
        #expect(order("c1 r2 c3 k3") == "c1 r2 c3 k3")
        #expect(order("k1 r2 c3 t3 k4") == "k1 r2 t3 c3 k4")
    }

    @Test(arguments: [
        ("k1 c2|t2 k3", "k1 t2 c2 k3"),
        ("c1 t2 c2|x2 k2 k3", "c1 x2 k2 t2 c2 k3"),
        ("c1|t2|c2|x2|k2|k3", "c1 x2 k2 t2 c2 k3"),
        ("c1 t2 c2||x2 k2|k3", "c1 x2 k2 t2 c2 k3"),
        // The edge before the border is allowed, and still not the first.
        ("c1 k2|x2 c3", "c1 x2 k2 c3"),
    ])
    func aTimeStampThatABorderCutsIsPutTogether(text: String, expected: String) {
        #expect(order(text) == expected)
    }

    /// Random samples, random borders: the order is that of one batch.
    @Test(arguments: UInt64(1)...20)
    func bordersDoNotMatter(seed: UInt64) {
        var random = Seeded(seed)
        let letters = Self.letters.map(\.letter)
        var time = 0
        let words = (0..<300).map { _ in
            // Some time stamps have more edges than are ever put in order.
            time += random.below(random.flag() ? 2 : 12) == 0 ? 1 : 0
            let isWire = random.below(12) > 0
            return "\(letters[isWire ? 1 + random.below(4) : random.below(6)])\(time)"
        }
        let whole = batches(words.joined(separator: " "))[0]
        let expected = ordered([whole]).flatMap(\.edges)
        #expect(expected.count == whole.edges.count)
        for _ in 0..<20 {
            var rest = whole
            var cut: [EdgeBatch] = []
            while !rest.edges.isEmpty {
                let count = random.below(random.flag() ? 3 : 40)
                cut.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            let isSame = ordered(cut).flatMap(\.edges) == expected
            #expect(isSame, "cut to \(cut.map(\.edges.count))")
        }
    }

    /// Random samples: each time stamp has the edges that it had, and each channel its own order.
    @Test(arguments: UInt64(1)...20)
    func nothingIsLostAndNoTimesAreExchanged(seed: UInt64) {
        var random = Seeded(seed)
        var time = 0
        let words = (0..<400).map { _ in
            time += random.below(3) == 0 ? 1 : 0
            return "\(Self.letters[random.below(6)].letter)\(time)"
        }
        let given = batches(words.joined(separator: " "))[0]
        let edges = ordered(given.split(every: 1 + random.below(50))).flatMap(\.edges)
        #expect(edges.map(\.time) == given.edges.map(\.time))
        for (letter, channel) in Self.letters {
            #expect(
                edges.filter { $0.channel == channel }
                    == given.edges.filter { $0.channel == channel },
                "\(letter)")
        }
    }

    @Test(arguments: [9, 12, 63, 64, 65, 200])
    func aCrowdOfOneTimeStampIsLeftAlone(count: Int) {
        // The bridge's turn: in every order that the handshake allows, `k` comes first.
        let crowd = (0..<count).map { $0 % 2 == 0 ? "c2" : "k2" }.joined(separator: " ")
        let text = "c1 \(crowd) k3"
        #expect(order(text) == text)
        let whole = batches(text)[0]
        for length in [1, 2, 7, 8, 9, 10, 64, 65] {
            #expect(drawn(ordered(whole.split(every: length)).flatMap(\.edges)) == text)
        }
        #expect(order("c1 c2 k2 c2 k2 c2 k2 c2 k2 k3") == "c1 k2 c2 k2 c2 k2 c2 k2 c2 k3")
    }

    @Test func whatWaitsComesBeforeTheGap() {
        var parts = batches("c1 c2 k2|c2 k4")
        parts[1].gap = Gap(
            start: Timestamp(nanoseconds: 2), end: Timestamp(nanoseconds: 2), reason: .overflow)
        let read = ordered(parts)
        let gap = read.firstIndex { $0.gap != nil } ?? 0
        #expect(read.count { $0.gap != nil } == 1)
        #expect(drawn(read[..<gap].flatMap(\.edges)) == "c1 k2 c2")
        #expect(drawn(read[gap...].flatMap(\.edges)) == "c2 k4")
        #expect(read[gap].levels == parts[1].levels)
    }

    @Test func theTurnIsForgottenInAGap() {
        var parts = batches("c1|c2 k2")
        #expect(drawn(ordered(parts).flatMap(\.edges)) == "c1 k2 c2")
        parts[1].gap = Gap(
            start: Timestamp(nanoseconds: 1), end: Timestamp(nanoseconds: 2), reason: .overflow)
        #expect(drawn(ordered(parts).flatMap(\.edges)) == "c1 c2 k2")
    }

    @Test func theEndBringsWhatStillWaits() {
        #expect(order("k1 c2") == "k1 c2")
        #expect(order("k1 c2 t2") == "k1 t2 c2")
        #expect(order("c1 c2") == "c1 c2", "although it is not the host's turn")
        #expect(order("c1 c2||") == "c1 c2")
        #expect(ordered([]).isEmpty)
    }

    /// Whoever ends early gets all that the base has given, and no more of it.
    @Test(arguments: 0...4)
    func theRestIsWhatWasReadAndNotHandedOut(readCount: Int) {
        let given = batches("c1 x2 c2|k2 c3|k3 t4|c4|k5 c6 t6")
        var source = HandshakeOrderedSource(BatchSource(batches: given))
        var batch = EdgeBatch()
        var edges: [Edge] = []
        for _ in 0..<readCount where source.read(into: &batch) { edges += batch.edges }
        let taken = given.prefix(source.base.next).flatMap(\.edges)
        while source.readRest(into: &batch) { edges += batch.edges }
        #expect(!source.isBehind && !source.holdsNews)
        #expect(edges.map(\.time) == taken.map(\.time))
        #expect(Set(edges) == Set(taken))
    }

    @Test func itTellsWhatItHasNotHandedOut() {
        var source = HandshakeOrderedSource(BatchSource(batches: batches("k1 c2|k3|t4|c5")))
        var batch = EdgeBatch()
        var told: [String] = []
        while source.read(into: &batch) {
            told.append(
                "\(drawn(batch.edges)) \(source.isBehind ? "behind" : "-") "
                    + (source.holdsNews ? "news" : "-"))
        }
        #expect(
            told == [
                "k1 - -", "c2 behind -", " - -", "k3 behind -", " - news", "t4 behind -", " - -",
                "c5 - -",
            ])
    }

    /// Levels are those before the first edge of each batch, whatever waits.
    @Test func batchesBeginWithTheLevelsThatTheEdgesBeforeLeft() {
        var levels = LevelSet.rest
        for batch in ordered(batches("c1 t2|c2 x2 k2|k3 c4|t4 k5|+5|c6 k6")) {
            #expect(batch.levels == levels)
            for edge in batch.edges { levels[edge.channel] = edge.level }
        }
    }
}

import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkMachineIdlePauseTests {
    static func pair(
        pause: Nanoseconds = .milliseconds(1), size: CharacterSize = .seven,
        watchdog: Nanoseconds = .milliseconds(20)
    ) -> Pair {
        var configuration = Pair.quick
        configuration.idlePause = pause
        configuration.characterSize = size
        configuration.watchdogTimeout = watchdog
        var world = Pair.World()
        world.writeStep = .zero
        return Pair(configuration, world: world)
    }

    /// How long an end took to answer for each of its bits from the third on, in microseconds.
    private func answers(of end: LinkEnd, in pair: Pair) -> [(bit: Int, micros: Int64)] {
        var peerToggle = Timestamp.zero
        var bit = -1
        var answers: [(Int, Int64)] = []
        for edge in pair.recording.edges {
            if edge.channel == end.peer.clock { peerToggle = edge.time }
            guard edge.channel == end.clock else { continue }
            bit += 1
            if bit > 2 { answers.append((bit, (edge.time - peerToggle).count / 1_000)) }
        }
        return answers
    }

    @Test(arguments: CharacterSize.allCases)
    func onlyTheHostRestsAndOnlyBetweenCharacters(size: CharacterSize) {
        let pair = Self.pair(size: size)
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(50))
        for (bit, micros) in answers(of: .host, in: pair) {
            let isFirstOfCharacter = bit >= 9 && (bit - 9) % size.bitCount == 0
            #expect(micros == (isFirstOfCharacter ? 1_010 : 10), "bit \(bit)")
        }
        #expect(answers(of: .bridge, in: pair).allSatisfy { $0.micros == 10 })
    }

    @Test func thereIsNoRestWhileEitherEndIsInAFrame() {
        for sender in LinkEnd.allCases {
            let pair = Self.pair()
            #expect(pair.synchronise())
            pair.run(for: .milliseconds(5))
            let first = pair.host.bitCount
            let text = "some frame, longer than a few characters"
            pair.send(text, from: sender)
            #expect(pair.run(until: { !$0.received(by: sender.peer).isEmpty }))
            let last = pair.host.bitCount
            let rests = answers(of: .host, in: pair)
                .filter { $0.bit >= first && $0.bit < last && $0.micros > 10 }
            // At most the one that was under way: the frame's very first bit is a 1.
            #expect(rests.count <= 1, "\(sender)")
            #expect(last - first >= text.utf8.count * 7)
            pair.run(for: .milliseconds(5))
            #expect(answers(of: .host, in: pair).contains { $0.bit > last && $0.micros > 10 })
        }
    }

    @Test func aRestEndsAtOnceWhenAFrameIsQueued() {
        let pair = Self.pair()
        #expect(pair.synchronise())
        pair.run(for: .microseconds(2_500))
        let bits = pair.host.bitCount
        pair.run(for: .microseconds(300))
        #expect(pair.host.bitCount == bits)
        pair.send("E", from: .host)
        #expect(pair.host.bitCount == bits + 1)
        #expect(pair.edges(of: .sckout).last?.time == pair.now)
        // `E` begins with a 1: the very bit that ended the rest is the frame's first.
        #expect(pair.edges(of: .stx).last?.time == pair.now)
        #expect(pair.settle())
        #expect(pair.received(by: .bridge).map(drawn) == ["E"])
    }

    @Test func framesCrossAlsoWithRests() {
        let pair = Self.pair(pause: .microseconds(137))
        var random = Seeded(5)
        #expect(pair.synchronise())
        var sent: [[UInt8]] = []
        for _ in 0..<30 {
            pair.run(for: .microseconds(Int64(random.below(1_500))))
            sent.append(random.text(1 + random.below(4)))
            pair.send(sent.last ?? [], from: .bridge)
            pair.send(sent.last ?? [], from: .host)
        }
        #expect(pair.settle())
        #expect(pair.received(by: .host) == sent)
        #expect(pair.received(by: .bridge) == sent)
    }

    @Test func aRestIsNeverLongerThanAMillisecond() {
        let pair = Self.pair(pause: .seconds(5))
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(20))
        #expect(answers(of: .host, in: pair).map(\.micros).max() == 1_010)
    }

    @Test(arguments: [Int64(0), -5])
    func thereIsNoRestWhenItsTimeIsNotPositive(nanoseconds: Int64) {
        let pair = Self.pair(pause: Nanoseconds(nanoseconds))
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(5))
        #expect(answers(of: .host, in: pair).allSatisfy { $0.micros == 10 })
    }

    /// During a rest the bridge owes nothing.
    @Test func theWatchdogCountsFromTheToggleThatEndsARest() throws {
        let pair = Self.pair()
        #expect(pair.synchronise())
        pair.run(for: .milliseconds(5))
        pair.isBridgeFrozen = true
        let seen = try #require(pair.edges(of: .sckin).last).time + .microseconds(10)
        #expect(pair.run(until: { $0.outcomes(of: .host).contains(.failed(.watchdog)) }))
        #expect(pair.now == seen + .milliseconds(1) + .milliseconds(20))
    }

    /// The rest gives way to the watchdog, not the other way round.
    @Test func aWatchdogShorterThanTheRestNeitherFiresNorSpins() {
        let pair = Self.pair(watchdog: .microseconds(500))
        #expect(pair.synchronise())
        var steps = 0
        while steps < 20_000, pair.now < .zero + .milliseconds(50) {
            _ = pair.step(before: .zero + .seconds(1))
            steps += 1
        }
        #expect(pair.now >= .zero + .milliseconds(50))
        #expect(pair.outcomes(of: .host) == [.synchronised])
    }
}

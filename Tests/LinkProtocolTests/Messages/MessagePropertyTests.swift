import LinkProtocol
import Signals
import Testing

/// As `#expect`, for loops whose every turn it would slow down.
private func check(
    _ condition: Bool, _ evidence: @autoclosure () -> [UInt8],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    if !condition {
        Issue.record("\(drawing(evidence()))", sourceLocation: sourceLocation)
    }
}

@Suite struct MessagePropertyTests {
    @Test func whatAHostWritesReadsBackAsTheSameMessage() throws {
        var generator = MessageGenerator(seed: 1)
        for _ in 0..<20_000 {
            let message = generator.hostMessage()
            let asSpelled = try message.writeAsSpelled()
            check(HostMessage.parse(asSpelled) == .message(message), asSpelled)
            for dialect in Dialect.allCases {
                let written = try message.write(dialect: dialect)
                check(
                    HostMessage.parse(written) == .message(message.spelled(in: dialect)), written)
            }
        }
    }

    @Test func anAnswerForTheNetworkReadsBackWhileItIsAwaited() throws {
        var generator = MessageGenerator(seed: 2)
        for _ in 0..<5_000 {
            let message = HostMessage.networkAnswer(generator.word())
            let written = try message.write(dialect: .current)
            check(
                HostMessage.parse(written, awaitsNetworkAnswer: true) == .message(message), written)
        }
    }

    @Test func whatABridgeWritesReadsBackAsTheSameMessage() throws {
        var generator = MessageGenerator(seed: 3)
        for _ in 0..<20_000 {
            let message = generator.bridgeMessage()
            for dialect in Dialect.allCases {
                let written = try message.write(dialect: dialect)
                check(BridgeMessage.parse(written) == .message(message), written)
            }
        }
    }

    @Test func noBytesTrapAndWhatReadsAsAMessageIsWrittenByteForByte() throws {
        var generator = MessageGenerator(seed: 4)
        var book = SecretBook()
        var messages = 0
        for number in 0..<120_000 {
            if number % 50 == 0 { book = SecretBook() }
            let wreck = generator.wreck()
            let end: LinkEnd = generator.flag() ? .host : .bridge
            let isSendable = wreck.allSatisfy { (1...127).contains($0) }
            switch end {
            case .host:
                let outcome = HostMessage.parse(wreck, awaitsNetworkAnswer: generator.flag())
                checkPlace(outcome.malformation, in: wreck)
                guard isSendable, let message = outcome.message else { break }
                messages += 1
                check(try message.writeAsSpelled() == wreck, wreck)
            case .bridge:
                let outcome = BridgeMessage.parse(wreck)
                checkPlace(outcome.malformation, in: wreck)
                guard isSendable, let message = outcome.message else { break }
                messages += 1
                check(try message.write(dialect: .reference) == wreck, wreck)
            }
            book.learn(from: wreck, sentBy: end)
            let masked = book.mask(wreck, from: end)
            check(masked.count == wreck.count, wreck)
            check(Fields(masked).count == Fields(wreck).count, wreck)
        }
        // Otherwise the generator makes too much rubbish to prove anything.
        #expect(messages > 10_000)
    }

    @Test func rangesOfSecretsAreSortedApartAndInsideTheFrame() {
        var generator = MessageGenerator(seed: 5)
        var book = SecretBook()
        for text in ["a", "pw", "True", "\u{1}\u{2}"] { book.learn(bytes(text)) }
        for _ in 0..<20_000 {
            let wreck = generator.wreck()
            var end = 0
            for range in book.ranges(in: wreck, from: .bridge) {
                check(!range.isEmpty && range.lowerBound >= end, wreck)
                check(!wreck[range].contains(127), wreck)
                end = range.upperBound
            }
            check(end <= wreck.count, wreck)
        }
    }

    /// The evidence must point into the frame, or just behind it.
    private func checkPlace(_ malformation: MalformedMessage?, in frame: [UInt8]) {
        guard let malformation else { return }
        check((0...frame.count).contains(malformation.offset), frame)
        check((0...Fields(frame).count).contains(malformation.fieldIndex), frame)
    }
}

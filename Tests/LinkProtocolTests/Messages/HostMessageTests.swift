import LinkProtocol
import Testing

@Suite struct HostMessageTests {
    @Test func everyStringOfTheReferenceIsReadAndWrittenByteForByte() throws {
        #expect(Set(ReferenceStrings.host).count == 60)
        for text in ReferenceStrings.host {
            let message = try #require(HostMessage.parse(frame(text)).message, "\(text)")
            #expect(drawing(try message.write(dialect: .reference)) == text)
            #expect(drawing(try message.writeAsSpelled()) == text)
        }
    }

    @Test func theAnswerOfTheReferenceIsReadAndWrittenByteForByte() throws {
        let message = try #require(
            HostMessage.parse(frame("1"), awaitsNetworkAnswer: true).message)
        #expect(message == .networkAnswer(bytes("1")))
        #expect(drawing(try message.write(dialect: .reference)) == "1")
    }

    @Test func eachCommandIsItsMessage() {
        let will = Publication(
            topic: bytes("a"), message: bytes("b c"), retain: .wordFalse, qos: .atLeastOnce)
        #expect(HostMessage.parse(frame("w|a|b c|False|1")) == .message(.will(will)))
        let publication = Publication(
            topic: bytes("a"), message: [], retain: .digitOne, qos: .atMostOnce)
        #expect(HostMessage.parse(frame("p|a||1|0")) == .message(.publish(publication)))
        #expect(
            HostMessage.parse(frame("s|a/#|0"))
                == .message(.subscribe(topic: bytes("a/#"), qos: .atMostOnce)))
        #expect(HostMessage.parse(frame("i")) == .message(.timeRequest))
        #expect(HostMessage.parse(frame("m")) == .message(.memoryRequest))
    }

    @Test(arguments: [
        ("", Retain.empty, false), ("0", .digitZero, false), ("1", .digitOne, true),
        ("False", .wordFalse, false), ("True", .wordTrue, true),
    ])
    func retainIsReadInEverySpellingAndKeepsIt(
        spelling: String, retain: Retain, isSet: Bool
    ) throws {
        for command in ["p", "w"] {
            let text = "\(command)|a|b|\(spelling)|1"
            let message = try #require(HostMessage.parse(frame(text)).message)
            switch message {
            case .publish(let publication), .will(let publication):
                #expect(publication.retain == retain)
                #expect(publication.retain.isSet == isSet)
            default: Issue.record("\(text) is no publication")
            }
            #expect(drawing(try message.writeAsSpelled()) == text)
        }
    }

    @Test(arguments: [
        ("p|a|b|1|0", Dialect.current, "p|a|b|1|0"),
        ("p|a|b|0|0", .current, "p|a|b||0"),
        ("p|a|b|True|0", .reference, "p|a|b|1|0"),
        ("p|a|b||0", .reference, "p|a|b|0|0"),
        ("w|a|b|False|1", .current, "w|a|b||1"),
        ("w|a|b|True|1", .current, "w|a|b|1|1"),
        ("w|a|b||1", .reference, "w|a|b|False|1"),
        ("w|a|b|1|1", .reference, "w|a|b|True|1"),
    ])
    func eachDialectHasItsSpellingOfRetain(text: String, dialect: Dialect, expected: String) throws
    {
        let message = try #require(HostMessage.parse(frame(text)).message)
        #expect(drawing(try message.write(dialect: dialect)) == expected)
        #expect(HostMessage.parse(frame(expected)) == .message(message.spelled(in: dialect)))
    }

    @Test func aFalseFlagOfOursIsAnEmptyFieldSoThatTheReferenceDoesNotRetain() {
        #expect(Retain(false) == .empty)
        #expect(Retain(true) == .digitOne)
    }

    @Test func onlyWhatIsNoCommandCanAnswerForTheNetwork() {
        for text in ["1", "0", "yes", "go|now", "t|5", "\u{1}\u{2}", "|"] {
            #expect(
                HostMessage.parse(frame(text), awaitsNetworkAnswer: true)
                    == .message(.networkAnswer(frame(text))))
        }
        #expect(HostMessage.parse(frame("i"), awaitsNetworkAnswer: true) == .message(.timeRequest))
        #expect(
            HostMessage.parse(frame("p|a"), awaitsNetworkAnswer: true).malformation?.reason
                == .missingField)
    }

    @Test func anUnknownWordIsTheApplicationsOwnCommand() {
        for text in ["zz|arg1|2", "1", "t|5", "u|a|b|True", "initx", "?|"] {
            #expect(HostMessage.parse(frame(text)) == .message(.other(frame(text))))
        }
    }
}

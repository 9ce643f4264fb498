import LinkProtocol
import Testing

@Suite struct BridgeMessageTests {
    @Test func everyStringOfTheReferenceIsReadAndWrittenByteForByte() throws {
        #expect(Set(ReferenceStrings.bridge).count == 30)
        for text in ReferenceStrings.bridge {
            let message = try #require(BridgeMessage.parse(frame(text)).message, "\(text)")
            for dialect in Dialect.allCases {
                #expect(drawing(try message.write(dialect: dialect)) == text)
            }
        }
    }

    @Test func eachCommandIsItsMessage() {
        #expect(BridgeMessage.parse(frame("t|9")) == .message(.status(.wifiUp)))
        #expect(
            BridgeMessage.parse(frame("u|a|b|True"))
                == .message(
                    .publication(topic: bytes("a"), message: bytes("b"), isRetained: true)))
        #expect(
            BridgeMessage.parse(frame("u|a||False"))
                == .message(.publication(topic: bytes("a"), message: [], isRetained: false)))
        #expect(
            BridgeMessage.parse(frame("i|848662091"))
                == .message(.time(secondsSince2000: 848_662_091)))
        #expect(BridgeMessage.parse(frame("i|0")) == .message(.time(secondsSince2000: 0)))
        #expect(
            BridgeMessage.parse(frame("m|27168|10688"))
                == .message(.memory(free: 27168, allocated: 10688)))
    }

    @Test(arguments: ["zz|arg1|2", "init|net|word", "", "|", "p|a|b|0"])
    func unknownRepeatsTheOffendingStringWithItsSeparators(offending: String) throws {
        let text = "t|6|Expected init, got: |\(offending)"
        let message = BridgeMessage.unknown(
            text: bytes("Expected init, got: "), offending: frame(offending))
        #expect(BridgeMessage.parse(frame(text)) == .message(message))
        #expect(message.status == .unknown)
        #expect(drawing(try message.write(dialect: .reference)) == text)
    }

    @Test func aStatusOfEachNumberIsReadButThoseOfTheHost() {
        for status in Status.allCases where status != .unknown {
            let outcome = BridgeMessage.parse(frame("t|\(status.rawValue)"))
            if status.isHostLocal {
                #expect(outcome.malformation?.reason == .hostLocalStatus)
                #expect(outcome.malformation?.offset == 2)
            } else {
                #expect(outcome == .message(.status(status)))
            }
        }
    }
}

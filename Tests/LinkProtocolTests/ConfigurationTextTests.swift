import LinkProtocol
import Signals
import Testing

/// Lines `name=value`.
@Suite struct ConfigurationTextTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func isOneLineAValue() {
        var writer = ConfigurationWriter()
        writer.add("a", number: -15)
        writer.add("b", flag: true)
        writer.add("c", bytes: Array("x y%,=é".utf8))
        writer.add("d", words: ["one", "two"])
        writer.add("e", words: [])
        writer.add("f", time: .milliseconds(1))
        #expect(
            text(writer.text)
                == "a=-15\nb=true\nc=x%20y%25,=%C3%A9\nd=one,two\ne=\nf=1000000\n")
    }

    @Test(arguments: [0, 1, -1, .min, .max] as [Int64])
    func numbersReadBack(number: Int64) throws {
        var writer = ConfigurationWriter()
        writer.add("n", number: number)
        var reader = try ConfigurationReader(writer.text)
        #expect(try reader.number("n") == number)
        try reader.finish()
    }

    @Test func allBytesReadBack() throws {
        let all = (0...255).map { UInt8($0) }
        var writer = ConfigurationWriter()
        writer.add("n", bytes: all)
        var reader = try ConfigurationReader(writer.text)
        #expect(try reader.bytes("n") == all)
    }

    @Test func allRulesReadBack() throws {
        let rules = ReferenceRules(.reference)
        var writer = ConfigurationWriter()
        writer.add("rules", rules: rules)
        var reader = try ConfigurationReader(writer.text)
        #expect(try reader.rules("rules") == rules)
    }

    @Test func wordsAreGivenByTheirPlaces() throws {
        var reader = try ConfigurationReader(Array("w=c,a\nv=b\nu=\n".utf8))
        #expect(try reader.words("w", among: ["a", "b", "c"]) == [2, 0])
        #expect(try reader.word("v", among: ["a", "b", "c"]) == 1)
        #expect(try reader.words("u", among: ["a"]) == [])
        #expect(try reader.words("x", among: ["a"]) == nil)
    }

    @Test func linesComeInAnyOrderAmongEmptyOnesAndComments() throws {
        var reader = try ConfigurationReader(Array("# why\n\nb=2\na=1".utf8))
        #expect(try reader.number("a") == 1)
        #expect(try reader.number("b") == 2)
        #expect(try reader.number("c") == nil)
        try reader.finish()
    }

    @Test func aLinkReadsBack() throws {
        var link = LinkConfiguration()
        link.characterSize = .eight
        link.watchdogTimeout = Nanoseconds(1)
        link.resetPulse = Nanoseconds(2)
        link.settling = Nanoseconds(3)
        link.settlingMax = Nanoseconds(4)
        link.idlePause = Nanoseconds(5)
        link.queueLimits = FrameQueue.Limits(frameCountMax: 6, characterCountMax: 7)
        link.frameLengthMax = 8
        var writer = ConfigurationWriter()
        writer.add(link: link)
        var reader = try ConfigurationReader(writer.text)
        #expect(try reader.link() == link)
        try reader.finish()
    }

    @Test(arguments: [
        ("a", ConfigurationFault.Reason.noName), ("=1", .noName), ("n=1\nn=2", .repeatedName),
        ("n=", .notANumber), ("n=-", .notANumber), ("n=1x", .notANumber),
        ("n=9223372036854775808", .notANumber), ("n=-9223372036854775809", .notANumber),
        ("n=8", .outOfRange), ("m=1", .unknownName),
    ])
    func whatIsWrongIsToldWithItsLine(text: String, reason: ConfigurationFault.Reason) {
        let line = text.contains("\n") ? 2 : 1
        #expect(throws: ConfigurationFault(line: line, reason: reason)) {
            var reader = try ConfigurationReader(Array(text.utf8))
            _ = try reader.number("n", in: 0...7)
            try reader.finish()
        }
    }

    @Test(arguments: ["%", "%4", "%41", "%zz", "%ff", " ", "é"])
    func bytesHaveOneSpelling(value: String) {
        #expect(throws: ConfigurationFault(line: 1, reason: .notAnEscape)) {
            var reader = try ConfigurationReader(Array("n=\(value)".utf8))
            _ = try reader.bytes("n")
        }
    }

    @Test func theNumberOfLinesHasABound() throws {
        let lines = (0..<ConfigurationReader.linesMax).map { "n\($0)=1\n" }.joined()
        _ = try ConfigurationReader(Array(lines.utf8))
        #expect(
            throws: ConfigurationFault(
                line: ConfigurationReader.linesMax + 1, reason: .tooManyLines)
        ) {
            try ConfigurationReader(Array((lines + "n=1\n").utf8))
        }
    }
}

import LinkProtocol
import Testing

@Suite struct FieldsTests {
    @Test(arguments: [
        ("", [""]),
        ("i", ["i"]),
        ("s|a/b|1", ["s", "a/b", "1"]),
        ("|", ["", ""]),
        ("p||", ["p", "", ""]),
        ("||x", ["", "", "x"]),
    ])
    func separatorsStandBetweenFields(text: String, expected: [String]) {
        let fields = Fields(frame(text))
        #expect(fields.count == expected.count)
        #expect(fields.map { drawing(Array($0)) } == expected)
        for index in expected.indices {
            #expect(Array(fields[index]) == bytes(expected[index]))
        }
    }

    @Test func offsetsCountFromTheFirstByteOfTheFrame() {
        let fields = Fields(frame("u|topic||True"))
        #expect((0..<4).map { fields.offset(of: $0) } == [0, 2, 8, 9])
    }

    @Test func aPartOfAFrameHasOffsetsOfItsOwn() {
        let whole = frame("t|6|text|zz|arg")
        let part = Fields(whole[9...])
        #expect(part.map { drawing(Array($0)) } == ["zz", "arg"])
        #expect(part.offset(of: 1) == 3)
    }

    @Test func fieldsBeyondTheLastAreEmptyAndLieAtTheEnd() {
        let fields = Fields(frame("m|1"))
        #expect(fields[2].isEmpty)
        #expect(fields.offset(of: 2) == 3)
        #expect(fields[99].isEmpty)
        #expect(fields[-1].isEmpty)
    }
}

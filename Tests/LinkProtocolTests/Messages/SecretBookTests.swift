import LinkProtocol
import Signals
import Testing

@Suite struct SecretBookTests {
    private func book(_ text: String, from end: LinkEnd = .host) -> SecretBook {
        var book = SecretBook()
        book.learn(from: frame(text), sentBy: end)
        return book
    }

    private let initialise = "init|net|pw|host|me|hush-hush|{}|1|0|1|1|60|0|1|4|10|0|t"

    @Test func theSecretsOfAnInitAreLearned() {
        #expect(book(initialise).values == [bytes("pw"), bytes("hush-hush")])
        #expect(book("t|6|text|\(initialise)", from: .bridge).values.count == 2)
        #expect(book("init|net|pw|host", from: .host).values == [bytes("pw")])
    }

    /// The zero between the two strings was lost.
    @Test(arguments: ["ok", "1", "p|topic|message|1|0", "u|a|"])
    func theSecretsOfAnInitBehindAnotherStringAreLearned(before: String) {
        #expect(book(before + initialise).values.count == 2)
        #expect(book("t|6|text|\(before)\(initialise)", from: .bridge).values.count == 2)
    }

    @Test(arguments: [
        "init|net|pass", "init|net|a|b|c|d|e|f|g", "p|init|pw|0|1", "zz|a|b|c|d", "", "t|5",
        "okinit|net|pass|host", "zz|init|net|pass|host|", "p|init|init|net|pw|host",
    ])
    func nothingIsLearnedFromABeginningOrAWreck(text: String) {
        #expect(book(text).values.isEmpty)
        #expect(book(text, from: .bridge).values.isEmpty)
    }

    @Test(arguments: [
        // Four bytes or more: anywhere in a text.
        ("p|log|it is hush-hush!|0|1", "p|log|it is *********!|0|1"),
        ("p|hush-hush/x|a|0|1", "p|*********/x|a|0|1"),
        // Fewer: whole fields only.
        ("p|log|pw|0|1", "p|log|**|0|1"),
        ("p|log|pwd|0|1", "p|log|pwd|0|1"),
        ("s|pw|1", "s|**|1"),
        // What cannot be read is searched as a whole.
        ("zz|xpwx", "zz|x**x"),
        ("pwzz|x", "**zz|x"),
        ("p|a|the pw", "p|a|the **"),
        (
            "init|pw|pw|host|me|hush-hush|{}|1|0|1|1|60|0|1|4|10|0|hush-hush",
            "init|**|**|host|me|*********|{}|1|0|1|1|60|0|1|4|10|0|*********"
        ),
    ])
    func learnedValuesAreFoundInAHostsFrames(text: String, expected: String) {
        #expect(drawing(book(initialise).mask(frame(text), from: .host)) == expected)
    }

    @Test(arguments: [
        ("u|a|hush-hush|True", "u|a|*********|True"),
        ("u|a|pw|True", "u|a|**|True"),
        ("t|6|pw|zz|apw", "t|6|**|zz|a**"),
        ("t|6|text|p|apw|b|0|1", "t|6|text|p|apw|b|0|1"),
        ("gpwg", "g**g"),
        ("t|5", "t|5"),
    ])
    func learnedValuesAreFoundInABridgesFrames(text: String, expected: String) {
        #expect(drawing(book(initialise).mask(frame(text), from: .bridge)) == expected)
    }

    @Test func aPasswordThatIsADigitHidesNoNumbersOfAMessage() {
        let book = book("init|net|1|host|me||{}|1|0|1|1|60|0|1|4|10|0|t")
        #expect(drawing(book.mask(frame("p|a|1|1|1"), from: .host)) == "p|a|*|1|1")
        #expect(drawing(book.mask(frame("t|1"), from: .bridge)) == "t|1")
        #expect(drawing(book.mask(frame("i|111"), from: .bridge)) == "i|111")
    }

    @Test func overlappingOccurrencesAreOneRange() {
        var book = SecretBook()
        book.learn(bytes("abab"))
        #expect(book.ranges(in: frame("p|t|ababab|0|0"), from: .host) == [4..<10])
    }

    @Test func theOldestValueIsForgottenForOneTooMany() {
        var book = SecretBook()
        for number in 0...SecretBook.valuesMax { book.learn(bytes("value \(number)")) }
        book.learn(bytes("value 5"))
        #expect(book.values.count == SecretBook.valuesMax)
        #expect(book.values.first == bytes("value 1"))
        #expect(book.forgottenCount == 1)
    }

    @Test func ofALongValueTheBeginningFindsTheRest() {
        var book = SecretBook()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: SecretBook.valueLengthMax + 50)
        book.learn(long)
        #expect(book.values.first?.count == SecretBook.valueLengthMax)
        let masked = book.mask(frame("p|t|") + long + frame("|0|0"), from: .host)
        #expect(masked.filter { $0 == UInt8(ascii: "*") }.count == long.count)
        #expect(masked.suffix(4) == frame("|0|0")[...])
    }

    @Test func noSecretSurvivesInAnyPrefixOrDamageOfAnInit() {
        // Every cut, and every single character replaced: the password is never readable whole.
        let text = frame("init|net|Tr0ub4dor|host|me|c0rrect-h0rse|{}|1|0|1|1|60|0|1|4|10|0|t")
        let password = 9..<18
        for length in text.indices {
            let masked = Secrets.mask(Array(text[..<length]), from: .host)
            let isMasked = password.allSatisfy { $0 >= length || masked[$0] == 42 }
            #expect(isMasked, "cut to \(length) bytes")
        }
        for place in text.indices where !password.contains(place) {
            for value in [UInt8](1...127) {
                var damaged = text
                damaged[place] = value
                let masked = Secrets.mask(damaged, from: .host)
                let isMasked = password.allSatisfy { masked[$0] == 42 }
                if !isMasked { Issue.record("byte \(place) is \(value)") }
            }
        }
    }
}

import LinkProtocol
import Signals
import Testing

@Suite struct SecretsTests {
    @Test(arguments: [
        (
            "init|testnet|pw|127.0.0.1|||{}|1|18831|0|1|60|0|1|4|10|0|pool.ntp.org",
            "init|testnet|**|127.0.0.1|||{}|1|18831|0|1|60|0|1|4|10|0|pool.ntp.org"
        ),
        (
            "init|net|word|host|me|hush|{'k': 'v'}|1|0|1|1|60|0|1|4|10|0|t|resume",
            "init|net|****|host|me|****|**********|1|0|1|1|60|0|1|4|10|0|t|resume"
        ),
        // Cut short: the fields that are there are where they belong.
        ("init|net|wo", "init|net|**"),
        ("init|net|word|host|me|hu", "init|net|****|host|me|**"),
        ("init|net|word|host|me|hush|{'k", "init|net|****|host|me|****|***"),
        ("init|net|word|host|me|hush|{}|", "init|net|****|host|me|****|{}|"),
        ("init|net", "init|net"),
        ("init", "init"),
        // A separator was lost between the network and its password: nothing can be trusted.
        (
            "init|netpw|host|me|hush|{}|1|0|0|1|60|0|1|4|10|0|t",
            "init|*****|****|**|****|**|*|*|*|*|**|*|*|*|**|*|*"
        ),
        ("w|topic|message|True|1", "w|topic|message|True|1"),
        ("p|init|a|0|1", "p|init|a|0|1"),
        ("zz|arg1|2", "zz|arg1|2"),
        ("zz|a|bc|d", "zz|*|**|*"),
        ("inip|net|word", "inip|***|****"),
        ("nit|net|word", "nit|***|****"),
        // The start of a long string is lost: its first field can be the end of a password.
        ("ord|host|me|hush|{}|1", "***|****|**|****|**|*"),
        ("zz|init|net|word", "zz|****|***|****"),
        // The zero between two strings was lost.
        (
            "okinit|net|word|host|me|hush|{}|1|0|1|1|60|0|1|4|10|0|t",
            "******|***|****|****|**|****|**|*|*|*|*|**|*|*|*|**|*|*"
        ),
        ("okinit|net|word", "okinit|***|****"),
        ("okinit|net|wo", "okinit|***|**"),
        ("1init|net|word", "1init|***|****"),
        ("s|cmd|1init|net|word", "s|cmd|1init|net|****"),
        ("p|a|binit|net|word", "p|a|binit|net|****"),
        ("p|a|b|1|0init|net|word", "*|*|*|*|*****|***|****"),
        ("okinit", "okinit"),
        // A character of the command became a separator.
        ("i|it|net|word|host", "i|**|***|****|****"),
        ("i|it|net", "i|it|net"),
        ("p|a|b|c|d", "p|a|b|c|d"),
        // What nobody types was read wrongly, and its bits can be those of a password.
        ("zz|a\u{1}b", "**|***"),
        ("zz|\u{1b}[0m|b", "**|****|*"),
        ("zz|tab\tand\r\n|é€😀", "zz|tab\tand\r\n|é€😀"),
        ("p|a|\u{2}|x|1", "*|*|*|*|*"),
        ("p|a|\u{2}|True|1", "p|a|\u{2}|True|1"),
        ("p|a|b|c|d|e", "*|*|*|*|*|*"),
    ])
    func aHostsSecretsAreMasked(text: String, expected: String) {
        #expect(drawing(Secrets.mask(frame(text), from: .host)) == expected)
    }

    @Test(arguments: [
        ("t|5", "t|5"),
        ("t|6|Unknown command:|zz|arg1|2", "t|6|Unknown command:|zz|arg1|2"),
        (
            "t|6|Unknown command:|init|testnet|pw|127.0.0.1|||{}|1|18831|0|1|60|0|1|4|10|0|t",
            "t|6|Unknown command:|init|testnet|**|127.0.0.1|||{}|1|18831|0|1|60|0|1|4|10|0|t"
        ),
        ("t|6|text|init|net|wor", "t|6|text|init|net|***"),
        ("t|6|text|zz|a|b|c", "t|6|text|zz|*|*|*"),
        ("t|x|init|net|word", "t|x|init|net|****"),
        ("t|x|text|init|net|word|h", "*|*|****|****|***|****|*"),
        (
            "t|6|text|okinit|net|word|host|me|hush|{}|1|0|1|1|60|0|1|4|10|0|t",
            "t|6|text|******|***|****|****|**|****|**|*|*|*|*|**|*|*|*|**|*|*"
        ),
        ("t|6|text|okinit|net|word", "t|6|text|okinit|***|****"),
        ("t|6|text|s|cmd|1init|net|word", "t|6|text|s|cmd|1init|net|****"),
        ("u|a|b|Falset|6|text|okinit|net|word", "u|a|b|Falset|6|text|okinit|net|****"),
        ("t|4t|6|text|okinit|net|word", "*|**|*|****|******|***|****"),
        ("u|topic|a message|True", "u|topic|a message|True"),
        ("u|a|b|c|d|e|f", "u|a|b|c|d|e|f"),
        ("?|a|bc|d", "?|*|**|*"),
        ("?|a|b", "?|a|b"),
    ])
    func aBridgesRepetitionsAreMasked(text: String, expected: String) {
        #expect(drawing(Secrets.mask(frame(text), from: .bridge)) == expected)
    }

    @Test(arguments: [
        [0x66, 0xe9], [0x66, 0xc3], [0xc3, 0x66], [0x80], [0xe2, 0x82], [0xff], [0x66, 0xc1, 0xbf],
    ])
    func whatIsNoTextIsMaskedAltogether(frame: [UInt8]) {
        let masked = [UInt8](repeating: Secrets.maskCharacter, count: frame.count)
        #expect(Secrets.mask(frame, from: .host) == masked)
    }

    @Test func rangesAreInOrderAndHoldNoSeparator() {
        let text = frame("init|net|word|host|me|hush|{'k': 'v'}|1|0|1|1|60|0|1|4|10|0|t")
        #expect(Secrets.ranges(in: text, from: .host) == [9..<13, 22..<26, 27..<37])
        #expect(Secrets.ranges(in: frame("zz|ab||c"), from: .host) == [3..<5, 7..<8])
    }

    @Test func rangesBeyondTheFrameAreIgnored() {
        #expect(drawing(Secrets.mask([-3..<1, 2..<99, 50..<60], of: bytes("abcd"))) == "*b**")
    }
}

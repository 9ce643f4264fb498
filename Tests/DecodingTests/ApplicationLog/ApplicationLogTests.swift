import Signals
import Testing

@testable import Decoding

/// Logs as applications write them, and as nobody should.
@Suite struct ApplicationLogTests {
    private func read(_ text: String) throws -> ApplicationLog { try read(Array(text.utf8)) }

    private func read(_ bytes: [UInt8]) throws -> ApplicationLog {
        var log = ApplicationLog()
        try log.read(bytes)
        try log.finish()
        return log
    }

    private func faultFound(_ text: String) -> ApplicationLogFault? { faultFound(Array(text.utf8)) }

    private func faultFound(_ bytes: [UInt8]) -> ApplicationLogFault? {
        do {
            _ = try read(bytes)
            return nil
        } catch {
            return error as? ApplicationLogFault
        }
    }

    private func payloads(_ log: ApplicationLog) -> [String] {
        log.sorted.map { String(decoding: $0.object.bytes, as: UTF8.self) }
    }

    @Test(
        arguments: [
            "{\"t\": 1, \"ev\": \"a\"}\n{\"t\": 2.5, \"ev\": \"b\"}\n",
            "{\"t\": 1, \"ev\": \"a\"}\r\n\r\n{\"t\": 2.5, \"ev\": \"b\"}",
            "[{\"t\": 1, \"ev\": \"a\"},\n {\"t\": 2.5, \"ev\": \"b\"}]",
            "\u{feff}[\n{\n\"t\": 1,\n\"ev\": \"a\"\n}, {\"ev\": \"b\", \"t\": 25e-1}\n]\n",
            "{\"time_ns\":1000000000,\"ev\":\"a\"}{\"t\":9,\"time_ns\":25e8,\"ev\":\"b\"}",
        ])
    func linesAndArraysAreRead(text: String) throws {
        let log = try read(text)
        #expect(log.entries.map(\.time.nanoseconds) == [1_000_000_000, 2_500_000_000])
        #expect(payloads(log) == [#"{"ev":"a"}"#, #"{"ev":"b"}"#])
        #expect(log.disorderCount == 0)
    }

    @Test(arguments: ["", "\n \n", "[]", " [ ] \n"])
    func aLogCanBeEmpty(text: String) throws {
        #expect(try read(text).entries.isEmpty)
    }

    @Test func membersKeepTheirOrderAndNumbersTheirSpelling() throws {
        let text =
            #"{"z": 1.50, "t": 1, "a": [1e400, -0, {"b": null, "b": "é\u00e9\ud83d\ude00\/"}], "z": true}"#
        #expect(
            payloads(try read(text))
                == [#"{"z":1.50,"a":[1e400,-0,{"b":null,"b":"éé😀/"}],"z":true}"#])
    }

    @Test func whatIsWrittenIsReadAsTheSame() throws {
        let text = #"{"t":1,"m":"\u0000\u001f\u007f\"\\\n\r\t\b\f \ud800 \udcff"}"#
        let first = try read(text).entries[0].object
        #expect(try JSONNode(parsing: first.bytes) == first)
        #expect(first.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
        #expect(first["m"]?.text?.hasSuffix("\u{fffd} \u{fffd}") == true)
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1", 1_000_000_000), ("-1.5", -1_500_000_000),
            ("0.0000000005", 1), ("0.00000000049", 0), ("-0.0000000005", -1),
            ("2.985028", 2_985_028_000), ("1E3", 1_000_000_000_000), ("1.5e-9", 2),
            ("0e999999999999999999", 0), ("1e-999999999999999999", 0),
            ("0.1234567891234567891234567", 123_456_789),
            ("2305843009.213693952", 1 << 61), ("-2305843009.213693952", -(1 << 61)),
        ] as [(String, Int64)])
    func secondsBecomeNanosecondsExactly(spelling: String, nanoseconds: Int64) throws {
        #expect(
            try read("{\"t\":\(spelling)}").entries.map(\.time.nanoseconds) == [nanoseconds])
    }

    @Test(
        arguments: [
            "1e400", "-1e400", "1e999999999999999999999", "2305843009.213693953",
            "99999999999999999999999999",
        ])
    func timesBeyondAllCapturesAreRefused(spelling: String) {
        #expect(
            faultFound("{\"t\":\(spelling)}")
                == .init(line: 1, reason: .timeOutOfRange(member: "t", spelling: spelling)))
        #expect(
            faultFound("{\"time_ns\":1e30}")
                == .init(line: 1, reason: .timeOutOfRange(member: "time_ns", spelling: "1e30")))
    }

    @Test(
        arguments: [
            ("{\"t\":1}\n{\"ev\":\"x\"}", 2, "no time"),
            ("{\"t\":\"1\"}", 1, "t is no number: \"1\""),
            ("{\"t\":null}", 1, "t is no number: null"), ("{\"t\":1}\n5\n", 2, "5 is where"),
            ("{\"t\":1}\n\"x\"", 2, "\" is where"), ("[{\"t\":1},\n]", 2, "] is where"),
            ("[{\"t\":1} {\"t\":2}]", 1, "{ is where"), ("{\"t\":1},", 1, ", is where"),
            ("[{\"t\":1}]\n[", 2, "[ is where"), ("{\"t\":1}\n{\"t\":2", 2, "ends before"),
            ("\n[{\"t\":1}\n", 2, "ends before"), ("[{\"t\":1},", 1, "ends before"),
            ("{\"t\":1,\"m\":\"cut\n{\"t\":2}\n", 1, "not closed"), ("nonsense", 1, "n is where"),
            ("{\"t\":1,\n\"a\":tru}", 2, "a value begins with t"),
            ("{\"t\":1,}", 1, "a name begins with }"), ("{\"t\":1]", 1, "comma or }"),
            ("{\"t\":01}", 1, "needless 0"), ("{\"t\":1.}", 1, "a digit"),
            ("{\"t\":-}", 1, "a digit"),
            ("{\"t\":1e}", 1, "a digit"), ("{\"t\":+1}", 1, "a value begins with +"),
            ("{\"t\":NaN}", 1, "a value begins with N"),
            ("{\"t\":1,\"a\":\"\\x\"}", 1, "no escape"),
            ("{\"t\":1,\"a\":\"\\u12g4\"}", 1, "four hexadecimal"), ("{\"a\" 1}", 1, "colon"),
            ("{\"t\":1,\"a\":\"\t\"}", 1, "control character"), ("\u{0}", 1, "byte 0x0 is"),
        ] as [(String, Int, String)])
    func whatIsWrongIsToldWithItsLine(text: String, line: Int, what: String) throws {
        let fault = try #require(faultFound(text))
        #expect(fault.line == line)
        #expect(fault.description.contains(what), "\(fault)")
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let bytes = Array("{\"t\":1}\n{\"t\":2,\"m\":\"".utf8) + [0xff, 0xc3] + Array("\"}".utf8)
        let fault = try #require(faultFound(bytes))
        #expect(fault.line == 2)
        #expect(fault.description.contains("no UTF-8"))
    }

    @Test func nestingAndLengthAreBounded() throws {
        let depth = 31
        func nested(_ depth: Int) -> String {
            "{\"t\":1,\"a\":" + String(repeating: "[", count: depth)
                + String(repeating: "]", count: depth) + "}"
        }
        #expect(try read(nested(depth)).entries.count == 1)
        #expect(faultFound(nested(depth + 1))?.description.contains("deeper than 32") == true)
        #expect(faultFound(nested(100_000))?.line == 1)
        let long =
            "{\"t\":1,\"a\":\"" + String(repeating: "x", count: ApplicationLog.objectBytesMax)
        #expect(faultFound(long) == .init(line: 1, reason: .tooLong))
    }

    @Test func entriesAreSortedAndEqualTimesKeepTheirOrder() throws {
        let log = try read(#"{"t":3,"n":1}{"t":1,"n":2}{"t":3,"n":3}{"t":-1,"n":4}{"t":1,"n":5}"#)
        #expect(log.disorderCount == 2)
        #expect(
            payloads(log)
                == [#"{"n":4}"#, #"{"n":2}"#, #"{"n":5}"#, #"{"n":1}"#, #"{"n":3}"#])
    }

    /// Cut anywhere, a log is read or refused, and what was read before is the same.
    @Test func aLogCutAnywhereNeverTraps() throws {
        let text = Array(
            #"[{"t":1,"ev":"call","args":["a\u00e9\\",2.5e3,{}]},{"t":2,"x":[true,null]}]"#.utf8)
        for end in text.indices {
            var log = ApplicationLog()
            try log.read(text[..<end])
            guard end > 0 else { continue }
            #expect(throws: ApplicationLogFault.self) { try log.finish() }
        }
        for place in text.indices {
            for byte: UInt8 in [0, 0x22, 0x5c, 0x7b, 0x7d, 0xff] {
                var damaged = text
                damaged[place] = byte
                _ = faultFound(damaged)
            }
        }
    }
}

import LinkProtocol
import Testing

@Suite struct DictionaryLiteralTests {
    private func members(_ literal: String) throws -> [String: DictionaryLiteral.Value] {
        let members = try DictionaryLiteral(Array(literal.utf8)).members
        return Dictionary(
            uniqueKeysWithValues: members.map {
                (String(decoding: $0.key, as: UTF8.self), $0.value)
            })
    }

    private func refusal(_ literal: String) -> DictionaryLiteral.Refusal? {
        do throws(DictionaryLiteral.Refusal) {
            _ = try DictionaryLiteral(Array(literal.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["{}", " { } ", "{\n}\t"])
    func nothing(literal: String) throws { #expect(try members(literal).isEmpty) }

    @Test func theParametersOfTLS() throws {
        let literal =
            "{'keyfile': '/key.der', \"certfile\":'/cert.der' , 'cert_reqs':2,'ca':b'\\x00\\xff',"
            + "'server_hostname':'broker.example', 'other': None, 'on':True, 'off' :False, 'n':-7,}"
        #expect(
            try members(literal) == [
                "keyfile": .text(Array("/key.der".utf8)),
                "certfile": .text(Array("/cert.der".utf8)),
                "cert_reqs": .number(2), "ca": .bytes([0, 0xff]),
                "server_hostname": .text(Array("broker.example".utf8)),
                "other": .none, "on": .flag(true), "off": .flag(false), "n": .number(-7),
            ])
    }

    @Test func escapes() throws {
        #expect(
            try members(#"{'a': 'x\n\t\r\\\'\"\x41\xe9\u20ac', 'b': b"\"\xe9"}"#) == [
                "a": .text(Array("x\n\t\r\\'\"Aé€".utf8)), "b": .bytes([0x22, 0xe9]),
            ])
    }

    @Test func textInUTF8() throws {
        #expect(try members("{'ä': 'ö'}") == ["ä": .text(Array("ö".utf8))])
    }

    @Test func theEndsOfTheNumbers() throws {
        #expect(
            try members("{'a':9223372036854775807,'b':-9223372036854775808,'c':+0}") == [
                "a": .number(.max), "b": .number(.min), "c": .number(0),
            ])
        #expect(refusal("{'a':9223372036854775808}") == .init(offset: 5, reason: .outOfRange))
        #expect(refusal("{'a':-9223372036854775809}") == .init(offset: 5, reason: .outOfRange))
    }

    @Test(
        arguments: [
            ("", 0, .noBraces), ("{", 1, .noKey), ("[]", 0, .noBraces), ("{}x", 2, .noBraces),
            ("{'a':1", 6, .noBraces), ("{a:1}", 1, .noKey), ("{1:1}", 1, .noKey),
            ("{'a' 1}", 5, .noSeparator), ("{'a':1 'b':2}", 7, .noSeparator),
            ("{'a':1,'a':2}", 7, .repeatedKey), ("{,}", 1, .noKey), ("{'a':1,,}", 7, .noKey),
            ("{'a':}", 5, .noConstant), ("{'a':open('/etc')}", 5, .noConstant),
            ("{'a':[1]}", 5, .noConstant), ("{'a':{}}", 5, .noConstant),
            ("{'a':01}", 5, .noConstant),
            ("{'a':1.5}", 6, .noSeparator), ("{'a':1+1}", 6, .noSeparator),
            ("{'a':-}", 5, .noConstant), ("{'a':Nonesuch}", 9, .noSeparator),
            ("{'a':'b' 'c'}", 9, .noSeparator), ("{'a':'b", 7, .malformedText),
            ("{'a':'b\nc'}", 7, .malformedText), (#"{'a':'\q'}"#, 6, .malformedText),
            (#"{'a':'\x4'}"#, 6, .malformedText), (#"{'a':'\ud800'}"#, 6, .malformedText),
            (#"{'a':b'\u0041'}"#, 7, .malformedText), ("{'a':b'é'}", 7, .malformedText),
            ("{'a':'\\", 7, .malformedText),
        ] as [(String, Int, DictionaryLiteral.Reason)])
    func refusals(literal: String, offset: Int, reason: DictionaryLiteral.Reason) {
        #expect(refusal(literal) == .init(offset: offset, reason: reason))
    }

    @Test func tooManyMembersAreRefused() {
        func literal(_ count: Int) -> String {
            "{" + (0..<count).map { "'\($0)':0" }.joined(separator: ",") + "}"
        }
        #expect(refusal(literal(DictionaryLiteral.membersMax)) == nil)
        #expect(refusal(literal(DictionaryLiteral.membersMax + 1))?.reason == .tooMany)
    }
}

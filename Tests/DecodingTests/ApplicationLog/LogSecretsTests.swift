import LinkProtocol
import Testing

@testable import Decoding

@Suite struct LogSecretsTests {
    private func masked(_ text: String, knowing values: [String] = []) throws -> String {
        var book = SecretBook()
        for value in values { book.learn(Array(value.utf8)) }
        let entry = try JSONNode(parsing: Array(text.utf8))
        let masked = book.mask(entry)
        #expect(try JSONNode(parsing: masked.bytes) == masked)
        return String(decoding: masked.bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            (#"{"password":"hunter2"}"#, #"{"password":"*******"}"#),
            (#"{"a":{"MQTT_PW":"é\""}}"#, #"{"a":{"MQTT_PW":"****"}}"#),
            (#"{"pin_secret":13579,"n":1}"#, #"{"pin_secret":"***","n":1}"#),
            (#"{"token":7}"#, #"{"token":0}"#),
            (
                #"{"sent":["init","net","hunter2","b","u","pw2","{}"]}"#,
                #"{"sent":["init","net","*******","b","u","***","{}"]}"#
            ),
            (#"{"msg":"{\"password\":\"x1\"}"}"#, #"{"msg":"{\"password\":\"**\"}"}"#),
            (
                #"{"frame":"init\u007fnet\u007fhunter2\u007fbroker"}"#,
                #"{"frame":"init\u007fnet\u007f*******\u007fbroker"}"#
            ),
            (#"{"msg":"a\nb","topic":"t"}"#, #"{"msg":"a\nb","topic":"t"}"#),
        ])
    func whatAnEntrySaysIsSecretIsMasked(text: String, expected: String) throws {
        #expect(try masked(text) == expected)
    }

    @Test func whatTheWiresShowToBeSecretIsMaskedEverywhere() throws {
        #expect(
            try masked(
                #"{"m":"my hunter2 and hunter2","pw":"pw","n":123456,"hunter2":1,"short":"pw x"}"#,
                knowing: ["hunter2", "pw", "123456"])
                == #"{"m":"my ******* and *******","pw":"**","n":"******","*******":1,"short":"pw x"}"#
        )
    }

    @Test func aSecretWithAQuotationMarkIsFoundInItsEscapedForm() throws {
        #expect(
            try masked(#"{"m":"say pa\"ss\\wd!"}"#, knowing: ["pa\"ss\\wd"])
                == #"{"m":"say ********!"}"#)
    }
}

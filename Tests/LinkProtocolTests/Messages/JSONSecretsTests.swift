import LinkProtocol
import Signals
import Testing

@Suite struct JSONSecretsTests {
    @Test(arguments: [
        (#"{"password": "hush", "a": "b"}"#, #"{"password": "****", "a": "b"}"#),
        (#"  { "Wifi_PassWord" :"hush"}"#, #"  { "Wifi_PassWord" :"****"}"#),
        (#"{"pin_secret":-12.5e3,"token":1}"#, #"{"pin_secret":*******,"token":*}"#),
        (#"{"passwd":"a","my_passphrase":"bc"}"#, #"{"passwd":"*","my_passphrase":"**"}"#),
        (
            #"{"pw":"a","PWD":"b","psk":"c","Key":"d"}"#,
            #"{"pw":"*","PWD":"*","psk":"*","Key":"*"}"#
        ),
        (#"{"mqtt_pw":"a","ssl_params":"b"}"#, #"{"mqtt_pw":"*","ssl_params":"*"}"#),
        (#"{"password":null,"token":true}"#, #"{"password":null,"token":true}"#),
        (#"{"ssl_params":"{}","password":""}"#, #"{"ssl_params":"{}","password":""}"#),
        // Only these words are names of secrets as a whole.
        (#"{"keys":"a","pwm":"b","monkey":"c"}"#, #"{"keys":"a","pwm":"b","monkey":"c"}"#),
        // In a scrubbed copy a number can be made of other characters.
        (#"{"token":xxx,"a":-xx.5,"b":"c"}"#, #"{"token":***,"a":-xx.5,"b":"c"}"#),
        // The value is secret, not what says so.
        (#"["password", "hush"]"#, #"["password", "hush"]"#),
        (#"{"a":"password"}"#, #"{"a":"password"}"#),
        // Any depth, and all that is deeper.
        (#"[1,{"a":[{"psk":"hush"},"b"]}]"#, #"[1,{"a":[{"psk":"****"},"b"]}]"#),
        (
            #"{"ssl_params":{"a":"b","c":["de",4,true]},"f":"g"}"#,
            #"{"ssl_params":{"a":"*","c":["**",*,true]},"f":"g"}"#
        ),
        // Escapes neither hide a name nor the end of a value.
        (#"{"pass\u0077ord":"h\"u\\","a":"b"}"#, #"{"pass\u0077ord":"******","a":"b"}"#),
        // An `init` as an array.
        (
            #"["init","net","hush","host","me","word","{'k':1}",1,0]"#,
            #"["init","net","****","host","me","****","*******",1,0]"#
        ),
        (
            #"[7, ["init","net",1234,"host","",{"a":"b"},{"c":"d"},1]]"#,
            #"[7, ["init","net",****,"host","",{"a":"*"},{"c":"*"},1]]"#
        ),
        (#"["init","net","","host","","","{}",1]"#, #"["init","net","","host","","","{}",1]"#),
        (#"["Init","a","b"]"#, #"["Init","a","*"]"#),
        (#"["a","init","b","c"]"#, #"["a","init","b","c"]"#),
    ])
    func theSecretsOfJSONAreMasked(text: String, expected: String) {
        for end in LinkEnd.allCases {
            #expect(drawing(Secrets.mask(frame(text), from: end)) == expected)
        }
        let repeated = "t|6|Unknown command:|"
        #expect(drawing(Secrets.mask(frame(repeated + text), from: .bridge)) == repeated + expected)
    }

    @Test(arguments: [
        // Cut short: what is there is where it belongs.
        (#"{"a":"b","password":"hus"#, #"{"a":"b","password":"***"#),
        (#"{"a":"b","password":"hu\u00"#, #"{"a":"b","password":"******"#),
        (#"{"a":"b","token":12"#, #"{"a":"b","token":**"#),
        (#"{"a":"b","passwor"#, #"{"a":"b","passwor"#),
        (#"{"a":tr"#, #"{"a":tr"#),
        // From where it cannot be read all is secret.
        (#"{"a":"b""password":"c"}"#, #"{"a":"b"***************"#),
        (#"{"password:"hush","a":"b"}"#, #"{*************************"#),
        (#"{"a":"b\","password":"c"}"#, #"{"a":"b\","**************"#),
        (#"{"a":"b" c "d"}"#, #"{"a":"b" ******"#),
        (#"{'password': 'hush'}"#, #"{*******************"#),
        (#"["a":"b"]"#, #"["a"*****"#),
        (#"{"a":1} {"pw":"b"}"#, #"{"a":1} **********"#),
        (#"{"a":[1}]"#, #"{"a":[1**"#),
        (#"{"a":"\q"}"#, #"{"a":"****"#),
        ("{\"a\":\"b\nc\"}", "{\"a\":\"b****"),
        (#"{"a":truth}"#, #"{"a":******"#),
        (#"{"a":,"b":1}"#, #"{"a":*******"#),
        // The begin is lost.
        (#"word": "hush"}"#, #"**************"#),
        ("nothing]", "nothing]"),
        // Separators stay.
        (#"{"password":"a|b"}"#, #"{"password":"*|*"}"#),
        (#"{"a"|"b":1}"#, #"{***|******"#),
        // What looks like a key can be a value, and elements of an `init` can be out of place.
        (#"{"a":{"b", 2]"#, #"{"a":{*******"#),
        (#"["init",["net","hush"]]"#, #"["init",["***","****"]]"#),
    ])
    func inDoubtAllIsMasked(text: String, expected: String) {
        #expect(drawing(Secrets.mask(frame(text), from: .host)) == expected)
    }

    @Test func nestingBeyondTheBoundIsMasked() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "7" + String(repeating: "]", count: depth)
        }
        #expect(Secrets.ranges(in: frame(nested(32)), from: .host) == [])
        #expect(Secrets.ranges(in: frame(nested(33)), from: .host) == [32..<67])
        #expect(Secrets.ranges(in: frame(nested(5_000)), from: .host) == [32..<10_001])
    }

    @Test func valuesAreLearnedFromEitherEnd() {
        let text = #"{"password":"hush","pin_secret":1234,"psk":"ab","key":7,"a":"b"}"#
        let expected = [bytes("hush"), bytes("1234"), bytes("ab")]
        for (before, end) in [("", LinkEnd.host), ("", .bridge), ("t|6|text|", .bridge)] {
            var book = SecretBook()
            book.learn(from: frame(before + text), sentBy: end)
            #expect(book.values == expected, "a number of few digits is everywhere")
        }
        for wreck in [String(text.dropLast()), text + "x", "p|a|\(text)|1|0"] {
            var book = SecretBook()
            book.learn(from: frame(wreck), sentBy: .host)
            #expect(book.values.isEmpty)
        }
    }

    @Test(arguments: [
        (
            #"{"a":"it is hush","b":["ab",1234,"xab"]}"#,
            #"{"a":"it is ****","b":["**",****,"xab"]}"#
        ),
        (#"{"hush":"b","ab":"hushhush"}"#, #"{"****":"b","ab":"********"}"#),
        (#"{"c":91234,"d":"1234"}"#, #"{"c":9****,"d":"****"}"#),
        // What is no JSON is searched as a whole.
        ("zz|xabx", "zz|x**x"),
        ("p|a|ab|1|0", "p|a|**|1|0"),
    ])
    func learnedValuesAreFoundAgain(text: String, expected: String) {
        var book = SecretBook()
        book.learn(
            from: frame(#"{"password":"hush","pin_secret":1234,"psk":"ab"}"#), sentBy: .bridge)
        #expect(drawing(book.mask(frame(text), from: .host)) == expected)
    }

    /// Every cut, and every single character of the structure replaced: the password is never
    /// readable whole. A name with another letter in it is another name.
    @Test func noPasswordSurvivesACutOrOneDamage() throws {
        let secret = frame("Tr0ub4dor")
        for text in [
            #"{"ssid": "net", "password": "Tr0ub4dor", "port": 1883}"#,
            #"["init", "net", "Tr0ub4dor", "host", "", "", "{}", 1]"#,
        ].map({ frame($0) }) {
            let password = try #require(text.ranges(of: secret).first)
            func isMasked(_ text: [UInt8]) -> Bool {
                let masked = Secrets.mask(text, from: .host)
                return password.allSatisfy { $0 >= text.count || masked[$0] == 42 }
            }
            for length in text.indices {
                #expect(isMasked(Array(text[..<length])), "cut to \(length) characters")
            }
            let names = (text.ranges(of: frame("password")) + text.ranges(of: frame("init")))
            for place in text.indices
            where !password.contains(place) && !names.contains(where: { $0.contains(place) }) {
                for value in [UInt8](1...127) {
                    var damaged = text
                    damaged[place] = value
                    if !isMasked(damaged) {
                        Issue.record("character \(place) is \(value): \(drawing(damaged))")
                    }
                }
            }
        }
    }
}

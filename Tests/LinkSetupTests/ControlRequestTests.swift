import HostProtocol
import LinkProtocol
import LinkSetup
import Signals
import Testing

struct ControlRequestTests {
    static let requests: [(line: String, operation: ControlRequest.Operation)] = [
        (
            #"{"op":"publish","id":1,"topic":"a","message":"b"}"#,
            .publish(
                topic: Array("a".utf8), message: Array("b".utf8), qos: .atMostOnce,
                isRetained: false)
        ),
        (
            #" {"retain":true,"qos":1,"message":"","topic":"\u00e4\n","id":1,"op":"publish"} "#,
            .publish(
                topic: Array("ä\n".utf8), message: [], qos: .atLeastOnce, isRetained: true)
        ),
        (
            #"{"op":"subscribe","id":1,"topic":"a/#","qos":1}"#,
            .subscribe(filter: Array("a/#".utf8), qos: .atLeastOnce)
        ),
        (
            #"{"op":"unsubscribe","id":1,"topic":"a/#"}"#, .unsubscribe(filter: Array("a/#".utf8))
        ),
        (#"{"op":"time","id":1}"#, .time(pause: .seconds(120), countsFrom2000: false)),
        (
            #"{"op":"time","id":1,"pause":0.5,"y2k":true}"#,
            .time(pause: .milliseconds(500), countsFrom2000: true)
        ),
        (#"{"op":"memory","id":1}"#, .memory),
        (
            #"{"op":"command","id":1,"fields":["x",""]}"#,
            .command(fields: [Array("x".utf8), []])
        ),
        (#"{"op":"ready","id":1}"#, .ready),
        (#"{"op":"restart","id":1}"#, .restart),
        (#"{"op":"answer","id":1,"answer":"proceed"}"#, .answer(.proceed)),
        (#"{"op":"answer","id":1,"answer":"reset"}"#, .answer(.reset)),
        (#"{"op":"quit","id":1}"#, .quit),
    ]

    @Test(arguments: requests)
    func aLineIsARequest(line: String, operation: ControlRequest.Operation) throws {
        let request = try ControlRequest(line: Array(line.utf8))
        #expect(request.operation == operation)
        #expect(request.id == 1)
    }

    @Test func everyOperationIsTried() {
        let tried = Set(Self.requests.map(\.operation.name))
        #expect(tried == Set(ControlRequest.Name.allCases))
    }

    @Test func onlyQuitNeedsNoNumber() throws {
        #expect(try ControlRequest(line: Array(#"{"op":"quit"}"#.utf8)).id == nil)
    }

    static let faults: [(line: String, kind: ControlFault.Kind, id: Int64?, words: String)] = [
        ("", .notJSON, nil, "byte 1: it ends where a value should be"),
        ("{", .notJSON, nil, "byte 2: "), ("[]", .notJSON, nil, "a request is one JSON object"),
        ("{} {}", .notJSON, nil, "byte 4: "), ("\u{ff}", .notJSON, nil, "byte 1: "),
        ("{}", .missing, nil, "`op` is missing; it is one of publish, "),
        (#"{"op":1,"id":3}"#, .invalid, 3, "`op` must be one of "),
        (#"{"op":"pub","id":3}"#, .unknownOperation, 3, "there is no `pub`; there are publish, "),
        (#"{"op":"memory"}"#, .missing, nil, "`id` is missing"),
        (#"{"op":"memory","id":-1}"#, .invalid, nil, "`id` must be a whole number from 0"),
        (#"{"op":"memory","id":9007199254740992}"#, .invalid, nil, "`id` must be a whole"),
        (#"{"op":"memory","id":"1"}"#, .invalid, nil, "`id` must be a whole number from 0"),
        (
            #"{"op":"memory","id":3,"topc":"a"}"#, .unknownMember, 3,
            "`memory` has no `topc`; it has op, id"
        ),
        (
            #"{"op":"publish","id":3,"topic":"a","message":"b","QOS":1}"#, .unknownMember, 3,
            "`publish` has no `QOS`; it has op, id, topic, message, qos, retain"
        ),
        (#"{"op":"memory","id":3,"id":4}"#, .unknownMember, nil, "`id` stands there twice"),
        (#"{"op":"publish","id":3,"topic":"a"}"#, .missing, 3, "`message` is missing"),
        (#"{"op":"publish","id":3,"message":"a"}"#, .missing, 3, "`topic` is missing"),
        (#"{"op":"subscribe","id":3,"topic":7}"#, .invalid, 3, "`topic` must be text in quotes"),
        (#"{"op":"subscribe","id":3,"topic":"a","qos":2}"#, .invalid, 3, "`qos` must be a whole"),
        (
            #"{"op":"publish","id":3,"topic":"a","message":"b","retain":1}"#, .invalid, 3,
            "`retain` must be true or false"
        ),
        (#"{"op":"time","id":3,"pause":-1}"#, .invalid, 3, "`pause` must be a number of seconds"),
        (#"{"op":"time","id":3,"pause":1e99}"#, .invalid, 3, "`pause` must be a number of"),
        (#"{"op":"command","id":3}"#, .missing, 3, "`fields` is missing"),
        (#"{"op":"command","id":3,"fields":[]}"#, .invalid, 3, "`fields` must be a list"),
        (#"{"op":"command","id":3,"fields":[1]}"#, .invalid, 3, "`fields` must be a list"),
        (#"{"op":"command","id":3,"fields":["a\u007fb"]}"#, .invalid, 3, "a field must not hold"),
        (#"{"op":"answer","id":3,"answer":true}"#, .invalid, 3, "`answer` must be \"proceed\""),
    ]

    @Test(arguments: faults)
    func anotherLineIsAFaultThatSaysWhatIsAllowed(
        line: String, kind: ControlFault.Kind, id: Int64?, words: String
    ) {
        let fault = #expect(throws: ControlFault.self) {
            try ControlRequest(line: Array(line.utf8))
        }
        #expect(fault?.kind == kind)
        #expect(fault?.id == id)
        #expect(fault?.reason.hasPrefix(words) == true, "\(fault?.reason ?? "")")
    }

    @Test func aLongLineIsRefusedBeforeItIsRead() {
        let line = [UInt8](repeating: UInt8(ascii: "["), count: ControlRequest.lineLengthMax + 1)
        #expect(throws: ControlFault(.tooLong, "a line may have 1048576 bytes")) {
            try ControlRequest(line: line)
        }
    }
}

import HostProtocol
import LinkProtocol
import LinkSetup
import Signals
import Testing

struct ControlEventTests {
    static let events: [(kind: ControlEvent.Kind, line: String)] = [
        (
            .returned(id: 1, .publish, duration: .milliseconds(81), result: .done),
            #"{"event":"returned","time":5,"id":1,"op":"publish","duration":81000000,"#
                + #""result":{"confirmed":true}}"#
        ),
        (
            .returned(id: 1, .publish, duration: .zero, result: .unconfirmed),
            #"{"event":"returned","time":5,"id":1,"op":"publish","duration":0,"#
                + #""result":{"confirmed":false}}"#
        ),
        (
            .returned(id: nil, .quit, duration: .zero, result: .done),
            #"{"event":"returned","time":5,"op":"quit","duration":0,"result":{}}"#
        ),
        (
            .returned(id: 2, .time, duration: Nanoseconds(1), result: .time(946_684_800)),
            #"{"event":"returned","time":5,"id":2,"op":"time","duration":1,"#
                + #""result":{"seconds":946684800}}"#
        ),
        (
            .returned(id: 3, .memory, duration: .zero, result: .memory(free: 1, allocated: 2)),
            #"{"event":"returned","time":5,"id":3,"op":"memory","duration":0,"#
                + #""result":{"free":1,"allocated":2}}"#
        ),
        (
            .failed(id: 4, .subscribe, duration: .zero, kind: "malformedFilter", text: "no \"x\""),
            #"{"event":"returned","time":5,"id":4,"op":"subscribe","duration":0,"#
                + #""error":{"kind":"malformedFilter","text":"no \"x\""}}"#
        ),
        (
            .message(topic: Array("a".utf8), message: Array("\n\u{1}".utf8), isRetained: true),
            #"{"event":"message","time":5,"topic":"a","message":"\n\u0001","retained":true}"#
        ),
        (
            .message(topic: [0xc3, 0xa4], message: [0, 1, 2, 0xff], isRetained: false),
            #"{"event":"message","time":5,"topicBase64":"w6Q=","messageBase64":"AAEC/w==","#
                + #""retained":false}"#
        ),
        (
            .message(topic: Array("a".utf8), message: [0x7f, 0x41, 0x42], isRetained: false),
            #"{"event":"message","time":5,"topic":"a","messageBase64":"f0FC","retained":false}"#
        ),
        (
            .status(.specifiedNetwork, awaitsAnswer: true, text: [], offending: []),
            #"{"event":"status","time":5,"status":3,"name":"SPECNET","awaitsAnswer":true}"#
        ),
        (
            .status(
                .unknown, awaitsAnswer: false, text: Array("Unknown".utf8),
                offending: Array("x\u{7f}y".utf8)),
            #"{"event":"status","time":5,"status":6,"name":"UNKNOWN","awaitsAnswer":false,"#
                + #""text":"Unknown","offending":"x\u007fy"}"#
        ),
        (.network(isUp: true), #"{"event":"network","time":5,"up":true}"#),
        (.session(2), #"{"event":"session","time":5,"number":2}"#),
        (.ready, #"{"event":"ready","time":5}"#),
        (.crash(.noNetwork), #"{"event":"crash","time":5,"status":12,"name":"NO_NET"}"#),
        (
            .error(id: 7, kind: "notJSON", text: "byte 1"),
            #"{"event":"error","time":5,"id":7,"kind":"notJSON","text":"byte 1"}"#
        ),
        (
            .error(id: nil, kind: "ended", text: "x"),
            #"{"event":"error","time":5,"kind":"ended","text":"x"}"#
        ),
    ]

    @Test(arguments: events.indices)
    func anEventIsOneLine(index: Int) {
        let (kind, line) = Self.events[index]
        let event = ControlEvent(kind, at: Timestamp(nanoseconds: 5))
        #expect(String(decoding: event.line, as: UTF8.self) == line + "\n")
    }

    @Test func whatAnUnknownRepeatsIsMasked() throws {
        let repeated = "init\u{7f}net\u{7f}hunter2\u{7f}broker"
        let event = try #require(
            ControlEvent(
                .status(
                    .unknown, awaitsAnswer: false, text: [], offending: Array(repeated.utf8)),
                at: .zero))
        #expect(!String(decoding: event.line, as: UTF8.self).contains("hunter"))
    }

    @Test func aMessageThatNobodySubscribedToIsNotTold() {
        #expect(
            ControlEvent(
                .message(topic: [1], message: [], isRetained: false, subscriptions: []), at: .zero)
                == nil)
    }
}

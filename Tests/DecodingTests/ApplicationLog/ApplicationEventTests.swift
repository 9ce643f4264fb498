import LinkProtocol
import Signals
import Testing

@testable import Decoding

@Suite struct ApplicationEventTests {
    private func event(_ text: String) throws -> ApplicationEvent {
        ApplicationEvent(try JSONNode(parsing: Array(text.utf8)))
    }

    private func publication(
        _ topic: String, _ message: String, qos: QualityOfService = .atMostOnce,
        retain: Bool = false
    ) -> Publication {
        Publication(
            topic: Array(topic.utf8), message: Array(message.utf8), retain: Retain(retain), qos: qos
        )
    }

    @Test func callsOfPublishHaveTheirPublication() throws {
        #expect(
            try event(
                #"{"ev":"call","op":"publish","topic":"a","msg":"b","qos":1,"retain":true,"id":5}"#)
                == .called(
                    .init(
                        id: "5", operation: "publish",
                        publication: publication("a", "b", qos: .atLeastOnce, retain: true))))
        #expect(
            try event(#"{"event":"call","op":"publish","topic":"a","message":7,"id":"x"}"#)
                == .called(
                    .init(id: "x", operation: "publish", publication: publication("a", "7"))))
    }

    @Test func strangeMembersAreNoTrap() throws {
        #expect(
            try event(#"{"ev":"call","op":"publish","topic":[1],"msg":{"a":1},"qos":-1,"id":-7}"#)
                == .called(
                    .init(
                        id: "-7", operation: "publish",
                        publication: publication("[1]", #"{"a":1}"#))))
        #expect(
            try event(#"{"ev":"call","op":"publish","topic":"a","qos":1e400,"id":1e400}"#)
                == .called(
                    .init(id: "1e400", operation: "publish", publication: publication("a", ""))))
        #expect(
            try event(#"{"ev":"call","op":"publish"}"#)
                == .called(.init(id: nil, operation: "publish", publication: nil)))
        #expect(
            try event(#"{"ev":"status","n":99999999999999999999}"#) == .other(name: "status"))
        #expect(try event(#"{"ev":"status","n":-4}"#) == .status(number: -4))
        #expect(try event(#"{"ev":"cb","args":["only"]}"#) == .other(name: "cb"))
        #expect(try event(#"{"ev":7}"#) == .other(name: ""))
        #expect(try event("{}") == .other(name: ""))
    }

    @Test func returnsStatusesAndMessagesAreUnderstood() throws {
        #expect(
            try event(#"{"ev":"ret","id":1,"op":"publish","r":null,"ms":0.5}"#)
                == .returned(.init(id: "1", operation: "publish", milliseconds: "0.5")))
        #expect(try event(#"{"ev":"status","n":4,"name":"PUBOK"}"#) == .status(number: 4))
        for text in [
            #"{"ev":"cb","args":["t","m","True"]}"#,
            #"{"ev":"message","topic":"t","message":"m","retained":true}"#,
        ] {
            #expect(
                try event(text)
                    == .message(topic: Array("t".utf8), message: Array("m".utf8), isRetained: true))
        }
        #expect(try event(#"{"ev":"crash"}"#) == .other(name: "crash"))
    }

    @Test func aRecordHoldsAnEntry() throws {
        let entry = ApplicationLogEntry(
            time: Timestamp(nanoseconds: 7),
            object: .object([.init(name: "ev", value: .string("crash"))]))
        #expect(ApplicationLogEntry(entry.record(edgesBefore: 3)) == entry)
        var record = entry.record(edgesBefore: 3)
        record.payload = [0xff, 0x00]
        #expect(ApplicationLogEntry(record) == nil)
        record = entry.record(edgesBefore: 3)
        record.kind = .note
        #expect(ApplicationLogEntry(record) == nil)
    }
}

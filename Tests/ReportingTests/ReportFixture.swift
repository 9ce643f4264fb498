@testable import Decoding
import LinkProtocol
import Measurements
import Reporting
import Signals

/// A small capture, made of link events by hand: a start, publications, and a watchdog's reset.
enum ReportFixture {
    static func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(nanoseconds: milliseconds * 1_000_000)
    }

    private static func message(
        _ content: DecodedMessage.Content, from end: LinkEnd, session: Int, _ start: Int64,
        _ stop: Int64, answering request: DecodedMessage.Request? = nil, isEarly: Bool = false
    ) -> LinkEvent {
        .message(
            DecodedMessage(
                frame: Frame(
                    from: end, session: session, start: at(start), end: at(stop), firstBit: 0,
                    text: [UInt8](repeating: 97, count: 9)),
                content: content, isBeforeRunning: isEarly, request: request))
    }

    private static func publish(
        qos: QualityOfService, _ start: Int64, latency: Int64, session: Int, isEarly: Bool = false
    ) -> [LinkEvent] {
        let publication = Publication(topic: [97], message: [98], retain: .empty, qos: qos)
        let request = DecodedMessage.Request(
            kind: .publish(qos), start: at(start), end: at(start + 50), wasBeforeRunning: isEarly,
            isDoubtful: false)
        let end = start + 50 + latency
        return [
            message(
                .host(.publish(publication)), from: .host, session: session, start, start + 50,
                isEarly: isEarly),
            message(
                .bridge(.status(.publicationOK)), from: .bridge, session: session, end - 10, end,
                answering: request),
        ]
    }

    static let events: [LinkEvent] = {
        var events: [LinkEvent] = [
            .reset(
                .init(
                    start: at(0), startIsSeen: true, hostLeft: at(0), end: at(100), session: 1,
                    cause: .start)),
            message(
                .bridge(.status(.running)), from: .bridge, session: 1, 990, 1_000, isEarly: true),
            .running(.init(time: at(1_000), session: 1, lastService: nil)),
        ]
        for index in 0..<12 {
            events += publish(
                qos: .atLeastOnce, 2_000 + Int64(index) * 500, latency: 100 + Int64(index) * 3,
                session: 1)
        }
        events += [
            .watchdog(.init(start: at(9_000), end: at(12_000), session: 1)),
            .reset(
                .init(
                    start: at(12_000), startIsSeen: true, hostLeft: at(12_000), end: at(12_100),
                    session: 2,
                    cause: .watchdog)),
        ]
        events += publish(qos: .atLeastOnce, 12_500, latency: 3_000, session: 2, isEarly: true)
        events += [
            message(
                .bridge(.status(.running)), from: .bridge, session: 2, 15_990, 16_000, isEarly: true
            ),
            .running(.init(time: at(16_000), session: 2, lastService: at(9_000))),
            .gap(Gap(start: at(17_000), end: at(17_020), reason: .clockOrder), session: 2),
            .traffic(
                TrafficInterval(start: .zero, end: at(1_000), hostBits: 2_000, bridgeBits: 2_000)),
            .traffic(
                TrafficInterval(
                    start: at(1_000), end: at(2_000), hostBits: 1_234_567, bridgeBits: 9)),
        ]
        return events
    }()

    static func capture(
        named name: String = "small", source: String = "made by hand", notes: [String] = []
    ) -> ReportedCapture {
        var measurements = LinkMeasurements()
        for event in events { measurements.handle(event) }
        return ReportedCapture(
            heading: ReportHeading(name: name, source: source, notes: notes),
            report: measurements.finish(
                wires: WireDecoder(), captureStart: .zero, captureEnd: at(20_000),
                stamps: StampFacts(resolution: .microseconds(5))))
    }

    /// The small capture with the log of an application: twelve calls, and one that nothing came of.
    static var captureWithLog: ReportedCapture {
        var measurements = LinkMeasurements()
        func tell(_ text: String, _ time: Int64) {
            guard let object = try? JSONNode(parsing: Array(text.utf8)) else { return }
            measurements.handle(
                JournalEvent(
                    time: at(time), edgesBefore: 0, .application(object, isFromLog: true)),
                session: 1)
        }
        func call(_ id: Int, _ message: String) -> String {
            #"{"ev":"call","op":"publish","topic":"a","msg":"\#(message)","qos":1,"id":\#(id)}"#
        }
        var index = 0
        for event in events {
            guard case .message(let message) = event else {
                measurements.handle(event)
                continue
            }
            let start = message.frame.start.nanoseconds / 1_000_000
            switch message.content {
            case .host(.publish) where index < 12: tell(call(index, "b"), start - 4)
            default: break
            }
            measurements.handle(event)
            if case .bridge(.status(.publicationOK)) = message.content, index < 12 {
                tell(#"{"ev":"ret","id":\#(index)}"#, start + 30)
                index += 1
            }
        }
        tell(call(99, "\\u001b|lost"), 18_000)
        tell(#"{"ev":"ret","id":99}"#, 18_500)
        return ReportedCapture(
            heading: ReportHeading(name: "logged"),
            report: measurements.finish(
                wires: WireDecoder(), captureStart: .zero, captureEnd: at(20_000),
                stamps: StampFacts(resolution: .microseconds(5)),
                log: ApplicationLogFacts(
                    source: "host.jsonl", offset: .milliseconds(2), isOffsetFound: true)))
    }

    /// The small capture with the journal of a host and of its surroundings, which put in a fault.
    static var captureWithJournal: ReportedCapture {
        var measurements = LinkMeasurements()
        func tell(_ time: Int64, _ content: JournalEvent.Content) {
            measurements.handle(
                JournalEvent(time: at(time), edgesBefore: 0, content), session: 1)
        }
        func host(_ time: Int64, _ text: String) {
            guard let object = try? JSONNode(parsing: Array(text.utf8)) else { return }
            tell(time, .application(object, isFromLog: false))
        }
        for event in events {
            switch event {
            case .running(let running) where running.session == 1:
                measurements.handle(event)
                host(1_900, #"{"ev":"call","op":"publish","topic":"a","msg":"b","qos":1,"id":1}"#)
            case .watchdog:
                host(2_200, #"{"ev":"ret","op":"publish","id":1}"#)
                host(8_000, #"{"ev":"call","op":"publish","topic":"a","msg":"no","qos":0,"id":2}"#)
                tell(2_060, .arrived(topic: [97], message: [98], qos: 1, isDuplicate: false))
                tell(9_000, .fault(number: 1, .zero))
                tell(9_001, .bridge(.poweredOff))
                measurements.handle(event)
            default: measurements.handle(event)
            }
        }
        host(18_000, #"{"ev":"ret","op":"publish","id":2}"#)
        return ReportedCapture(
            heading: ReportHeading(name: "journal"),
            report: measurements.finish(
                wires: WireDecoder(), captureStart: .zero, captureEnd: at(20_000),
                stamps: StampFacts(resolution: Nanoseconds(1))))
    }

    /// A capture of nothing at all.
    static var empty: ReportedCapture {
        ReportedCapture(
            heading: ReportHeading(name: "empty"),
            report: LinkMeasurements().finish(
                wires: WireDecoder(), captureStart: .zero, captureEnd: .zero))
    }
}

import Decoding
import LinkProtocol
import Measurements
import Signals

/// Link events as JSON objects, one per line. Documented in Documentation/Decoding.md.
enum ConversationObjects {
    static func object(for event: LinkEvent, shown: (Frame) -> [UInt8]) -> JSONValue? {
        switch event {
        case .message(let message): object(for: message, text: shown(message.frame))
        case .reset(let reset): object(for: reset)
        case .synchronised(let synchronisation):
            [
                "start": time(synchronisation.time), "end": time(synchronisation.time),
                "from": from(synchronisation.from), "type": "sync",
                "session": .integer(Int64(synchronisation.session)),
            ]
        case .running(let running):
            [
                "start": time(running.time), "end": time(running.time), "type": "running",
                "session": .integer(Int64(running.session)),
                "withoutService": running.lastService.map {
                    .integer((running.time - $0).count)
                } ?? .null,
            ]
        case .watchdog(let watchdog):
            [
                "start": time(watchdog.start), "end": time(watchdog.end), "type": "watchdog",
                "session": .integer(Int64(watchdog.session)),
                "silence": .integer(watchdog.silence.count),
            ]
        case .stopped(let stop):
            [
                "start": time(stop.time), "end": time(stop.time), "from": from(stop.end),
                "type": "stop", "session": .integer(Int64(stop.session)),
            ]
        case .joined(let moment):
            ["start": time(moment), "end": time(moment), "type": "joined", "session": .integer(0)]
        case .notSynchronised(let moment, let session):
            [
                "start": time(moment), "end": time(moment), "type": "no-sync",
                "session": .integer(Int64(session)),
            ]
        case .aligned(let moment, let session):
            [
                "start": time(moment), "end": time(moment), "type": "aligned",
                "session": .integer(Int64(session)),
            ]
        case .gap(let gap, let session):
            [
                "start": time(gap.start), "end": time(gap.end), "type": "gap",
                "reason": .string("\(gap.reason.name)"),
                "channel": gap.channel.map { .string($0.wireName) } ?? .null,
                "session": .integer(Int64(session)),
            ]
        case .traffic: nil
        }
    }

    /// An event of the journal, with what it tells as it may be shown: the entry itself in `log`, or
    /// members beside the others.
    static func object(
        for event: JournalEvent, as shown: JSONNode, _ session: Int
    ) -> JSONValue? {
        guard let type = event.typeName else { return nil }
        var members: [(String, JSONValue)] = [
            ("start", time(event.time)), ("end", time(event.time)),
        ]
        if let origin = event.originName { members.append(("from", .string(origin))) }
        members.append(("type", .string(type)))
        members.append(("session", .integer(Int64(session))))
        if case .application = event.content {
            members.append(("log", JSONValue(shown)))
        } else if case .object(let rest) = shown {
            members += rest.map { ($0.name, JSONValue($0.value)) }
        }
        return .object(members)
    }

    private static func object(for message: DecodedMessage, text: [UInt8]) -> JSONValue {
        let frame = message.frame
        var members: [(String, JSONValue)] = [
            ("start", time(frame.start)),
            ("end", time(frame.end)),
            ("from", from(frame.from)),
            ("type", .string(message.typeName)),
            (
                "fields",
                .array(Fields(text).map { .string(ReadableBytes.string($0)) })
            ),
            ("session", .integer(Int64(frame.session))),
        ]
        if frame.condition != .whole {
            members.append(("condition", .string("\(frame.condition)")))
        }
        if frame.droppedCharacters > 0 {
            members.append(
                ("droppedCharacters", .integer(Int64(frame.droppedCharacters))))
        }
        if case .malformed(let why) = message.content {
            members.append(("problem", .string("\(why.reason.name)")))
            members.append(("problemOffset", .integer(Int64(why.offset))))
        }
        if let latency = message.latency {
            members.append(("latency", .integer(latency.count)))
        }
        return .object(members)
    }

    private static func object(for reset: LinkEvent.Reset) -> JSONValue {
        [
            "start": reset.startIsSeen ? time(reset.start) : .null,
            "end": reset.end.map(time) ?? .null, "type": "reset",
            "session": .integer(Int64(reset.session)), "cause": .string(reset.cause.name),
        ]
    }

    private static func time(_ time: Timestamp) -> JSONValue { .integer(time.nanoseconds) }

    private static func from(_ end: LinkEnd) -> JSONValue {
        .string(end.name)
    }
}

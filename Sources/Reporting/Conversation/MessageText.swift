import Decoding
import LinkProtocol
import Signals

/// A message in words, one line, its secrets masked beforehand.
enum MessageText {
    /// The message; `text` is the frame's text as it may be shown.
    static func describe(_ message: DecodedMessage, text: [UInt8]) -> String {
        let fields = Fields(text)
        let words =
            switch message.content {
            case .host(let host): describe(host, fields)
            case .bridge(let bridge): describe(bridge, fields)
            case .object: "object " + ReadableBytes.escaped(text)
            case .malformed(let why):
                "no message: \(why.reason.name), field \(why.fieldIndex), character "
                    + "\(why.offset): " + ReadableBytes.quoted(text)
            case .fragment: fragment(message.frame, text)
            }
        return words + remarks(on: message)
    }

    private static func describe(_ message: HostMessage, _ fields: Fields) -> String {
        switch message {
        case .will(let will):
            return "last will " + publication(will, fields)
        case .initialise(let configuration): return initialise(configuration, fields)
        case .publish(let publication):
            return "publish " + self.publication(publication, fields)
        case .subscribe(_, let qos):
            return "subscribe \(ReadableBytes.escaped(fields[1])) qos=\(qos.rawValue)"
        case .timeRequest: return "time?"
        case .memoryRequest: return "memory?"
        case .networkAnswer: return "answer \(list(fields, from: 0))"
        case .other: return "command \(list(fields, from: 0))"
        }
    }

    private static func describe(_ message: BridgeMessage, _ fields: Fields) -> String {
        switch message {
        case .status(let status): return "status \(status.rawValue) \(status.name)"
        case .unknown:
            let offending = list(fields, from: 3)
            return "status 6 UNKNOWN \(ReadableBytes.quoted(fields[2])) \(offending)"
        case .publication(_, _, let isRetained), .escapedPublication(_, _, let isRetained):
            return "message \(ReadableBytes.escaped(fields[1])) "
                + ReadableBytes.quoted(fields[2]) + (isRetained ? " retained" : "")
        case .time(let seconds):
            return seconds == 0 ? "time unknown" : "time \(seconds) (\(CalendarText.utc(seconds)))"
        case .memory(let free, let allocated):
            return "memory free=\(free) allocated=\(allocated)"
        }
    }

    private static func publication(_ publication: Publication, _ fields: Fields) -> String {
        "\(ReadableBytes.escaped(fields[1])) \(ReadableBytes.quoted(fields[2])) "
            + "qos=\(publication.qos.rawValue)" + (publication.retain.isSet ? " retain" : "")
    }

    /// The fields that tell one `init` from another; the rest is in the other formats.
    private static func initialise(_ configuration: InitialiseFields, _ fields: Fields) -> String {
        var words = ["init"]
        func add(_ name: String, _ index: Int) {
            if !fields[index].isEmpty {
                words.append("\(name)=\(ReadableBytes.escaped(fields[index]))")
            }
        }
        add("ssid", 1)
        add("password", 2)
        add("broker", 3)
        add("user", 4)
        add("mqtt_pw", 5)
        if configuration.port != 0 { words.append("port=\(configuration.port)") }
        if configuration.usesTLS { words.append("ssl") }
        if !configuration.cleanSession { words.append("clean_session=0") }
        if !configuration.usesDefaultNetwork { words.append("use_default_net=0") }
        return words.joined(separator: " ") + " …"
    }

    private static func list(_ fields: Fields, from first: Int) -> String {
        fields.dropFirst(first).map { ReadableBytes.quoted($0) }.joined(separator: " ")
    }

    private static func fragment(_ frame: Frame, _ text: [UInt8]) -> String {
        let why =
            switch frame.condition {
            case .headless: "its begin is missing"
            case .damaged: "edges are missing inside"
            case .unfinished: "cut off"
            case .whole: "\(frame.droppedCharacters) more characters dropped"
            }
        return "part of a frame (\(why)): " + ReadableBytes.quoted(text)
    }

    private static func remarks(on message: DecodedMessage) -> String {
        if let latency = message.latency, let request = message.request {
            return "  (\(TimeText.span(latency.count)) after \(name(of: request.kind)))"
        }
        if case .host(.publish) = message.content, message.isBeforeRunning {
            return "  ! before RUNNING"
        }
        return ""
    }

    private static func name(of kind: DecodedMessage.Request.Kind) -> String {
        switch kind {
        case .publish: "publish"
        case .time: "time?"
        case .memory: "memory?"
        }
    }
}

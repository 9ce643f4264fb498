import Signals

// The law of this file: everything that a host can say is a case here.

/// A message from the host to the bridge.
///
/// Ref: Documentation/Protocol.md, Messages.
public enum HostMessage: Equatable, Sendable {
    /// `w`: what the broker shall publish when the bridge is lost; sent before `init`.
    case will(Publication)
    /// `init`: the configuration.
    case initialise(InitialiseFields)
    /// `p`: publish.
    case publish(Publication)
    /// `s`: subscribe to a topic filter.
    case subscribe(topic: [UInt8], qos: QualityOfService)
    /// `i`: ask for the time.
    case timeRequest
    /// `m`: ask for the free memory.
    case memoryRequest
    /// The answer to the status SPECNET: any string that is no command; the reference says `1`.
    case networkAnswer([UInt8])
    /// A command of the application's own, separators included; a bridge answers UNKNOWN.
    case other([UInt8])
}

/// A message for the broker, or a last will.
public struct Publication: Hashable, Sendable {
    /// The topic, never empty, of bytes from 1 to 126.
    public var topic: [UInt8]
    /// The content, possibly empty, of bytes from 1 to 126.
    public var message: [UInt8]
    /// Whether the broker shall keep it, as it was spelled.
    public var retain: Retain
    /// How sure the delivery is.
    public var qos: QualityOfService

    /// A message with a spelling of its retain flag.
    public init(topic: [UInt8], message: [UInt8], retain: Retain, qos: QualityOfService) {
        self.topic = topic
        self.message = message
        self.retain = retain
        self.qos = qos
    }
}

extension HostMessage {
    /// The message that a frame is, or why it is none.
    ///
    /// A retain flag is read in every spelling; all else is strict. While the bridge awaits the
    /// answer to SPECNET, every frame that begins with no command is that answer. Otherwise such a
    /// frame is ``other(_:)`` when it begins with a printable word, and malformed when not.
    public static func parse(
        _ frame: ArraySlice<UInt8>, awaitsNetworkAnswer: Bool = false
    ) -> ParseOutcome<HostMessage> {
        var reader = FieldReader(frame, from: .host)
        do throws(MalformedMessage) {
            return .message(
                try read(frame, by: &reader, awaitsNetworkAnswer: awaitsNetworkAnswer))
        } catch {
            return .malformed(error)
        }
    }

    /// The message that a frame is, or why it is none; see the parsing of a part of an array.
    public static func parse(
        _ frame: [UInt8], awaitsNetworkAnswer: Bool = false
    ) -> ParseOutcome<HostMessage> {
        parse(frame[...], awaitsNetworkAnswer: awaitsNetworkAnswer)
    }

    private static func read(
        _ frame: ArraySlice<UInt8>, by reader: inout FieldReader, awaitsNetworkAnswer: Bool
    ) throws(MalformedMessage) -> HostMessage {
        if frame.isEmpty { throw reader.malformed(.empty, at: frame.startIndex) }
        let message: HostMessage
        switch reader.command {
        case .will: message = .will(try Publication(reading: &reader))
        case .initialise: message = .initialise(try InitialiseFields(reading: &reader))
        case .publish: message = .publish(try Publication(reading: &reader))
        case .subscribe:
            message = .subscribe(topic: try reader.topic(), qos: try reader.qualityOfService())
        case .time: message = .timeRequest
        case .memory: message = .memoryRequest
        case .status, .publication, .escapedPublication, nil:
            if awaitsNetworkAnswer { return .networkAnswer(Array(frame)) }
            if let reason = ApplicationCommand.malformation(of: frame) {
                throw reader.malformed(reason, at: frame.startIndex)
            }
            return .other(Array(frame))
        }
        try reader.finish()
        return message
    }
}

extension Publication {
    /// Reads the fields after the command.
    init(reading reader: inout FieldReader) throws(MalformedMessage) {
        topic = try reader.topic()
        message = try reader.text()
        retain = try reader.retain()
        qos = try reader.qualityOfService()
    }
}

/// What separates a command of the application's from garbage.
enum ApplicationCommand {
    /// Why a frame cannot be a command of the application's; nil when it can.
    ///
    /// Its first field must be a word: printable characters, no space.
    static func malformation(of frame: ArraySlice<UInt8>) -> MalformedMessage.Reason? {
        let word = Fields(frame)[0]
        if word.isEmpty { return .empty }
        for byte in word where byte < 0x21 || byte > 0x7e { return .unknownCommand }
        return nil
    }
}

@testable import Decoding
import LinkProtocol
import Signals
@testable import Measurements

// Link events by hand, times in milliseconds.

func at(_ milliseconds: Int64) -> Timestamp { Timestamp(nanoseconds: milliseconds * 1_000_000) }

func ms(_ milliseconds: Int64) -> Nanoseconds { .milliseconds(milliseconds) }

/// Says what a host and a bridge say, and remembers what an answer belongs to.
struct Conversation {
    private(set) var events: [LinkEvent] = []
    private var session = 0
    private var isRunning = false

    mutating func reset(
        _ start: Int64, _ end: Int64?, cause: ResetCause = .start
    ) {
        session += 1
        isRunning = false
        events.append(
            .reset(
                .init(
                    start: at(start), startIsSeen: true, hostLeft: at(start), end: end.map(at),
                    session: session,
                    cause: cause)))
    }

    mutating func watchdog(_ start: Int64, _ end: Int64) {
        events.append(.watchdog(.init(start: at(start), end: at(end), session: session)))
    }

    mutating func synchronise(_ time: Int64) {
        events.append(
            .synchronised(
                .init(time: at(time), from: .host, session: session, completesSession: false)))
        events.append(
            .synchronised(
                .init(time: at(time), from: .bridge, session: session, completesSession: true)))
    }

    mutating func running(_ start: Int64, _ end: Int64, lastService: Int64? = nil) {
        say(.status(.running), start, end)
        isRunning = true
        events.append(
            .running(
                .init(time: at(end), session: session, lastService: lastService.map(at))))
    }

    mutating func gap(_ start: Int64, _ end: Int64) {
        events.append(
            .gap(
                Gap(start: at(start), end: at(end), reason: .clockOrder), session: session))
    }

    /// Sends a publication, and gives the request for its answer.
    @discardableResult
    mutating func publish(
        _ start: Int64, _ end: Int64, qos: QualityOfService = .atLeastOnce
    ) -> DecodedMessage.Request {
        let publication = Publication(topic: [97], message: [98], retain: .empty, qos: qos)
        return ask(.publish(publication), .publish(qos), start, end)
    }

    @discardableResult
    mutating func ask(
        _ message: HostMessage, _ kind: DecodedMessage.Request.Kind, _ start: Int64, _ end: Int64
    ) -> DecodedMessage.Request {
        say(message, start, end)
        return .init(
            kind: kind, start: at(start), end: at(end), wasBeforeRunning: !isRunning,
            isDoubtful: false)
    }

    mutating func say(_ message: HostMessage, _ start: Int64, _ end: Int64) {
        append(.host(message), from: .host, start, end, request: nil)
    }

    mutating func say(
        _ message: BridgeMessage, _ start: Int64, _ end: Int64,
        answering request: DecodedMessage.Request? = nil
    ) {
        append(.bridge(message), from: .bridge, start, end, request: request)
    }

    /// A frame of so many characters, of no matter what meaning.
    mutating func frame(
        from end: LinkEnd, _ start: Int64, _ stop: Int64, characters: Int = 3,
        condition: Frame.Condition = .whole
    ) {
        append(
            .fragment, from: end, start, stop, request: nil, characters: characters,
            condition: condition)
    }

    private mutating func append(
        _ content: DecodedMessage.Content, from end: LinkEnd, _ start: Int64, _ stop: Int64,
        request: DecodedMessage.Request?, characters: Int = 3,
        condition: Frame.Condition = .whole
    ) {
        let frame = Frame(
            from: end, session: session, start: at(start), end: at(stop), firstBit: 0,
            text: [UInt8](repeating: 97, count: characters), condition: condition)
        events.append(
            .message(
                DecodedMessage(
                    frame: frame, content: content,
                    isBeforeRunning: !isRunning && session > 0, request: request)))
    }

    /// What is measured when the capture ends at a time.
    func report(until end: Int64, stamps: StampFacts = StampFacts()) -> LinkReport {
        var measurements = LinkMeasurements()
        for event in events { measurements.handle(event) }
        return measurements.finish(
            wires: WireDecoder(), captureStart: .zero, captureEnd: at(end), stamps: stamps)
    }

    /// A session that runs from 1,500 ms on.
    static func inARunningSession() -> Conversation {
        var talk = Conversation()
        talk.reset(0, 100)
        talk.synchronise(1_100)
        talk.running(1_400, 1_500)
        return talk
    }
}

/// Draws edges: both ends shift bits, and every toggle takes its time.
struct WirePlayer {
    private(set) var edges: [Edge] = []
    private var levels = LevelSet.rest
    private(set) var now = Timestamp.zero

    private mutating func set(_ channel: Channel, _ level: Level) {
        guard levels[channel] != level else { return }
        levels[channel] = level
        edges.append(Edge(time: now, channel: channel, level: level))
    }

    /// A start sequence, up to and including the host's first bit.
    mutating func start() {
        set(.stx, .high)
        set(.sckout, .high)
        wait(.microseconds(10))
        set(.reset, .low)
        wait(.milliseconds(100))
        set(.reset, .high)
        wait(.seconds(1))
    }

    mutating func wait(_ span: Nanoseconds) { now = now + span }

    /// The bridge answers with a bit after a time.
    mutating func bridge(_ bit: UInt8, after span: Nanoseconds) {
        wait(span)
        set(.srx, Level(bit: bit))
        set(.sckin, levels[.sckin].toggled)
    }

    /// The host goes on with a bit after a time.
    mutating func host(_ bit: UInt8, after span: Nanoseconds) {
        wait(span)
        set(.stx, Level(bit: bit))
        set(.sckout, levels[.sckout].toggled)
    }

    /// Both ends shift out their bits, the host's first bit being on the wire already.
    mutating func exchange(host hostBits: [UInt8], bridge bridgeBits: [UInt8]) {
        for (hostBit, bridgeBit) in zip(hostBits, bridgeBits) {
            bridge(bridgeBit, after: .microseconds(200))
            host(hostBit, after: .microseconds(100))
        }
    }

    static let pattern: [UInt8] = [1, 0, 1, 1, 1, 0, 0, 1]

    static func bits(_ text: String) -> [UInt8] {
        (Array(text.utf8) + [0]).flatMap { character in (0..<7).map { character >> $0 & 1 } }
    }
}

// Traffic of any length: both ends of the link, joined by wires with jitter.
//
// Both ends are the machines of LinkProtocol, so whatever comes out is a lawful link. One end's
// edges become the other's input at the time of the clock edge; the handshake leaves nothing else
// open.

internal import Glibc
internal import LinkProtocol
public import Signals

/// Edges of a link on which a host publishes all day, and a bridge answers.
public struct TrafficGenerator: EdgeSource {
    /// Nothing can go wrong.
    public typealias Failure = Never

    /// What the link does.
    public let plan: TrafficPlan
    /// The number of edges made so far.
    public private(set) var edgeCount: Int64 = 0
    /// The information in the edges made so far, in bits: the jitter of every edge and the random
    /// choices of every frame. No code can be shorter in the mean.
    public private(set) var entropyBits = 0.0
    /// The number of publications made so far.
    private var publicationCount = 0
    /// When the bridge had the whole of the plan's ``TrafficPlan/mark``, with the clock edge of the
    /// last bit of its closing zero; nil before.
    public private(set) var markTime: Timestamp?
    /// The time of the last edge.
    public private(set) var time = Timestamp.zero

    private var noise: SeededNoise
    private var host: LinkMachine
    private var bridge: LinkMachine
    /// The end that moves next.
    private var turn = LinkEnd.host
    private var levels = LevelSet.rest
    private var edges: [Edge] = []
    /// The host publishes when it has driven so many bits.
    private var nextPublicationBit = Int.max
    private var isMarked = false
    /// The edge that an end has to answer.
    private var deliveryTime = Timestamp.zero
    private let turnRoundBits: Double
    private let dataLeadBits: Double

    /// Edges per batch.
    private static var runLength: Int { 4096 }
    /// The reset pulse and the settling time of a host.
    private static var bootTime: Nanoseconds { .milliseconds(400) }
    /// What a text is made of: 64 characters, six bits each.
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let publishedTopic = Array("out/load".utf8)
    private static let subscribedTopic = Array("cmd/load".utf8)
    private static let configuration = InitialiseFields(
        ssid: Array("net".utf8), password: Array("pw".utf8), broker: Array("broker".utf8))
    /// What a bridge reports until all is up.
    private static let startUp: [Status] = [
        .defaultNetwork, .brokerCheck, .brokerOK, .running, .wifiUp,
    ]

    /// A link before its start.
    public init(_ plan: TrafficPlan) {
        self.plan = plan
        noise = SeededNoise(seed: plan.seed)
        var configuration = LinkConfiguration()
        configuration.idlePause = .zero
        host = LinkMachine(end: .host, configuration: configuration)
        bridge = LinkMachine(end: .bridge, configuration: configuration)
        turnRoundBits = plan.turnRound.entropyBits
        dataLeadBits = plan.dataLead.entropyBits
        start()
    }

    /// Replaces the content of `batch` by the next run of edges; false at the end of the plan.
    public mutating func read(into batch: inout EdgeBatch) -> Bool {
        batch.gap = nil
        batch.levels = levels
        batch.edges.removeAll(keepingCapacity: true)
        let wanted = Int(min(Int64(Self.runLength), plan.edgeCount - edgeCount))
        guard wanted > 0 else { return false }
        while edges.count < wanted { advance() }
        batch.edges.append(contentsOf: edges[..<wanted])
        edges.removeFirst(wanted)
        for edge in batch.edges { levels[edge.channel] = edge.level }
        edgeCount += Int64(wanted)
        return true
    }

    // MARK: The wires

    /// The reset, up to the moment at which both ends toggle by themselves.
    private mutating func start() {
        time = Timestamp(nanoseconds: 1_000_000_000)
        host.handle(.start, at: time)
        take(from: .host)
        if let deadline = host.deadline {
            time = deadline
            host.handle(.timer, at: time)
            take(from: .host)
        }
        time = time + Self.bootTime
        bridge.handle(.levels(clock: .high, data: .high), at: time)
        bridge.handle(.start, at: time)
        take(from: .bridge)
        deliver(to: .host)
        if let deadline = host.deadline, deadline > time {
            time = deadline
            host.handle(.timer, at: time)
        }
        turn = .host
    }

    /// One end's answer to the other's toggle.
    private mutating func advance() {
        take(from: turn)
        turn = turn.peer
        deliver(to: turn)
        if host.bitCount >= nextPublicationBit { publish() }
    }

    private mutating func deliver(to end: LinkEnd) {
        deliveryTime = time
        let input = LinkMachine.Input.levels(
            clock: wires[end.peer.clock], data: wires[end.peer.data])
        if end == .host { host.handle(input, at: time) } else { bridge.handle(input, at: time) }
    }

    private var wires = LevelSet.rest

    /// What an end drives gets its time; what it received has its consequences.
    private mutating func take(from end: LinkEnd) {
        var isFirst = true
        while let output = end == .host ? host.nextOutput() : bridge.nextOutput() {
            switch output {
            case .drive(let channel, let level):
                let delay = isFirst ? plan.turnRound : plan.dataLead
                time = time + delay.sample(&noise)
                entropyBits += isFirst ? turnRoundBits : dataLeadBits
                isFirst = false
                wires[channel] = level
                edges.append(Edge(time: time, channel: channel, level: level))
            case .received(let frame, _):
                if end == .host { hostReceives(frame) } else { bridgeReceives(frame) }
            case .synchronised:
                if end == .host { send(.initialise(Self.configuration), tag: 0) }
            case .sent, .refused, .failed: break
            }
        }
    }

    // MARK: The conversation

    private mutating func bridgeReceives(_ frame: [UInt8]) {
        switch frame.first {
        case UInt8(ascii: "p"):
            publicationCount += 1
            if isMarked, markTime == nil, let mark = plan.mark, frame.contains(mark.text) {
                // Its answer to that edge may be under way already.
                markTime = deliveryTime
            }
            send(.status(.publicationOK))
            if publicationCount % plan.messageInterval == 0 { sendMessage() }
        default: for status in Self.startUp { send(.status(status)) }
        }
    }

    private mutating func hostReceives(_ frame: [UInt8]) {
        if BridgeMessage.parse(frame).message == .status(.wifiUp) {
            nextPublicationBit = host.bitCount
        }
    }

    /// A publication, and its share of the idle time behind it.
    private mutating func publish() {
        let length = send(
            .publish(
                Publication(
                    topic: Self.publishedTopic, message: publishedText(), retain: .digitZero,
                    qos: .atLeastOnce)),
            tag: publicationCount)
        let width = host.configuration.characterSize.bitCount
        let answers = 4 + (length + 1) / max(1, plan.messageInterval)
        let bits = Double((length + 1 + answers) * width)
        nextPublicationBit = host.bitCount + Int(bits / plan.frameShare)
    }

    private mutating func sendMessage() {
        send(
            .publication(
                topic: Self.subscribedTopic, message: randomText(), isRetained: false))
    }

    private mutating func publishedText() -> [UInt8] {
        guard !isMarked, let mark = plan.mark, edgeCount + Int64(edges.count) >= mark.edgesBefore
        else { return randomText() }
        isMarked = true
        return mark.text
    }

    private mutating func randomText() -> [UInt8] {
        let length = 1 + Int(noise.next() % UInt64(plan.payloadLengthMax))
        entropyBits += log2(Double(plan.payloadLengthMax)) + 6 * Double(length)
        return (0..<length).map { _ in Self.alphabet[Int(noise.next() >> 58)] }
    }

    /// Has the host send a message; returns the length of its frame.
    @discardableResult
    private mutating func send(_ message: HostMessage, tag: Int) -> Int {
        guard let frame = try? message.write(dialect: .reference) else {
            preconditionFailure("the generator has made a message that no link carries")
        }
        host.handle(.send(frame: frame, tag: tag), at: time)
        return frame.count
    }

    private mutating func send(_ message: BridgeMessage) {
        guard let frame = try? message.write(dialect: .reference) else {
            preconditionFailure("the generator has made a message that no link carries")
        }
        bridge.handle(.send(frame: frame, tag: 0), at: time)
    }
}

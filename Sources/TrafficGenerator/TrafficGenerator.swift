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
    public private(set) var publicationCount = 0
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
    private let turnRoundBits: Double
    private let dataLeadBits: Double

    /// Edges per batch.
    private static var runLength: Int { 4096 }
    /// The reset pulse and the settling time of a host.
    private static var bootTime: Nanoseconds { .milliseconds(400) }
    /// What a text is made of: 64 characters, six bits each.
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let separator: UInt8 = 127
    private static let initialisation = [
        "init", "net", "secret", "127.0.0.1", "", "", "{}", "1", "0", "0", "1", "60", "0", "1", "4",
        "10", "0", "pool.ntp.org",
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
                if end == .host { sendFromHost(Self.initialisation) }
            case .sent, .refused, .failed: break
            }
        }
    }

    // MARK: The conversation

    private mutating func bridgeReceives(_ frame: [UInt8]) {
        switch frame.first {
        case UInt8(ascii: "p"):
            publicationCount += 1
            sendFromBridge("t", "4")
            if publicationCount % plan.messageInterval == 0 { sendMessage() }
        default: for status in ["2", "1", "0", "5", "9"] { sendFromBridge("t", status) }
        }
    }

    private mutating func hostReceives(_ frame: [UInt8]) {
        switch frame.last {
        case UInt8(ascii: "9") where frame.first == UInt8(ascii: "t"):
            nextPublicationBit = host.bitCount
        default: break
        }
    }

    /// A publication, and its share of the idle time behind it.
    private mutating func publish() {
        let text = randomText()
        let frame =
            fields(["p", "out/load"]) + [Self.separator] + text + [Self.separator]
            + fields(["0", "1"])
        host.handle(.send(frame: frame, tag: publicationCount), at: time)
        let width = host.configuration.characterSize.bitCount
        let answers = 4 + (frame.count + 1) / max(1, plan.messageInterval)
        let bits = Double((frame.count + 1 + answers) * width)
        nextPublicationBit = host.bitCount + Int(bits / plan.frameShare)
    }

    private mutating func sendMessage() {
        let frame =
            fields(["u", "cmd/load"]) + [Self.separator] + randomText() + [Self.separator]
            + fields(["False"])
        bridge.handle(.send(frame: frame, tag: 0), at: time)
    }

    private mutating func randomText() -> [UInt8] {
        let length = 1 + Int(noise.next() % UInt64(plan.payloadLengthMax))
        entropyBits += log2(Double(plan.payloadLengthMax)) + 6 * Double(length)
        return (0..<length).map { _ in Self.alphabet[Int(noise.next() >> 58)] }
    }

    private mutating func sendFromHost(_ words: [String]) {
        host.handle(.send(frame: fields(words), tag: 0), at: time)
    }

    private mutating func sendFromBridge(_ words: String...) {
        bridge.handle(.send(frame: fields(words), tag: 0), at: time)
    }

    private func fields(_ words: [String]) -> [UInt8] {
        Array(words.map { Array($0.utf8) }.joined(separator: [Self.separator]))
    }
}

import LinkProtocol
import MQTTProtocol
import Signals

@testable import BridgeProtocol

/// A whole bridge and a bare host's link at two ends of five wires, with a network and a broker that
/// always say yes.
struct WiredBridge {
    private(set) var bridge: BridgeMachine
    private(set) var host: LinkMachine
    private(set) var now = Timestamp.zero
    private(set) var levels = LevelSet.rest
    /// The frames that the host got.
    private(set) var received: [[UInt8]] = []
    /// What the bridge did, apart from driving its wires.
    private(set) var outputs: [BridgeMachine.Output] = []
    /// Every input and output that a journal would have, as the machine's records.
    private(set) var journal: [[UInt8]] = []
    private(set) var edgeCount = 0
    /// From an edge to the moment at which the other end sees it.
    let delay: Nanoseconds

    private var hostWake: Timestamp?
    private var bridgeWake: Timestamp?
    private var pending: [BridgeMachine.Input] = []
    private var reader = MQTTPacketReader(packetLengthMax: 100_000, sender: .client)

    init(delay: Nanoseconds = .microseconds(20), _ change: (inout BridgeConfiguration) -> Void) {
        var configuration = BridgeConfiguration()
        configuration.link.idlePause = .zero
        change(&configuration)
        bridge = BridgeMachine(configuration: configuration)
        host = LinkMachine(end: .host, configuration: configuration.link)
        self.delay = delay
    }

    mutating func startHost() { feedHost(.start) }

    mutating func send(_ frame: [UInt8]) { feedHost(.send(frame: frame, tag: 0)) }

    mutating func run(for span: Nanoseconds) {
        let end = now + span
        while step(before: end) {}
        now = end
    }

    private mutating func step(before end: Timestamp) -> Bool {
        let times = [hostWake, bridgeWake, host.deadline, bridge.deadline]
        guard let next = times.compactMap({ $0 }).min(), next <= end else { return false }
        now = max(now, next)
        if let wake = hostWake, wake <= now {
            hostWake = nil
            feedHost(.levels(clock: levels[.sckin], data: levels[.srx]))
        } else if let wake = bridgeWake, wake <= now {
            bridgeWake = nil
            feed(.levels(clock: levels[.sckout], data: levels[.stx]))
        } else if let deadline = host.deadline, deadline <= now {
            feedHost(.timer)
        } else {
            feed(.timer)
        }
        return true
    }

    private mutating func feedHost(_ input: LinkMachine.Input) {
        host.handle(input, at: now)
        while let output = host.nextOutput() {
            switch output {
            case .drive(let channel, let level):
                levels[channel] = level
                edgeCount += 1
                if channel == .reset {
                    feed(level == .low ? .powerOff : .boot)
                } else {
                    bridgeWake = bridgeWake ?? now + delay
                }
            case .received(let frame, _): received.append(frame)
            default: break
            }
        }
    }

    mutating func feed(_ input: BridgeMachine.Input) {
        pending.append(input)
        while !pending.isEmpty {
            let input = pending.removeFirst()
            if let record = input.record() { journal.append(record) }
            bridge.handle(input, at: now)
            while let output = bridge.nextOutput() {
                if let record = output.record(secrets: bridge.secrets) { journal.append(record) }
                take(output)
            }
        }
    }

    private mutating func take(_ output: BridgeMachine.Output) {
        if case .drive(let channel, let level) = output {
            levels[channel] = level
            edgeCount += 1
            hostWake = hostWake ?? now + delay
            return
        }
        outputs.append(output)
        switch output {
        case .associate: pending.append(.network(.associated))
        case .openTransport: pending.append(.transportOpened)
        case .queryMemory: pending.append(.memory(free: 27_168, allocated: 10_688))
        case .transportSend(let bytes):
            reader.append(bytes)
            while case .packet(let packet)? = try? reader.next() { answer(packet) }
        default: break
        }
    }

    private mutating func answer(_ packet: MQTTPacket) {
        let answer: MQTTPacket
        switch packet {
        case .connect: answer = .connectAcknowledgement(sessionPresent: false, .accepted)
        case .subscribe(let identifier, _):
            answer = .subscribeAcknowledgement(packetIdentifier: identifier, [1])
        case .pingRequest: answer = .pingResponse
        default: return
        }
        if let bytes = try? answer.encoded() { pending.append(.transportReceived(bytes)) }
    }
}

import BridgeProtocol
import LinkProtocol
import MQTTProtocol
import Signals

extension FuzzTarget {
    /// A bridge's session: whatever its host, its network and its broker say, it speaks MQTT and
    /// messages of the link, tells no secret to a journal, and nothing is overdue behind a timer.
    func runBridge(_ bytes: [UInt8]) {
        var input = FuzzBytes(bytes)
        let options = input.byte()
        var configuration = BridgeConfiguration()
        configuration.rules = ReferenceRules(rawValue: input.word())
        if options & 1 != 0 { configuration.pacing = .reference }
        if options & 2 != 0 { configuration.linkQueueFramesMax = 1 }
        if options & 4 != 0 {
            configuration.commandLimits = FrameQueue.Limits(
                frameCountMax: 2, characterCountMax: 64)
        }
        if options & 8 != 0 { configuration.packetLengthMax = 256 }
        if options & 16 != 0 { configuration.subscriptionsMax = 1 }
        if options & 32 != 0 {
            configuration.link.queueLimits = FrameQueue.Limits(
                frameCountMax: 2, characterCountMax: 64)
        }
        configuration.protections.acknowledgesAfterFrame = options & 64 == 0
        configuration.protections.flowControl = options & 128 == 0
        var fuzz = BridgeFuzz(configuration)
        while !input.rest.isEmpty { fuzz.step(&input) }
    }
}

private struct BridgeFuzz: TimedFuzz {
    private var session: BridgeSession
    var clock = FuzzClock()
    private var transport = TransportCheck()
    /// What the owner was asked for and has not said, oldest first.
    private var owed: [BridgeSession.Input] = []
    /// Frames on the link, oldest first.
    private var sent: [Int] = []

    init(_ configuration: BridgeConfiguration) {
        session = BridgeSession(configuration: configuration)
    }

    var deadline: Timestamp? { session.deadline }
    mutating func fire() { feed(.timer) }

    /// An `init` with everything as by default, but for its secrets and the offer to read escapes.
    private static let initialisation: [UInt8] = {
        var fields = InitialiseFields(
            ssid: Array("net".utf8), password: Array("wifisecret".utf8),
            broker: Array("broker".utf8))
        fields.user = Array("user".utf8)
        fields.userPassword = Array("brokersecret".utf8)
        fields.cleanSession = false
        fields.readsEscapes = true
        return (try? HostMessage.initialise(fields).writeAsSpelled()) ?? []
    }()

    mutating func step(_ input: inout FuzzBytes) {
        let code = input.byte()
        let detail = code >> 4
        switch code & 15 {
        case 0: pass(detail, firing: true)
        case 1: pass(detail, firing: false)
        case 2:
            if let input = try? BridgeMachine.Input(record: input.string()) {
                feed(recorded: input)
            }
        case 3, 4: feed(.frame(input.string(), droppedCharacters: Int(detail >> 3)))
        case 5: feed(.frame(BridgeFuzz.initialisation, droppedCharacters: 0))
        case 6: boot()
        case 7: feed(.network([.associated, .failed, .lost][Int(detail % 3)]))
        case 8: if transport.accept() { feed(.transportOpened) }
        case 9: loseTransport()
        case 10: if transport.isOpen { feed(.transportReceived(input.string())) }
        case 11, 12: doWhatIsOwed()
        case 13: if !sent.isEmpty { feed(.left(tag: sent.removeFirst())) }
        case 14: if !sent.isEmpty { feed(.refused(tag: sent.removeFirst(), .sessionEnded)) }
        default: feed(.timer)
        }
    }

    private mutating func boot() {
        feed(.boot)
        feed(.synchronised)
    }

    private mutating func loseTransport() {
        guard transport.isThere else { return }
        transport.forget()
        feed(.transportClosed)
    }

    /// The next thing that makes the bridge go on.
    private mutating func doWhatIsOwed() {
        if !owed.isEmpty {
            feed(owed.removeFirst())
        } else if transport.accept() {
            feed(.transportOpened)
        } else if transport.isOpen, let answer = transport.nextAnswer() {
            feed(.transportReceived(answer))
        } else if !sent.isEmpty {
            feed(.left(tag: sent.removeFirst()))
        }
    }

    /// What the journal can hold goes through the same doors.
    private mutating func feed(recorded input: BridgeMachine.Input) {
        switch input {
        case .boot: boot()
        case .powerOff: feed(.powerOff)
        case .network(let event): feed(.network(event))
        case .transportOpened: if transport.accept() { feed(.transportOpened) }
        case .transportClosed: loseTransport()
        case .transportReceived(let bytes):
            if transport.isOpen { feed(.transportReceived(bytes)) }
        case .internet(let isReachable): feed(.internet(isReachable: isReachable))
        case .serverTime(let time): feed(.serverTime(time))
        case .memory(let free, let allocated): feed(.memory(free: free, allocated: allocated))
        case .timer, .levels: feed(.timer)
        }
    }

    private mutating func feed(_ input: BridgeSession.Input) {
        session.handle(input, at: clock.now)
        while let output = session.nextOutput() {
            take(output)
            if let output = BridgeFuzz.recorded(output) { checkRecord(output) }
        }
        if input == .boot || input == .powerOff {
            precondition(!transport.isThere, "a transport outlives its bridge")
            sent.removeAll()
            owed.removeAll()
        }
        if input == .timer, let deadline = session.deadline {
            precondition(deadline > clock.now, "overdue behind a timer")
        }
    }

    private mutating func take(_ output: BridgeSession.Output) {
        switch output {
        case .send(let frame, let tag):
            check(frame)
            sent.append(tag)
        case .associate: owed.append(.network(.associated))
        case .dissociate: break
        case .openTransport: transport.open()
        case .closeTransport: transport.close()
        case .transportSend(let bytes): transport.send(bytes)
        case .setReading: precondition(transport.isThere, "reads from no transport")
        case .queryInternet: owed.append(.internet(isReachable: true))
        case .queryTime: owed.append(.serverTime(.seconds(848_662_080)))
        case .queryMemory: owed.append(.memory(free: 27_168, allocated: 10_688))
        case .lamp, .imitated, .event: break
        }
    }

    private func check(_ frame: [UInt8]) {
        precondition(frame.allSatisfy { 1...127 ~= $0 }, "a character that cannot be sent")
        if session.configuration.rules.contains(.unsendableBytes) { return }
        precondition(BridgeMessage.parse(frame).message != nil, "a frame that is no message")
    }

    /// The same output as the whole machine's, if that leaves a record.
    private static func recorded(_ output: BridgeSession.Output) -> BridgeMachine.Output? {
        switch output {
        case .send: nil
        case .associate(let network): .associate(network)
        case .dissociate: .dissociate
        case .openTransport(let address): .openTransport(address)
        case .closeTransport: .closeTransport
        case .transportSend(let bytes): .transportSend(bytes)
        case .setReading(let isReading): .setReading(isReading)
        case .queryInternet: .queryInternet
        case .queryTime(let server): .queryTime(server: server)
        case .queryMemory: .queryMemory
        case .lamp(let lamp, let level): .lamp(lamp, level)
        case .imitated(let rule): .imitated(rule)
        case .event(let event): .event(event)
        }
    }

    private func checkRecord(_ output: BridgeMachine.Output) {
        let secrets = session.secrets
        guard let record = output.record(secrets: secrets) else {
            preconditionFailure("an output that leaves no record")
        }
        // Letters only: stars, and the numbers of a record, can be a part of other secrets.
        for secret in secrets
        where secret.count >= 6
            && secret.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 })
        {
            precondition(!record.contains(secret), "a secret in a journal")
        }
        guard let again = try? BridgeMachine.Output(record: record) else {
            preconditionFailure("a record that cannot be read")
        }
        precondition(again.record(secrets: []) == record, "a record that reads as another")
    }
}

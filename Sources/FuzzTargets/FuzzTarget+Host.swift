import HostProtocol
import LinkProtocol
import Signals

extension FuzzTarget {
    /// A host's session, or the whole host on wires: whatever its bridge says and its application
    /// asks for, calls return once, frames can be sent, and nothing is overdue behind a timer.
    func runHost(_ bytes: [UInt8]) {
        var input = FuzzBytes(bytes)
        let options = input.byte()
        let rules = ReferenceRules(rawValue: input.word())
        var configuration = HostConfiguration(
            ssid: Array("net".utf8), password: Array("secret".utf8), broker: Array("b".utf8))
        configuration.rules = rules
        if options & 2 != 0 { configuration.statusHandler = .application }
        if options & 4 != 0 { configuration.pacing = .reference }
        if options & 8 != 0 {
            configuration.will = Publication(
                topic: Array("w".utf8), message: [], retain: .empty, qos: .atLeastOnce)
        }
        if options & 16 != 0 { configuration.publicationsMax = 2 }
        if options & 32 != 0 { configuration.link.frameLengthMax = 20 }
        configuration.trials = HostTrials(rawValue: input.byte() & 15)
        if options & 1 == 0 {
            var fuzz = HostSessionFuzz(configuration)
            while !input.rest.isEmpty { fuzz.step(&input) }
        } else {
            var fuzz = HostMachineFuzz(configuration)
            while !input.rest.isEmpty { fuzz.step(&input) }
        }
    }

    /// Frames that a bridge may say to a frame of its host's.
    static func answers(to frame: [UInt8]) -> [[UInt8]] {
        switch HostMessage.parse(frame).message {
        case .will: [status(7)]
        case .initialise: [2, 1, 0, 5, 9].map { status($0) }
        case .publish: [status(4)]
        case .timeRequest: [Array("i\u{7f}848662080".utf8)]
        case .memoryRequest: [Array("m\u{7f}27168\u{7f}10688".utf8)]
        case .subscribe, .networkAnswer, .other, nil: []
        }
    }

    static func status(_ number: UInt8) -> [UInt8] { Array("t\u{7f}\(number)".utf8) }
}

/// Which calls have not returned.
private struct CallCheck {
    private var open: [Int] = []
    private var last = 0

    /// The same input, its call under a number of its own.
    mutating func numbered(_ input: HostMachine.Input) -> HostMachine.Input {
        guard case .call(let call, _) = input else { return input }
        last += 1
        open.append(last)
        return .call(call, id: last)
    }

    mutating func returned(_ id: Int) {
        guard let place = open.firstIndex(of: id) else {
            preconditionFailure("a call returns twice")
        }
        open.remove(at: place)
    }

    func hasStopped() { precondition(open.isEmpty, "a call does not return when all ends") }
}

private struct HostSessionFuzz: TimedFuzz {
    private var session: HostSession
    var clock = FuzzClock()
    private var calls = CallCheck()
    /// Frames on the link, oldest first.
    private var sent: [(frame: [UInt8], tag: Int)] = []
    private var answers: [[UInt8]] = []
    private static let sentMax = 1_000

    init(_ configuration: HostConfiguration) { session = HostSession(configuration: configuration) }

    var deadline: Timestamp? { session.deadline }
    mutating func fire() { feed(.timer) }

    mutating func step(_ input: inout FuzzBytes) {
        let code = input.byte()
        let detail = code >> 4
        switch code & 15 {
        case 0: pass(detail, firing: true)
        case 1: pass(detail, firing: false)
        case 2, 3:
            if let input = try? HostMachine.Input(record: input.string()) { feed(recorded: input) }
        case 4, 5: feed(.frame(input.string(), droppedCharacters: Int(detail >> 3)))
        case 6: feed(.frame(FuzzTarget.status(detail), droppedCharacters: 0))
        case 7: feed(.start)
        case 8: feed(.synchronised)
        case 9: feed(.failed([.noAnswer, .notSynchronised, .watchdog][Int(detail % 3)]))
        case 10: if let frame = takeSent() { feed(.left(tag: frame.tag)) }
        case 11: if let frame = takeSent() { feed(.refused(tag: frame.tag, .sessionEnded)) }
        case 12, 13: answer()
        case 14: feed(.statusAnswer(detail & 1 == 0 ? .proceed : .reset))
        default: feed(.timer)
        }
    }

    private mutating func takeSent() -> (frame: [UInt8], tag: Int)? {
        sent.isEmpty ? nil : sent.removeFirst()
    }

    /// The bridge says its next word, or hears the host's.
    private mutating func answer() {
        if answers.isEmpty, let frame = takeSent() {
            feed(.left(tag: frame.tag))
            answers = FuzzTarget.answers(to: frame.frame)
        }
        if !answers.isEmpty { feed(.frame(answers.removeFirst(), droppedCharacters: 0)) }
    }

    private mutating func feed(recorded input: HostMachine.Input) {
        switch calls.numbered(input) {
        case .start: feed(.start)
        case .stop: feed(.stop)
        case .call(let call, let id): feed(.call(call, id: id))
        case .statusAnswer(let answer): feed(.statusAnswer(answer))
        case .timer, .levels: feed(.timer)
        }
    }

    private mutating func feed(_ input: HostSession.Input) {
        session.handle(input, at: clock.now)
        while let output = session.nextOutput() { take(output) }
        if input == .stop { calls.hasStopped() }
        if input == .timer, let deadline = session.deadline {
            precondition(deadline > clock.now, "overdue behind a timer")
        }
    }

    private mutating func take(_ output: HostSession.Output) {
        switch output {
        case .startLink, .stopLink:
            sent.removeAll()
            answers.removeAll()
        case .send(let frame, let tag):
            precondition(!frame.isEmpty, "an empty frame")
            precondition(frame.allSatisfy { 1...127 ~= $0 }, "a character that cannot be sent")
            if sent.count < HostSessionFuzz.sentMax { sent.append((frame, tag)) }
        case .returned(let id, _): calls.returned(id)
        case .message, .status, .network, .sessionStarted, .ready, .crashed, .imitated, .event:
            break
        }
    }
}

/// A whole host and the link of a bridge that says anything.
private struct HostMachineFuzz: TimedFuzz {
    private var host: HostMachine
    private var peer = LinkMachine(end: .bridge)
    private var levels = LevelSet.rest
    var clock = FuzzClock()
    private var calls = CallCheck()
    private var heard: [[UInt8]] = []
    /// So many bits are exchanged behind one input.
    private static let bitsMax = 4_096

    init(_ configuration: HostConfiguration) { host = HostMachine(configuration: configuration) }

    var deadline: Timestamp? { host.deadline }
    mutating func fire() { feed(.timer) }

    mutating func step(_ input: inout FuzzBytes) {
        let code = input.byte()
        let detail = code >> 4
        switch code & 15 {
        case 0: pass(detail, firing: true)
        case 1: pass(detail, firing: false)
        case 2, 3: if let input = try? HostMachine.Input(record: input.string()) { feed(input) }
        case 4, 5: say(input.string())
        case 6: say(FuzzTarget.status(detail))
        case 7: feed(.start)
        case 8: peer.handle(.start, at: clock.now)
        case 9: peer.handle(.stop, at: clock.now)
        case 10:
            levels.toggle(detail & 1 == 0 ? .sckin : .srx)
            feed(.levels(clock: levels[.sckin], data: levels[.srx]))
        case 11, 12, 13:
            if let frame = heard.popLast() {
                for answer in FuzzTarget.answers(to: frame) { say(answer) }
            }
        default: feed(.timer)
        }
        exchange()
    }

    private mutating func say(_ frame: [UInt8]) {
        peer.handle(.send(frame: frame, tag: 0), at: clock.now)
    }

    private mutating func feed(_ input: HostMachine.Input) {
        host.handle(calls.numbered(input), at: clock.now)
        drain()
        if input == .stop { calls.hasStopped() }
        guard input == .timer else { return }
        if let deadline = host.deadline, deadline <= clock.now {
            precondition(host.onlyEndsRest(at: clock.now), "overdue behind a timer")
            // A rest that is over as well ends by a firing of its own.
            host.handle(.timer, at: clock.now)
            drain()
        }
        if let deadline = host.deadline {
            precondition(deadline > clock.now, "overdue behind a timer")
        }
    }

    /// Both ends go on until neither moves or it has been enough.
    private mutating func exchange() {
        for _ in 0..<HostMachineFuzz.bitsMax {
            let before = levels
            drainPeer()
            host.handle(.levels(clock: levels[.sckin], data: levels[.srx]), at: clock.now)
            drain()
            peer.handle(.levels(clock: levels[.sckout], data: levels[.stx]), at: clock.now)
            drainPeer()
            if levels == before { return }
        }
    }

    private mutating func drain() {
        while let output = host.nextOutput() {
            switch output {
            case .drive(.reset, let level):
                levels[.reset] = level
                peer.handle(level == .low ? .stop : .start, at: clock.now)
                drainPeer()
            case .drive(let channel, let level):
                precondition(levels[channel] != level, "an edge that is none")
                levels[channel] = level
            case .returned(let id, _): calls.returned(id)
            default: precondition(output.record() != nil, "an output that leaves no record")
            }
        }
    }

    private mutating func drainPeer() {
        while let output = peer.nextOutput() {
            switch output {
            case .drive(let channel, let level): levels[channel] = level
            case .received(let frame, _): heard.append(frame)
            case .synchronised, .sent, .refused, .failed: break
            }
        }
    }
}

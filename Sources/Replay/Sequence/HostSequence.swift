import Decoding
import HostProtocol
import LinkProtocol
import Signals

/// A host's session against the frames of a capture.
struct HostSequence {
    private let schedule: LinkSchedule
    private var session: HostSession
    private var held = HeldFrames()
    private var result = SequenceReplayResult(end: .host)
    private var imitated = [Int](repeating: 0, count: ReferenceRule.allCases.count)
    private var number = 0
    private var nextCall = 0
    private var tags: [Int: Int] = [:]
    /// The machine has asked for a start that the capture has not shown yet.
    private var wantsStart: Timestamp?
    private var nextBlank = 0

    init(schedule: LinkSchedule, rules: ReferenceRules, trial: SequenceTrial) {
        self.schedule = schedule
        session = HostSession(
            configuration: Self.configuration(schedule, rules: rules, trial: trial))
        result.scheduledFrames = schedule.frames(of: .host).count
    }

    /// What the capture's host was told, read off its first `init` and `w`.
    private static func configuration(
        _ schedule: LinkSchedule, rules: ReferenceRules, trial: SequenceTrial
    ) -> HostConfiguration {
        var configuration = HostConfiguration(ssid: [], password: [], broker: [])
        configuration.initialisation.readsEscapes = false
        var hasInit = false
        for frame in schedule.frames(of: .host) where !frame.isCutOff {
            switch HostMessage.parse(frame.text) {
            case .message(.initialise(var fields)) where !hasInit:
                configuration.resumes = fields.resumes
                fields.resumes = false
                configuration.initialisation = fields
                hasInit = true
            case .message(.initialise(let fields)) where fields.resumes:
                configuration.resumes = true
            case .message(.will(let will)) where configuration.will == nil:
                configuration.will = will
            default: break
            }
        }
        configuration.rules = rules
        // Time is the capture's: nothing that it does not show may run out.
        configuration.startStepTimeout = .seconds(1 << 30)
        configuration.answerMargin = .seconds(1 << 30)
        configuration.timeAnswerTimeout = .seconds(1 << 30)
        configuration.publicationsMax = 1 << 20
        configuration.callsMax = 1 << 20
        configuration.subscriptionsMax = 1 << 12
        configuration.frameLengthMax = 1 << 20
        switch trial {
        case .none: break
        case .retainAsWord: configuration.trials = .retainAsWord
        case .extraMemoryRequest: configuration.trials = .extraMemoryRequest
        case .initialiseBeforeWill: configuration.trials = .initialiseBeforeWill
        case .forgetsSubscriptions: configuration.trials = .forgetsSubscriptions
        }
        return configuration
    }

    mutating func run() -> (result: SequenceReplayResult, imitated: [Int]) {
        if schedule.beginsInMidLink {
            result.untold = (.zero, "no start of the link in the capture")
            return (result, imitated)
        }
        for entry in FrameSequence(schedule).entries {
            if let blank = schedule.blanks.first, blank.start <= entry.time {
                result.untold = (blank.start, blank.reason)
                break
            }
            fireTimers(until: entry.time)
            switch entry.item {
            case .session(let next): begin(next)
            case .synchronised: feed(.synchronised, at: entry.time)
            case .begins(.host, let place): compare(place, at: entry.time)
            case .ends(.host, let place):
                if let tag = tags[place] { feed(.left(tag: tag), at: entry.time) }
            case .ends(.bridge, let place): receive(place, at: entry.time)
            case .begins(.bridge, _): break
            }
            if result.divergence != nil { break }
        }
        if result.divergence == nil, result.untold == nil, let last = schedule.lastTime {
            checkLeftOver(at: last)
        }
        return (result, imitated)
    }

    // MARK: Inputs

    private mutating func feed(_ input: HostSession.Input, at time: Timestamp) {
        session.handle(input, at: time)
        while let output = session.nextOutput() {
            switch output {
            case .send(let frame, let tag): held.append(frame, tag: tag, at: time)
            case .startLink:
                wantsStart = time
                held.removeAll()
            case .imitated(let rule): imitated[Int(rule.rawValue)] += 1
            case .stopLink, .returned, .message, .status, .network, .sessionStarted, .ready,
                .crashed, .event:
                break
            }
        }
    }

    private mutating func fireTimers(until time: Timestamp) {
        // Each firing moves the machine on; what does not stop is cut short.
        for _ in 0..<16 {
            guard let deadline = session.deadline, deadline <= time else { return }
            feed(.timer, at: max(deadline, .zero))
        }
    }

    private mutating func receive(_ place: Int, at time: Timestamp) {
        let frame = schedule.frames(of: .bridge)[place]
        guard frame.session == number else { return }
        feed(.frame(frame.text, droppedCharacters: 0), at: time)
        result.receivedFrames += 1
    }

    /// The capture's host leaves its session: so must the machine, or there is a reason for it that
    /// its session does not know.
    private mutating func begin(_ next: LinkSchedule.Session) {
        let time = next.hostLeft
        checkLeftOver(at: time)
        if result.divergence != nil { return }
        switch next.cause {
        case _ where wantsStart != nil: break
        case .start:
            if hasRunBefore {
                session.assumeEarlierSession()
                result.count(.earlierSession)
            }
            feed(.start, at: time)
            result.count(.start)
        case .watchdog: feed(.failed(.watchdog), at: time)
        case .noSynchronisation: feed(.failed(.noAnswer), at: time)
        case .hostRestart:
            nextCall += 1
            feed(.call(.restart, id: nextCall), at: time)
            result.count(.restart)
        case .fatalStatus:
            // The machine has heard the same status, and should have acted on it.
            result.divergence = .init(
                kind: .restart, time: time, session: number, number: 0, expected: [], found: [],
                firstBit: 0, awaits: waiting)
            return
        }
        wantsStart = nil
        number = next.number
        result.sessions += 1
        callEarlySubscriptions(at: time)
    }

    /// The capture's host publishes before the bridge's first RUNNING, as the reference does after a
    /// restart: the capture begins with a start that was not the host's first.
    private var hasRunBefore: Bool {
        guard session.configuration.rules.contains(.publishBeforeRunning) else { return false }
        let running = BridgeMessage.status(.running)
        let end = schedule.frames(of: .bridge).first { frame in
            frame.session == 1 && BridgeMessage.parse(frame.text) == .message(running)
        }
        return schedule.frames(of: .host).contains { frame in
            guard frame.session == 1, !frame.isCutOff,
                case .message(.publish) = HostMessage.parse(frame.text)
            else { return false }
            return end.map { frame.start < $0.end } ?? true
        }
    }

    /// A subscription that the capture's host sends twice in its first session was called for
    /// before the link was ready.
    private mutating func callEarlySubscriptions(at time: Timestamp) {
        guard number == 1 else { return }
        var seen: [[UInt8]] = []
        var called: [[UInt8]] = []
        for frame in schedule.frames(of: .host) where frame.session == 1 && !frame.isCutOff {
            guard case .message(.subscribe(let filter, let qos)) = HostMessage.parse(frame.text)
            else { continue }
            if seen.contains(frame.text), !called.contains(frame.text) {
                called.append(frame.text)
                call(.subscribe(filter: filter, qos: qos), as: .subscribeCall, at: time)
            }
            seen.append(frame.text)
        }
    }

    // MARK: Comparison

    private mutating func compare(_ place: Int, at time: Timestamp) {
        let frame = schedule.frames(of: .host)[place]
        guard frame.session == number else { return }
        if held.isEmpty { conclude(frame.text, isCutOff: frame.isCutOff, at: time) }
        let found = held.first?.text ?? []
        let isEqual =
            frame.isCutOff
            ? frame.text.dropLast().elementsEqual(found.prefix(frame.text.count - 1))
            : found == frame.text
        guard isEqual, let first = held.first else {
            if frame.isCutOff, found.isEmpty { return }
            return diverge(.frame, at: time, place: place, found: found)
        }
        tags[place] = first.tag
        held.removeFirst()
        result.equalFrames += 1
    }

    /// The call that the capture's application must have made.
    private mutating func conclude(_ frame: [UInt8], isCutOff: Bool, at time: Timestamp) {
        guard !isCutOff, case .message(let message) = HostMessage.parse(frame) else { return }
        switch message {
        case .publish(let publication):
            call(
                .publish(
                    topic: publication.topic, message: publication.message,
                    isRetained: publication.retain.isSet, qos: publication.qos),
                as: .publishCall, at: time)
        case .subscribe(let filter, let qos):
            // Nobody subscribes to the same thing twice, and after a restart the machine itself must
            // renew what it holds.
            guard !hasSubscribed(frame, before: time) else { return }
            call(.subscribe(filter: filter, qos: qos), as: .subscribeCall, at: time)
        case .timeRequest:
            call(
                .time(pause: ConfigurationText.timeMax, countsFrom2000: true), as: .timeCall,
                at: time)
        case .memoryRequest: call(.memory, as: .memoryCall, at: time)
        case .other(let string): call(.command(string), as: .commandCall, at: time)
        case .will, .initialise, .networkAnswer: break
        }
    }

    private func hasSubscribed(_ frame: [UInt8], before time: Timestamp) -> Bool {
        schedule.frames(of: .host).contains { $0.start < time && $0.text == frame }
    }

    private mutating func call(
        _ call: HostCall, as inference: SequenceReplayResult.Inference, at time: Timestamp
    ) {
        nextCall += 1
        result.count(inference)
        feed(.call(call, id: nextCall), at: time)
    }

    /// A frame that the machine holds, and that the wires had time for, is one too many.
    private mutating func checkLeftOver(at time: Timestamp) {
        guard let first = held.first, time - first.since > Self.patience else {
            return held.removeAll()
        }
        // While another frame is sent, or the peer stands still, nothing can be said.
        let frames = schedule.frames(of: .host)
        let last = frames.last { $0.session == number && $0.start < time }
        if let last, last.isCutOff { return held.removeAll() }
        let idleSince = max(first.since, last?.end ?? first.since)
        let standsStill = schedule.sessions.contains {
            $0.hostLeft == time && $0.cause == .watchdog
        }
        guard !standsStill, time - idleSince > Self.patience else { return held.removeAll() }
        diverge(.surplus, at: time, place: frames.count, found: first.text)
    }

    /// Many characters at the speed of the slowest boards.
    private static var patience: Nanoseconds { .milliseconds(500) }

    private mutating func diverge(
        _ kind: SequenceReplayResult.Divergence.Kind, at time: Timestamp, place: Int,
        found: [UInt8]
    ) {
        let frames = schedule.frames(of: .host)
        let frame = place < frames.count ? frames[place] : nil
        result.divergence = .init(
            kind: kind, time: time, session: number, number: place + 1,
            expected: frame?.text ?? [], found: found, firstBit: frame?.firstBit ?? 0,
            awaits: waiting)
    }

    private var waiting: String {
        if !session.isRunning { return "the bridge's RUNNING" }
        return session.isNetworkUp ? "a call, or the answer to its publication" : "the network"
    }
}

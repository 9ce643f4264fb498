import Decoding
import HostProtocol
import LinkProtocol
import Signals

/// A host's session against the frames of a capture.
struct HostSequence {
    private let schedule: LinkSchedule
    private var session: HostSession
    private var comparison: FrameComparison
    private var nextCall = 0
    /// The machine has asked for a start that the capture has not shown yet.
    private var wantsStart = false

    init(schedule: LinkSchedule, rules: ReferenceRules, trial: SequenceTrial) {
        self.schedule = schedule
        comparison = FrameComparison(of: .host, with: schedule)
        session = HostSession(
            configuration: Self.configuration(schedule, rules: rules, trial: trial))
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
            comparison.result.untold = (.zero, "no start of the link in the capture")
            return (comparison.result, comparison.imitated)
        }
        for entry in FrameSequence(schedule).entries {
            if let blank = schedule.blanks.first, blank.start <= entry.time {
                comparison.result.untold = (blank.start, blank.reason)
                break
            }
            fireTimers(until: entry.time)
            switch entry.item {
            case .session(let next): begin(next)
            case .synchronised: feed(.synchronised, at: entry.time)
            case .begins(.host, let place): compare(place, at: entry.time)
            case .ends(.host, let place):
                if let tag = comparison.tag(of: place) { feed(.left(tag: tag), at: entry.time) }
            case .ends(.bridge, let place): receive(place, at: entry.time)
            case .begins(.bridge, _): break
            }
            if comparison.hasDiverged { break }
        }
        if !comparison.hasDiverged, comparison.result.untold == nil, let last = schedule.lastTime {
            comparison.checkLeftOver(at: last, next: nil, awaits: waiting)
        }
        return (comparison.result, comparison.imitated)
    }

    // MARK: Inputs

    private mutating func feed(_ input: HostSession.Input, at time: Timestamp) {
        session.handle(input, at: time)
        while let output = session.nextOutput() {
            switch output {
            case .send(let frame, let tag): comparison.held.append(frame, tag: tag, at: time)
            case .startLink:
                wantsStart = true
                comparison.held.removeAll()
            case .imitated(let rule): comparison.count(rule)
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
        guard let frame = comparison.heard(place) else { return }
        feed(.frame(frame, droppedCharacters: 0), at: time)
        comparison.result.receivedFrames += 1
    }

    /// The capture's host leaves its session: so must the machine, or there is a reason for it that
    /// its session does not know.
    private mutating func begin(_ next: LinkSchedule.Session) {
        let time = next.hostLeft
        comparison.checkLeftOver(at: time, next: next, awaits: waiting)
        if comparison.hasDiverged { return }
        switch next.cause {
        case _ where wantsStart: break
        case .start:
            if hasRunBefore {
                session.assumeEarlierSession()
                comparison.result.count(.earlierSession)
            }
            feed(.start, at: time)
            comparison.result.count(.start)
        case .watchdog: feed(.failed(.watchdog), at: time)
        case .noSynchronisation: feed(.failed(.noAnswer), at: time)
        case .hostRestart:
            nextCall += 1
            feed(.call(.restart, id: nextCall), at: time)
            comparison.result.count(.restart)
        case .fatalStatus:
            // The machine has heard the same status, and should have acted on it.
            comparison.diverge(
                .restart, at: time, place: comparison.frames.count, found: [], awaits: waiting)
            return
        }
        wantsStart = false
        comparison.begin(next)
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
        guard comparison.session == 1 else { return }
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
        let frame = comparison.frames[place]
        guard frame.session == comparison.session else { return }
        if comparison.held.isEmpty { conclude(frame.text, isCutOff: frame.isCutOff, at: time) }
        comparison.compare(place, at: time, awaits: waiting)
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
        comparison.result.count(inference)
        feed(.call(call, id: nextCall), at: time)
    }

    private var waiting: String {
        if !session.isRunning { return "the bridge's RUNNING" }
        return session.isNetworkUp ? "a call, or the answer to its publication" : "the network"
    }
}

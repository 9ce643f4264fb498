import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: every frame of the host is answered, or is being worked on, or waits behind
// one that is; and one at a time is worked on.

extension BridgeSession {
    /// Takes a frame of the host.
    mutating func take(_ frame: [UInt8], droppedCharacters: Int, at now: Timestamp) {
        switch phase {
        case .off, .synchronising, .stuck: return
        case .awaitingInit, .searching, .awaitingAnswer, .settling, .connecting, .running: break
        }
        if droppedCharacters > 0 {
            note(.truncatedFrame(droppedCharacters: droppedCharacters))
            if !isRunning { phase = .stuck }
            return sayUnknown(Text.tooLong, frame, at: now)
        }
        enqueue(frame, at: now)
        switch phase {
        // While SPECNET's answer is due, a command that comes too early is left where it is.
        case .awaitingInit, .awaitingAnswer, .running: if case .idle = work { wait(at: now) }
        case .off, .synchronising, .searching, .settling, .connecting, .stuck: break
        }
    }

    private mutating func enqueue(_ frame: [UInt8], at now: Timestamp) {
        if case .dead = work { return }
        do throws(SendRefusal) {
            try commands.append(frame)
        } catch {
            note(.commandsFull(limit: BridgeSession.limit(of: error)))
            if !isRunning { phase = .stuck }
            sayUnknown(Text.tooMany, frame, at: now)
        }
    }

    private static func limit(of refusal: SendRefusal) -> Int {
        switch refusal {
        case .queueFull(let limit), .queueCharactersFull(let limit): limit
        case .empty, .unsendable, .notStarted, .sessionEnded: 0
        }
    }

    /// Has the next command looked at, when the reference would.
    mutating func wait(at now: Timestamp) {
        if case .dead = work { return }
        let pacing = configuration.pacing
        let look =
            isRunning
            ? BridgePacing.next(multipleOf: pacing.queuePoll, since: runningSince, from: now)
            : BridgePacing.next(multipleOf: pacing.startPoll, since: bootedAt, from: now)
        work = .due(at: look + pacing.commandOverhead)
    }

    mutating func fireWorkDeadline(at now: Timestamp) {
        // Each round takes a frame from a queue that nothing fills meanwhile, or ends in a wait.
        while let until = work.deadline, until <= now { stepWork(at: now) }
    }

    private mutating func stepWork(at now: Timestamp) {
        switch work {
        case .idle, .publishing, .subscribing, .dead: break
        case .due: takeNextCommand(at: now)
        case .finishing: finishCommand(at: now)
        case .askingInternet:
            note(.unanswered(.internet))
            answerTime(nil, since: now, at: now)
        case .knowingInternet(let isReachable, _):
            if isReachable { askTime(at: now) } else { answerTime(nil, since: now, at: now) }
        case .askingTime:
            note(.unanswered(.time))
            answerTime(nil, since: now, at: now)
        case .knowingTime(let time, let since, _): answerTime(time, since: since, at: now)
        case .askingMemory:
            note(.unanswered(.memory))
            answerMemory(free: 0, allocated: 0, at: now)
        }
    }

    private mutating func takeNextCommand(at now: Timestamp) {
        work = .idle
        switch phase {
        case .awaitingInit:
            if let frame = commands.popFirst() { startCommand(frame, at: now) }
            if case .awaitingInit = phase, !commands.isEmpty { wait(at: now) }
        case .awaitingAnswer:
            if let frame = takeNetworkAnswer() { networkAnswer(frame, at: now) }
        case .running:
            if let frame = commands.popFirst() { run(frame, at: now) }
        case .off, .synchronising, .searching, .settling, .connecting, .stuck: break
        }
    }

    /// Takes the answer to SPECNET out of the queue; what is left keeps its order.
    ///
    /// What came before the question is no answer to it, except in the reference.
    private mutating func takeNetworkAnswer() -> [UInt8]? {
        if imitates(.networkAnswerAny) { return commands.popFirst() }
        var answer: [UInt8]?
        for index in 0..<commands.count {
            guard let frame = commands.popFirst() else { break }
            if answer == nil, index >= commandsBeforeQuestion, isNetworkAnswer(frame) {
                answer = frame
                continue
            }
            do throws(SendRefusal) { try commands.append(frame) } catch { break }
        }
        return answer
    }

    /// The command at hand is done: the next one's turn.
    mutating func finishCommand(at now: Timestamp) {
        command = []
        work = .idle
        if isRunning, !commands.isEmpty { wait(at: now) }
    }

    private mutating func run(_ frame: [UInt8], at now: Timestamp) {
        command = frame
        let reading = HostFrameReading(frame, rules: configuration.rules)
        switch reading.outcome {
        case .message(let message):
            imitate(reading.imitated)
            run(message, at: now)
        case .malformed(let fault):
            if fault.command == nil {
                note(.malformedFrame(fault))
                return refuse(Text.unknownCommand, at: now)
            }
            // A second `init` or will is as unknown as garbage, however it is spelled.
            if fault.command == .initialise || fault.command == .will {
                return refuse(Text.unknownCommand, at: now)
            }
            note(.malformedFrame(fault))
            if imitates(.taskDiesAlone) { return die() }
            refuse(Text.malformed(fault), at: now)
        }
    }

    private mutating func run(_ message: HostMessage, at now: Timestamp) {
        switch message {
        case .publish(let publication): publish(publication, at: now)
        case .subscribe(let filter, let qos):
            guard TopicFilter.isValidFilter(filter) else {
                note(.commandUnsendable)
                return refuse(Text.notAFilter, at: now)
            }
            let tag = takeTag()
            hold(filter, tag: tag)
            work = .subscribing(tag: tag, since: now)
            tell(
                .subscribe(
                    filter: filter, qos: qos == .atLeastOnce ? .atLeastOnce : .atMostOnce,
                    tag: tag), at: now)
        case .timeRequest:
            if fields?.isDebugging == true, imitates(.taskDiesAlone) { return die() }
            work = .askingInternet(since: now, until: now + configuration.waits.internetCheck)
            outputs.append(.queryInternet)
        case .memoryRequest:
            work = .askingMemory(until: now + configuration.waits.memoryAnswer)
            outputs.append(.queryMemory)
        case .will, .initialise, .networkAnswer, .other: refuse(Text.unknownCommand, at: now)
        }
    }

    private mutating func publish(_ publication: Publication, at now: Timestamp) {
        guard TopicFilter.isValidTopic(publication.topic) else {
            note(.commandUnsendable)
            return refuse(Text.notATopic, at: now)
        }
        let tag = takeTag()
        work = .publishing(tag: tag, qos: publication.qos)
        tell(
            .publish(
                topic: publication.topic, message: publication.message,
                isRetained: publication.retain.isSet,
                qos: publication.qos == .atLeastOnce ? .atLeastOnce : .atMostOnce, tag: tag),
            at: now)
    }

    private mutating func takeTag() -> Int {
        defer { nextTag &+= 1 }
        return nextTag
    }

    /// Answers the command at hand with UNKNOWN.
    private mutating func refuse(_ text: [UInt8], at now: Timestamp) {
        sayUnknown(text, command, at: now)
        finishCommand(at: now)
    }

    private mutating func die() {
        imitate(.taskDiesAlone)
        work = .dead
        command = []
        commands.removeAll()
    }
}

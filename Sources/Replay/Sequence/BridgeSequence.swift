import BridgeProtocol
import Decoding
import LinkProtocol
import MQTTProtocol
import Signals

/// A bridge's session against the frames of a capture.
///
/// The network and the broker are played by a ``BridgePuppet``, which does the next thing that the
/// machine waits for, and only when the capture's next frame needs it.
struct BridgeSequence {
    private let schedule: LinkSchedule
    private var session: BridgeSession
    private var puppet: BridgePuppet
    /// What the reference's time is late by.
    private let timeOffset: Nanoseconds
    private var held = HeldFrames()
    private var result = SequenceReplayResult(end: .bridge)
    private var imitated = [Int](repeating: 0, count: ReferenceRule.allCases.count)
    private var number = 0
    /// The place of the capture's next frame.
    private var nextPlace = 0
    private var tags: [Int: Int] = [:]

    init(schedule: LinkSchedule, rules: ReferenceRules) {
        self.schedule = schedule
        var configuration = BridgeConfiguration()
        configuration.rules = rules
        // The capture's own times count: nothing settles, nothing runs out.
        configuration.waits.networkSearch = .seconds(1 << 24)
        configuration.waits.networkSettling = .zero
        configuration.waits.afterWiFiStatus = .zero
        configuration.waits.reconnectPause = .zero
        configuration.waits.stability = .zero
        configuration.waits.cleanPause = .zero
        configuration.waits.brokerAnswer = .seconds(1 << 24)
        configuration.waits.internetCheck = .seconds(1 << 24)
        configuration.waits.timeAnswer = .seconds(1 << 24)
        configuration.waits.memoryAnswer = .seconds(1 << 24)
        configuration.waits.heartbeat = .zero
        session = BridgeSession(configuration: configuration)
        timeOffset = rules.contains(.timeLate) ? .seconds(2) : .zero
        puppet = BridgePuppet(timeOffset: timeOffset)
        result.scheduledFrames = schedule.frames(of: .bridge).count
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
            switch entry.item {
            case .session(let next): begin(next)
            case .synchronised:
                feed(.synchronised, at: entry.time)
                settle(at: entry.time)
            case .begins(.bridge, let place): compare(place, at: entry.time)
            case .ends(.bridge, let place):
                if let tag = tags[place] { feed(.left(tag: tag), at: entry.time) }
                settle(at: entry.time)
            case .ends(.host, let place): receive(place, at: entry.time)
            case .begins(.host, _): break
            }
            if result.divergence != nil { break }
        }
        if result.divergence == nil, result.untold == nil, let last = schedule.lastTime {
            checkLeftOver(at: last, next: nil)
        }
        return (result, imitated)
    }

    // MARK: Inputs

    private mutating func feed(_ input: BridgeSession.Input, at time: Timestamp) {
        session.handle(input, at: time)
        while let output = session.nextOutput() {
            switch output {
            case .send(let frame, let tag): held.append(frame, tag: tag, at: time)
            case .imitated(let rule): imitated[Int(rule.rawValue)] += 1
            default: puppet.take(output)
            }
        }
    }

    /// Lets the machine's own timers fire, and answers what says nothing: pings and subscriptions.
    private mutating func settle(at time: Timestamp) {
        for _ in 0..<64 {
            if let input = puppet.nextFormality() {
                feed(input, at: time)
            } else if let deadline = session.deadline, deadline <= time {
                feed(.timer, at: time)
            } else {
                return
            }
        }
    }

    private mutating func receive(_ place: Int, at time: Timestamp) {
        let frame = schedule.frames(of: .host)[place]
        guard frame.session == number else { return }
        sendMessagesAhead(of: frame.text, at: time)
        hear(frame.text, at: time)
        result.receivedFrames += 1
    }

    private mutating func hear(_ frame: [UInt8], at time: Timestamp) {
        feed(.frame(frame, droppedCharacters: 0), at: time)
        settle(at: time)
    }

    /// The capture's bridge takes its time for an answer. A message that overtook it was there
    /// before the request: it is concluded so when the machine would answer first.
    private mutating func sendMessagesAhead(of request: [UInt8], at time: Timestamp) {
        let frames = schedule.frames(of: .bridge)
        // As many as fit between a request and its answer.
        for _ in 0..<64 {
            let next = nextPlace + held.frames.count
            guard next < frames.count, frames[next].session == number,
                case .message(let message) = BridgeMessage.parse(frames[next].text),
                case .message = BridgePuppet.Wish(for: message)
            else { return }
            var ahead = self
            ahead.hear(request, at: time)
            guard ahead.held.frames.count > held.frames.count,
                ahead.held.frames[held.frames.count].text != frames[next].text
            else { return }
            let count = held.frames.count
            conclude(frames[next].text, isCutOff: false, at: time)
            if held.frames.count == count { return }
        }
    }

    private mutating func begin(_ next: LinkSchedule.Session) {
        checkLeftOver(at: next.hostLeft, next: next)
        if result.divergence != nil { return }
        held.removeAll()
        tags.removeAll(keepingCapacity: true)
        puppet = BridgePuppet(timeOffset: timeOffset)
        number = next.number
        result.sessions += 1
        feed(.powerOff, at: next.hostLeft)
        feed(.boot, at: next.hostLeft)
        result.count(.boot)
    }

    // MARK: Comparison

    private mutating func compare(_ place: Int, at time: Timestamp) {
        nextPlace = place + 1
        let frame = schedule.frames(of: .bridge)[place]
        guard frame.session == number else { return }
        settle(at: time)
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

    /// What the network and the broker must have done for this frame.
    private mutating func conclude(_ frame: [UInt8], isCutOff: Bool, at time: Timestamp) {
        guard !isCutOff, case .message(let message) = BridgeMessage.parse(frame) else { return }
        let wish = BridgePuppet.Wish(for: message)
        let count = held.frames.count
        // A start or a reconnection takes a few steps; more than that leads nowhere.
        for _ in 0..<32 where held.frames.count == count {
            guard let (input, inference) = puppet.nextStep(towards: wish) else { break }
            result.count(inference)
            feed(input, at: time)
            settle(at: time)
        }
    }

    /// A frame that the machine holds, and that the wires had time for, is one too many.
    private mutating func checkLeftOver(at time: Timestamp, next: LinkSchedule.Session?) {
        guard let first = held.first, next?.cause != .watchdog else { return }
        let frames = schedule.frames(of: .bridge)
        let last = frames.last { $0.session == number && $0.start < time }
        if let last, last.isCutOff { return }
        let idleSince = max(first.since, last?.end ?? first.since)
        guard time - idleSince > .milliseconds(500) else { return }
        diverge(.surplus, at: time, place: frames.count, found: first.text)
    }

    private mutating func diverge(
        _ kind: SequenceReplayResult.Divergence.Kind, at time: Timestamp, place: Int,
        found: [UInt8]
    ) {
        let frames = schedule.frames(of: .bridge)
        let frame = place < frames.count ? frames[place] : nil
        result.divergence = .init(
            kind: kind, time: time, session: number, number: place + 1,
            expected: frame?.text ?? [], found: found, firstBit: frame?.firstBit ?? 0,
            awaits: puppet.waiting)
    }
}

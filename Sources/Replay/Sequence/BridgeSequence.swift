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
    private var comparison: FrameComparison
    /// The place of the capture's next frame.
    private var nextPlace = 0

    init(schedule: LinkSchedule, rules: ReferenceRules) {
        self.schedule = schedule
        comparison = FrameComparison(of: .bridge, with: schedule)
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
            switch entry.item {
            case .session(let next): begin(next)
            case .synchronised:
                feed(.synchronised, at: entry.time)
                settle(at: entry.time)
            case .begins(.bridge, let place): compare(place, at: entry.time)
            case .ends(.bridge, let place):
                if let tag = comparison.tag(of: place) { feed(.left(tag: tag), at: entry.time) }
                settle(at: entry.time)
            case .ends(.host, let place): receive(place, at: entry.time)
            case .begins(.host, _): break
            }
            if comparison.hasDiverged { break }
        }
        if !comparison.hasDiverged, comparison.result.untold == nil, let last = schedule.lastTime {
            comparison.checkLeftOver(at: last, next: nil, awaits: puppet.waiting)
        }
        return (comparison.result, comparison.imitated)
    }

    // MARK: Inputs

    private mutating func feed(_ input: BridgeSession.Input, at time: Timestamp) {
        session.handle(input, at: time)
        while let output = session.nextOutput() {
            switch output {
            case .send(let frame, let tag): comparison.held.append(frame, tag: tag, at: time)
            case .imitated(let rule): comparison.count(rule)
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
        guard let frame = comparison.heard(place) else { return }
        sendMessagesAhead(of: frame, at: time)
        hear(frame, at: time)
        comparison.result.receivedFrames += 1
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
            let next = nextPlace + comparison.held.frames.count
            guard next < frames.count, frames[next].session == comparison.session,
                case .message(let message) = BridgeMessage.parse(frames[next].text),
                case .message = BridgePuppet.Wish(for: message)
            else { return }
            var ahead = self
            ahead.hear(request, at: time)
            guard ahead.comparison.held.frames.count > comparison.held.frames.count,
                ahead.comparison.held.frames[comparison.held.frames.count].text != frames[next].text
            else { return }
            let count = comparison.held.frames.count
            conclude(frames[next].text, isCutOff: false, at: time)
            if comparison.held.frames.count == count { return }
        }
    }

    private mutating func begin(_ next: LinkSchedule.Session) {
        comparison.checkLeftOver(at: next.hostLeft, next: next, awaits: puppet.waiting)
        if comparison.hasDiverged { return }
        comparison.begin(next)
        puppet = BridgePuppet(timeOffset: timeOffset)
        feed(.powerOff, at: next.hostLeft)
        feed(.boot, at: next.hostLeft)
        comparison.result.count(.boot)
    }

    // MARK: Comparison

    private mutating func compare(_ place: Int, at time: Timestamp) {
        nextPlace = place + 1
        let frame = schedule.frames(of: .bridge)[place]
        guard frame.session == comparison.session else { return }
        settle(at: time)
        if comparison.held.isEmpty { conclude(frame.text, isCutOff: frame.isCutOff, at: time) }
        comparison.compare(place, at: time, awaits: puppet.waiting)
    }

    /// What the network and the broker must have done for this frame.
    private mutating func conclude(_ frame: [UInt8], isCutOff: Bool, at time: Timestamp) {
        guard !isCutOff, case .message(let message) = BridgeMessage.parse(frame) else { return }
        let wish = BridgePuppet.Wish(for: message)
        let count = comparison.held.frames.count
        // A start or a reconnection takes a few steps; more than that leads nowhere.
        for _ in 0..<32 where comparison.held.frames.count == count {
            guard let (input, inference) = puppet.nextStep(towards: wish) else { break }
            comparison.result.count(inference)
            feed(input, at: time)
            settle(at: time)
        }
    }
}

import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: what ends a command, and what the host is told then.

extension BridgeSession {
    /// The client has done with a publication.
    mutating func published(_ tag: Int, at now: Timestamp) {
        guard case .publishing(tag, let qos) = work else { return }
        note(.published(qos: qos))
        say(.status(.publicationOK), after: configuration.pacing.answerOverhead, at: now)
        finishCommand(at: now)
    }

    /// The broker has answered a subscription.
    mutating func subscribed(_ tag: Int, at now: Timestamp) {
        guard case .subscribing(tag, let since) = work else { return }
        let poll = configuration.pacing.acknowledgementPoll
        guard poll > .zero else { return finishCommand(at: now) }
        work = .finishing(at: BridgePacing.next(multipleOf: poll, since: since, from: now))
    }

    /// The client refuses what it was asked for.
    mutating func unsendable(_ tag: Int, at now: Timestamp) {
        switch work {
        case .publishing(tag, _), .subscribing(tag, _): break
        default: return
        }
        note(.commandUnsendable)
        sayUnknown(Text.unsendable, command, at: now)
        finishCommand(at: now)
    }

    mutating func take(internet isReachable: Bool, at now: Timestamp) {
        guard case .askingInternet(let since, _) = work else { return }
        work = .knowingInternet(
            isReachable: isReachable, at: max(now, since + configuration.pacing.internetCheck))
    }

    mutating func askTime(at now: Timestamp) {
        work = .askingTime(since: now, until: now + configuration.waits.timeAnswer)
        outputs.append(.queryTime(server: timeServer))
    }

    mutating func take(serverTime time: Nanoseconds?, at now: Timestamp) {
        guard case .askingTime(let since, _) = work else { return }
        work = .knowingTime(
            time, since: now, at: max(now, since + configuration.pacing.timeAnswer))
    }

    /// Tells the host what time it is now, from what it was before; nil: not known.
    mutating func answerTime(_ time: Nanoseconds?, since: Timestamp, at now: Timestamp) {
        var seconds: Int64 = 0
        if let time, time > .zero, time.count < Timestamp.latest.nanoseconds {
            var present = time + (now - since)
            if imitates(.timeLate) {
                imitate(.timeLate)
                present = present - BridgeSession.timeLateBy
            }
            seconds = max(0, present.count / 1_000_000_000)
        }
        say(
            .time(secondsSince2000: seconds), after: configuration.pacing.answerOverhead, at: now)
        finishCommand(at: now)
    }

    /// How old the reference's time is: as long as it waits for the answer.
    private static var timeLateBy: Nanoseconds { .seconds(2) }

    mutating func take(memoryFree free: Int64, allocated: Int64, at now: Timestamp) {
        guard case .askingMemory = work else { return }
        answerMemory(free: free, allocated: allocated, at: now)
    }

    mutating func answerMemory(free: Int64, allocated: Int64, at now: Timestamp) {
        let range = 0...BridgeSession.memoryMax
        say(
            .memory(
                free: min(max(free, range.lowerBound), range.upperBound),
                allocated: min(max(allocated, range.lowerBound), range.upperBound)),
            after: configuration.pacing.answerOverhead, at: now)
        finishCommand(at: now)
    }

    /// The most memory that fits a field: 17 digits.
    private static var memoryMax: Int64 { 99_999_999_999_999_999 }
}

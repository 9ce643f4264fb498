public import LinkProtocol
public import Signals

/// One end's session against a capture that holds only edges: at the bit where a frame of that end
/// began, its machine must hold exactly this frame.
///
/// The other end's frames go in when they were complete. What caused this end's own, calls and
/// events of the network, is not on the wires: it is concluded from the frame that is due, and only
/// when the machine holds none. So a machine that would say something else, something more, or the
/// same in another order is found. How the frames are put on the wires is ``LinkReplay``'s part.
///
/// The reference's known faults are imitated by rule. A rule counts as an exemption only where the
/// replay differs without it; that is tried out. Ref: Documentation/Replay.md, Sequence.
public struct SequenceReplay: Sendable {
    /// The end whose session is replayed.
    public let end: LinkEnd
    /// What a first pass over the capture found.
    public let schedule: LinkSchedule
    /// The faults of the reference that may be imitated.
    public let rules: ReferenceRules
    /// What a test changes in the host on purpose.
    public let trial: SequenceTrial

    /// A replay of one end.
    public init(
        end: LinkEnd, schedule: LinkSchedule, rules: ReferenceRules,
        trial: SequenceTrial = .none
    ) {
        self.end = end
        self.schedule = schedule
        self.rules = rules
        self.trial = trial
    }

    /// Replays, and finds out which rules were needed.
    public func result() -> SequenceReplayResult {
        var (result, imitated) = replay(with: rules)
        guard result.divergence == nil else { return result }
        for rule in ReferenceRule.allCases where imitated[Int(rule.rawValue)] > 0 {
            let without = replay(with: rules.without(rule)).result
            if without.divergence != nil {
                result.exemptions.append(
                    .init(rule: rule, count: imitated[Int(rule.rawValue)]))
            }
        }
        return result
    }

    private func replay(
        with rules: ReferenceRules
    ) -> (result: SequenceReplayResult, imitated: [Int]) {
        switch end {
        case .host:
            var replay = HostSequence(schedule: schedule, rules: rules, trial: trial)
            return replay.run()
        case .bridge:
            var replay = BridgeSequence(schedule: schedule, rules: rules)
            return replay.run()
        }
    }
}

/// A change of the host on purpose, by which a test shows that the replay notices.
public enum SequenceTrial: String, Sendable, CaseIterable {
    /// None.
    case none
    /// A retain flag of "no" is written as `False`.
    case retainAsWord = "retain-as-word"
    /// The host asks for the memory as soon as the bridge runs.
    case extraMemoryRequest = "extra-memory-request"
    /// `init` goes before the will.
    case initialiseBeforeWill = "init-before-will"
    /// Subscriptions are not renewed after a restart of the bridge.
    case forgetsSubscriptions = "forgets-subscriptions"
}

/// What happens in a capture on the level of frames, in order of time.
struct FrameSequence {
    enum Item {
        /// The host left the session before and began this one.
        case session(LinkSchedule.Session)
        /// Both patterns are complete.
        case synchronised(session: Int)
        /// A frame of an end begins: its place in the schedule.
        case begins(LinkEnd, Int)
        /// A frame of an end is complete.
        case ends(LinkEnd, Int)
    }

    struct Entry {
        var time: Timestamp
        /// What happens first at equal times.
        var order: Int
        var item: Item
    }

    let entries: [Entry]

    init(_ schedule: LinkSchedule) {
        var entries: [Entry] = []
        for session in schedule.sessions {
            entries.append(.init(time: session.hostLeft, order: 1, item: .session(session)))
            if let time = schedule.synchronisations[session.number] {
                entries.append(
                    .init(time: time, order: 2, item: .synchronised(session: session.number)))
            }
        }
        for end in LinkEnd.allCases {
            for (place, frame) in schedule.frames(of: end).enumerated() {
                entries.append(.init(time: frame.start, order: 3, item: .begins(end, place)))
                if !frame.isCutOff {
                    entries.append(.init(time: frame.end, order: 0, item: .ends(end, place)))
                }
            }
        }
        self.entries = entries.enumerated().sorted {
            ($0.element.time, $0.element.order, $0.offset)
                < ($1.element.time, $1.element.order, $1.offset)
        }.map { $0.element }
    }
}

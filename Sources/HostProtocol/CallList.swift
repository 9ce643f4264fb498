import Signals

/// Calls other than publications and subscriptions that have not returned, oldest first.
struct CallList: Sendable {
    /// What was called for, and how far it is.
    enum Kind: Sendable {
        /// The time; `askAt` is when to ask, or nil while the answer is awaited.
        case time(pause: Nanoseconds, countsFrom2000: Bool, askAt: Timestamp?)
        /// The memory.
        case memory(isAsked: Bool)
        /// A command; `tag` is that of its frame once it is sent.
        case command([UInt8], tag: Int?)
    }

    private var calls: [(id: Int, kind: Kind)] = []

    var count: Int { calls.count }

    mutating func append(_ kind: Kind, id: Int) { calls.append((id, kind)) }

    /// Forgets all calls, and gives their numbers back.
    mutating func removeAll() -> [Int] {
        defer { calls.removeAll() }
        return calls.map { $0.id }
    }

    /// The session has ended: what was asked for is asked for again in the next.
    mutating func forgetRequests() {
        for index in calls.indices {
            switch calls[index].kind {
            case .time(let pause, let countsFrom2000, nil):
                calls[index].kind = .time(
                    pause: pause, countsFrom2000: countsFrom2000, askAt: .earliest)
            case .memory: calls[index].kind = .memory(isAsked: false)
            case .command(let string, _): calls[index].kind = .command(string, tag: nil)
            case .time: break
            }
        }
    }

    /// When the next request for the time is due.
    var nextTimeRequest: Timestamp? {
        var earliest: Timestamp?
        for call in calls {
            guard case .time(_, _, let askAt?) = call.kind else { continue }
            earliest = earliest.map { min($0, askAt) } ?? askAt
        }
        return earliest
    }

    /// Marks the oldest call for the time whose turn has come as asked; false when there is none.
    mutating func askForTime(at now: Timestamp) -> Bool {
        for index in calls.indices {
            guard case .time(let pause, let countsFrom2000, let askAt?) = calls[index].kind,
                askAt <= now
            else { continue }
            calls[index].kind = .time(pause: pause, countsFrom2000: countsFrom2000, askAt: nil)
            return true
        }
        return false
    }

    /// The bridge's answer to the oldest request for the time; a time that is not known is asked
    /// for again.
    mutating func finishTime(
        isKnown: Bool, at now: Timestamp
    ) -> (id: Int, countsFrom2000: Bool)? {
        for index in calls.indices {
            guard case .time(let pause, let countsFrom2000, nil) = calls[index].kind else {
                continue
            }
            if isKnown { return (calls.remove(at: index).id, countsFrom2000) }
            calls[index].kind = .time(
                pause: pause, countsFrom2000: countsFrom2000, askAt: now + pause)
            return nil
        }
        return nil
    }

    /// Marks the oldest call for the memory as asked; false when there is none.
    mutating func askForMemory() -> Bool {
        for index in calls.indices {
            guard case .memory(isAsked: false) = calls[index].kind else { continue }
            calls[index].kind = .memory(isAsked: true)
            return true
        }
        return false
    }

    /// The call that the bridge's word on its memory answers.
    mutating func finishMemory() -> Int? {
        for index in calls.indices {
            guard case .memory(isAsked: true) = calls[index].kind else { continue }
            return calls.remove(at: index).id
        }
        return nil
    }

    /// The oldest command that was not sent, which is now sent with a tag.
    mutating func nextCommand(tag: Int) -> [UInt8]? {
        for index in calls.indices {
            guard case .command(let string, nil) = calls[index].kind else { continue }
            calls[index].kind = .command(string, tag: tag)
            return string
        }
        return nil
    }

    /// The call whose command has left the wire.
    mutating func finishCommand(tag: Int) -> Int? {
        for index in calls.indices {
            guard case .command(_, tag) = calls[index].kind else { continue }
            return calls.remove(at: index).id
        }
        return nil
    }
}

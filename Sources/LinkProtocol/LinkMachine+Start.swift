import Signals

// The start sequence, the watchdog, and the end of a session.
// Ref: Documentation/Protocol.md, Watchdog.

extension LinkMachine {
    /// The host drives its first bit and raises its clock before it pulls `reset` low: the bridge
    /// may answer as soon as it boots, and waits with its answer on the wires.
    mutating func start(at now: Timestamp) {
        stop()
        switch end {
        case .host:
            driveBit(transmitter.nextBit(), clock: .high)
            drive(reset: .low)
            state = .resetting(until: now + configuration.resetPulse)
        case .bridge:
            state = .synchronising(lastToggle: now)
            proceedIfPeerHasToggled(at: now)
        }
    }

    /// Both outputs go low, both directions forget what was under way.
    mutating func stop() {
        state = .stopped
        driveBit(0, clock: .low)
        drive(reset: .high)
        transmitter.restart()
        receiver.restart()
        for tag in tags { outputs.append(.refused(tag: tag, .sessionEnded)) }
        tags.removeAll()
        framesAcknowledged = 0
        peerHasAnswered = false
    }

    mutating func fireDeadline(at now: Timestamp) {
        switch state {
        case .stopped: break
        case .resetting(let until):
            guard now >= until else { return }
            drive(reset: .high)
            state = .settling(until: now + settling)
        case .settling(let until):
            guard now >= until else { return }
            state = .synchronising(lastToggle: now)
            proceedIfPeerHasToggled(at: now)
        case .synchronising(let lastToggle):
            guard isOverdue(lastToggle, at: now) else { return }
            fail(because: peerHasAnswered ? .notSynchronised : .noAnswer)
        case .running(let lastToggle):
            guard isOverdue(lastToggle, at: now) else { return }
            fail(because: .watchdog)
        case .pausing(let until):
            guard now >= until else { return }
            endPause(at: now)
        }
    }

    func watchdogDeadline(_ lastToggle: Timestamp) -> Timestamp? {
        end == .host ? lastToggle + configuration.watchdogTimeout : nil
    }

    private func isOverdue(_ lastToggle: Timestamp, at now: Timestamp) -> Bool {
        guard let deadline = watchdogDeadline(lastToggle) else { return false }
        return now >= deadline
    }

    /// A bridge that has not answered at all may only need longer to boot.
    mutating func fail(because failure: LinkFailure) {
        settling =
            failure == .noAnswer
            ? min(settling + settling, configuration.settlingMax) : configuration.settling
        stop()
        outputs.append(.failed(failure))
    }

    private mutating func drive(reset level: Level) {
        guard end == .host, ownReset != level else { return }
        ownReset = level
        outputs.append(Drive(.reset, level))
    }
}

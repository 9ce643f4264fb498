import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals

// How machines are woken, and what becomes of what they do.
//
// An input other than levels is given alone and goes into the journal; then the levels are read. That
// order makes a replay possible, which sees a wake-up by levels only where edges came of it: a host
// that rests and one that has not noticed a toggle yet must do the same with a call. Until an end is
// synchronised it never rests, and must know the levels before its own timers fire: there they are
// read before the input too. Ref: Documentation/Journal.md.

extension World {
    mutating func wakeHost() {
        hostWake = .never
        host.handle(
            .levels(clock: levels[.sckin], data: levels[.srx]), at: now)
        drainHost()
        hostDeadline = host.deadline ?? .never
    }

    mutating func wakeBridge() {
        bridgeWake = .never
        if power.isFrozen || !power.isOn { return }
        bridge.handle(.levels(clock: levels[.sckout], data: levels[.stx]), at: now)
        drainBridge()
        bridgeDeadline = bridge.deadline ?? .never
    }

    mutating func fireHost() {
        if !host.isSynchronised {
            // A toggle that has just been noticed can have put the timer off.
            wakeHost()
            if hostDeadline > now { return }
        }
        if host.onlyEndsRest(at: now) {
            host.handle(.timer, at: now)
            drainHost()
            hostDeadline = host.deadline ?? .never
        } else {
            tellHost(.timer)
        }
    }

    mutating func fireBridge() {
        if power.isFrozen {
            bridgeDeadline = .never
            return
        }
        tellBridge(.timer)
    }

    /// A bridge that stood still looks at its wires and its deadlines again.
    mutating func noticeThaw() {
        wakeBridge()
        bridgeDeadline = bridge.deadline ?? .never
    }

    mutating func tellHost(_ input: HostMachine.Input) {
        if !host.isSynchronised { wakeHost() }
        if let payload = input.record() { journal(.hostInput, payload) }
        host.handle(input, at: now)
        drainHost()
        wakeHost()
    }

    mutating func tellBridge(_ input: BridgeMachine.Input) {
        if power.isFrozen {
            if power.missedInputs.count < 65_536 { power.missedInputs.append(input) }
            return
        }
        if power.isOn, !bridge.isSynchronised { wakeBridge() }
        if let payload = input.record() { journal(.bridgeInput, payload) }
        bridge.handle(input, at: now)
        drainBridge()
        bridgeDeadline = bridge.deadline ?? .never
        if power.isOn { wakeBridge() }
    }

    func place() -> Int64 { edgesBefore + Int64(stretch.edges.count) }

    mutating func journal(_ kind: JournalKind, _ payload: [UInt8]) {
        stretch.records.append(
            JournalRecord(time: now, edgesBefore: place(), kind: kind, payload: payload))
    }

    // MARK: Outputs

    private mutating func drainHost() {
        while let output = host.nextOutput() {
            if case .drive(let channel, let level) = output {
                drive(channel, level)
            } else {
                if let payload = output.record() { journal(.hostOutput, payload) }
                follow(output)
            }
        }
    }

    private mutating func drainBridge() {
        while let output = bridge.nextOutput() {
            if case .drive(let channel, let level) = output {
                drive(channel, level)
            } else {
                if let payload = output.record(secrets: bridge.secrets) {
                    journal(.bridgeOutput, payload)
                }
                follow(output)
            }
        }
    }

    /// An end drives a wire.
    private mutating func drive(_ channel: Channel, _ level: Level) {
        if channel == glitch { endGlitch() }
        guard levels[channel] != level else { return }
        levels[channel] = level
        stretch.edges.append(Edge(time: now, channel: channel, level: level))
        if channel == .sckout {
            notice(by: .bridge)
        } else if channel == .sckin {
            notice(by: .host)
        } else if channel == .reset {
            resetChanged(to: level)
        }
    }

    /// An end will notice the other's toggle.
    private mutating func notice(by end: LinkEnd) {
        let random = wireRandom.next()
        if end == .host {
            if missesHostWake {
                missesHostWake = false
                return
            }
            hostWake = min(hostWake, now + hostResponse.time(random))
        } else if power.isOn {
            if missesBridgeWake {
                missesBridgeWake = false
                return
            }
            bridgeWake = min(bridgeWake, now + bridgeResponse.time(random))
        }
    }

    // MARK: Disturbances

    /// A wire changes although no end drives it.
    mutating func disturb(_ channel: Channel) {
        journal(.surroundings, Surroundings.foreignEdge(channel).record())
        levels.toggle(channel)
        stretch.edges.append(Edge(time: now, channel: channel, level: levels[channel]))
        if channel == .sckout { notice(by: .bridge) }
        if channel == .sckin { notice(by: .host) }
    }

    mutating func endGlitch() {
        guard let channel = glitch else { return }
        glitch = nil
        disturb(channel)
    }
}

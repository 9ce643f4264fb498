import Decoding
import LinkProtocol
import Signals

// From the edge by which the host leaves a session to its first toggle in the next.

extension LinkReplay {
    /// An own toggle that is owed for longer is a freeze.
    static var freezeMin: Nanoseconds { .milliseconds(100) }

    /// Leaves a session at its host's first edge behind it.
    mutating func leaveSession(for next: LinkSchedule.Session, with edge: Edge) {
        let time = edge.time
        if case .linked = phase { checkReceived(at: time) }
        if case .diverged = phase { return }
        nextSession += 1
        var isMachineKnown = true
        if case .untold(let since, let reason) = phase {
            addUntold(from: since, to: time, reason)
            isMachineKnown = false
        }
        let gaveUp = hasGivenUp
        let owed = gaveUp ? [] : pending
        if !owed.isEmpty {
            result.count(time - pendingSince >= Self.freezeMin ? .freeze : .cutAnswer)
        }
        if !gaveUp { pending.removeAll(keepingCapacity: true) }
        givenEdges = 0
        held.removeAll(keepingCapacity: true)
        bootEdges.removeAll(keepingCapacity: true)
        session = next.number
        result.sessions += 1
        phase = .betweenSessions
        machineData = .low
        if let blank = schedule.blanks.first(where: { $0.session == session && $0.start <= time }) {
            phase = .untold(since: time, reason: blank.reason)
        }
        let frames = schedule.frames(of: end)
        while nextFrame < frames.count, frames[nextFrame].session < session { nextFrame += 1 }
        let received = schedule.frames(of: end.peer)
        while nextReceived < received.count, received[nextReceived].session < session {
            nextReceived += 1
        }
        switch end {
        case .host:
            if !owed.isEmpty || !isMachineKnown { stopOnTheWires(before: edge) }
            startHost(for: next, at: time)
        case .bridge:
            machine.handle(.stop, at: time)
            drainSilently()
        }
        expectedTrace.restart()
        foundTrace.restart()
    }

    /// The host's machine has ended the session by itself.
    var hasGivenUp: Bool { end == .host && failure != nil }

    /// The machine has driven an answer that never came to the wires, or knows nothing of them:
    /// what falls is what stands on them.
    private mutating func stopOnTheWires(before edge: Edge) {
        machine.handle(.stop, at: edge.time)
        drainSilently()
        var wires = levels
        wires[edge.channel] = edge.level.toggled
        for channel in [end.data, end.clock] where wires[channel] == .high {
            pending.append(Edge(time: edge.time, channel: channel, level: .low))
            givenEdges += 1
        }
    }

    /// The host's machine starts by its own watchdog if the capture's did, else because it is told.
    private mutating func startHost(for next: LinkSchedule.Session, at time: Timestamp) {
        if next.cause == .watchdog, let deadline = machine.deadline, deadline <= time {
            machine.handle(.timer, at: time)
            result.count(.watchdog)
        } else if next.number == 1 {
            result.count(.start)
        } else {
            result.count(next.cause == .noSynchronisation ? .noSynchronisation : .restart)
        }
        drain(at: time)
        failure = nil
        machine.handle(.start, at: time)
        drain(at: time)
        machine.handle(
            .levels(clock: levels[end.peer.clock], data: levels[end.peer.data]), at: time)
        drain(at: time)
    }

    mutating func takeBetweenSessions(_ edge: Edge) {
        if isOwn(edge.channel) {
            switch end {
            case .host where session == 0:
                // Power comes up before there is a link.
                result.count(.resetEdge)
            case .host where givesUpUnanswered(edge): break
            case .host: compare(edge)
            case .bridge: bootEdges.append(edge)
            }
            if bootEdges.count > 1_024 { bootEdges.removeFirst(512) }
            return
        }
        switch end {
        case .host: feedPeerSilently()
        case .bridge:
            // The host's first bit comes before the reset; its next toggle needs our answer.
            if edge.channel == .sckout, edge.level == .low, levels[.sckin] == .high,
                session > 0, levels[.reset] == .high
            {
                boot(before: edge)
            }
        }
    }

    /// The host lets its first bit fall again because the bridge has not said anything.
    private mutating func givesUpUnanswered(_ edge: Edge) -> Bool {
        guard levels[.reset] == .high, levels[.sckin] == .low, edge.level == .low,
            edge.channel != .reset, pending.isEmpty
        else { return false }
        if machine.isStarted {
            machine.handle(.stop, at: edge.time)
            drain(at: edge.time)
        }
        compare(edge)
        return true
    }

    /// The bridge's first edges of a session, told from those of a booting processor by what
    /// stands on the wires when the host moves on.
    private mutating func boot(before edge: Edge) {
        result.count(.boot)
        let first = bootEdges.last?.time ?? edge.time
        machine.handle(.levels(clock: .high, data: .high), at: first)
        drainSilently()
        machine.handle(.start, at: first)
        drain(at: first)
        phase = .linked
        let own = bootEdges.suffix(pending.count)
        result.count(.resetEdge, times: bootEdges.count - own.count)
        for edge in own { compare(edge) }
        bootEdges.removeAll(keepingCapacity: true)
        if case .linked = phase { feedPeer(edge) }
    }

    /// The host looks at the bridge's wires only when it has let it settle.
    private mutating func feedPeerSilently() {
        machine.handle(
            .levels(clock: levels[end.peer.clock], data: levels[end.peer.data]), at: lastTime)
        drain(at: lastTime)
    }
}

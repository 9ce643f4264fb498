import LinkProtocol
import Signals

// The start sequence, as an observer sees it.
//
// The host's first bit and its raised clock come before `reset` goes low and belong to the new
// session. Until the host toggles again the bridge's wires may do what they like: an old bridge
// finishes its sentence, the reset circuit pulls them down, a booting one moves its pins. The host
// looks at them when it toggles, and so does this decoder.
// Ref: Documentation/Protocol.md, Synchronisation and Watchdog.

extension WireDecoder {
    /// Unanswered edges of the host in a start that are still a host trying again.
    static var unansweredEdgesMax: Int { 8 }

    mutating func moveReset(_ edge: Edge) {
        if edge.level == .low {
            pullReset(at: edge.time, isSeen: true)
        } else {
            if mode != .starting { pullReset(at: edge.time, isSeen: false) }
            events.append(.resetReleased(at: edge.time, session: session))
        }
    }

    private mutating func pullReset(at time: Timestamp, isSeen: Bool) {
        closeDisorderBeforeReset()
        // Without a disorder the start edges looked like one more toggle of the host.
        let stopped = min(disorderStart ?? startEdges, time)
        let waited = mode == .disordered && disorder.waitedForBridge
        abandonFrames(at: stopped, condition: .unfinished)
        session += 1
        events.append(
            .resetPulled(
                ResetPull(
                    time: time, isSeen: isSeen, session: session, hostStopped: stopped,
                    lastBridgeToggle: lastBridgeToggle.flatMap { $0 <= stopped ? $0 : nil },
                    waitedForBridge: waited)))
        host.restart()
        bridge.restart()
        if levels[.sckout] == .high {
            _ = host.receive(levels[.stx].rawValue, at: lastHostToggle)
        }
        mode = .starting
        isEstablished = true
        startIsDamaged = false
        isOrderly = false
        unansweredEdges = 0
        lastMessageEnd = time
        disorder = Disorder(start: time, end: time)
    }

    /// The first edge out of order, when the host was the one that left.
    private var disorderStart: Timestamp? {
        guard mode == .disordered, disorder.isLawfulBeforeReset else { return nil }
        return disorder.firstEdge?.time
    }

    private var startEdges: Timestamp {
        levels[.stx] == .high ? min(host.lastDataEdge, lastHostToggle) : lastHostToggle
    }

    private mutating func closeDisorderBeforeReset() {
        guard mode == .disordered, let gap = disorder.gap else { return }
        guard disorder.isLawfulBeforeReset, let first = disorder.firstEdge else {
            abandonFrames(at: gap.start, condition: .damaged)
            emit(gap)
            return
        }
        // That the host left goes without saying: it resets the bridge.
        if first.channel == .srx || first.channel == .sckin {
            events.append(.stopped(.bridge, at: first.time, session: session))
        }
    }

    mutating func takeStarting(_ edge: Edge) {
        guard edge.channel == .sckout else { return }
        if levels[.sckin] == .high, edge.level == .low {
            turn = HandshakeRule.bridgeTurn
            mode = .running
            if startIsDamaged {
                host.beginSearch(afterSilence: false)
                bridge.beginSearch(afterSilence: false)
            } else {
                _ = bridge.receive(levels[.srx].rawValue, at: lastBridgeToggle ?? edge.time)
                _ = host.receive(levels[.stx].rawValue, at: edge.time)
            }
            noteOrder(since: edge.time)
            noteMissingRelease(at: edge.time)
            return
        }
        // The host has given up and starts again, before the bridge has said anything.
        host.restart()
        if edge.level == .high { _ = host.receive(levels[.stx].rawValue, at: edge.time) }
        unansweredEdges += 1
        if unansweredEdges > Self.unansweredEdgesMax {
            disorder = Disorder(start: previousEdge, end: edge.time, reason: .clockOrder)
            disorder.firstEdge = edge
            mode = .disordered
            state = HandshakeRule.bridgeTurn
        }
    }

    /// A bridge that is held in reset does not answer: the edge that released it is missing.
    private mutating func noteMissingRelease(at time: Timestamp) {
        guard levels[.reset] == .low else { return }
        emit(Gap(start: disorder.start, end: time, reason: .clockOrder, channel: .reset))
    }
}

import Decoding
import LinkProtocol
import Signals

// The exchange of bits: the other end's edges go in, the own edges are compared.

extension LinkReplay {
    mutating func feedPeer(_ edge: Edge) {
        guard edge.channel == end.peer.clock else { return }
        if let failure {
            return diverge(
                .gaveUp("the machine ended the session: \(failure.words)"), at: edge.time)
        }
        if let missing = pending.first {
            return diverge(at: edge.time, expected: nil, found: missing)
        }
        sendFramesDue(at: edge.time)
        pendingSince = edge.time
        machine.handle(.levels(clock: edge.level, data: levels[end.peer.data]), at: edge.time)
        drain(at: edge.time)
    }

    /// A frame is put into the machine just before the bit at which it began.
    private mutating func sendFramesDue(at time: Timestamp) {
        let frames = schedule.frames(of: end)
        while nextFrame < frames.count, frames[nextFrame].session == session,
            frames[nextFrame].firstBit <= Int64(machine.bitCount)
        {
            machine.handle(.send(frame: frames[nextFrame].text, tag: nextFrame), at: time)
            nextFrame += 1
            drain(at: time)
        }
    }

    /// Takes over what the machine does.
    mutating func drain(at time: Timestamp) {
        while let output = machine.nextOutput() {
            switch output {
            case .drive(let channel, let level):
                pending.append(Edge(time: time, channel: channel, level: level))
            case .received(let frame, _): compareReceived(frame, at: time)
            case .sent: result.sentFrames += 1
            case .refused(_, .sessionEnded): break
            case .refused(let tag, let refusal):
                diverge(
                    .gaveUp("the machine cannot send frame \(tag + 1): \(refusal.words)"), at: time)
            case .synchronised: break
            case .failed(let failure): self.failure = failure
            }
        }
    }

    mutating func drainSilently() {
        while machine.nextOutput() != nil {}
    }

    private mutating func compareReceived(_ frame: [UInt8], at time: Timestamp) {
        let frames = schedule.frames(of: end.peer)
        let expected = nextReceived < frames.count ? frames[nextReceived].text : []
        nextReceived += 1
        if expected == frame {
            result.receivedFrames += 1
        } else {
            diverge(.received(expected: expected, found: frame), at: time)
        }
    }

    /// Every frame that the other end finished in a session must have arrived in the machine.
    mutating func checkReceived(at time: Timestamp) {
        let frames = schedule.frames(of: end.peer)
        guard nextReceived < frames.count else { return }
        let frame = frames[nextReceived]
        guard frame.session == session, !frame.isCutOff, frame.start <= time else { return }
        diverge(.received(expected: frame.text, found: []), at: time)
    }

    /// Judgement waits no longer than this: more than a character at both ends.
    private static var heldEdgesMax: Int { 64 }

    /// Whether judgement on an edge must wait for what comes next.
    ///
    /// A host that lets its outputs fall while it owes an answer can look like one that sends
    /// another bit: a new session proves that it did not. And a data edge just before the end of
    /// the capture, or before a gap, can begin a frame of which nothing more is known.
    mutating func holds(_ edge: Edge) -> Bool {
        let isFall = end == .host && edge.level == .low && edge.channel != .reset
        if held.isEmpty {
            guard isOwn(edge.channel), isFall || edge.channel == end.data,
                let found = pending.first,
                found.channel != edge.channel || found.level != edge.level
            else { return false }
            levelsBeforeHeld = levels
        }
        held.append(edge)
        if !isJustified(isFall: isFall) { divergeAtHeld() }
        return true
    }

    /// Whether the held edges can still turn out to be nothing that the machine must do.
    private func isJustified(isFall: Bool) -> Bool {
        guard let last = held.last else { return true }
        if held.count > Self.heldEdgesMax { return false }
        let blanks = schedule.blanks
        if nextBlank < blanks.count, blanks[nextBlank].session == session {
            // Of a frame whose first character a gap cut off, nobody knows.
            let bits = held.count { $0.channel == end.clock }
            return bits <= machine.configuration.characterSize.bitCount
        }
        if !isOwn(last.channel) { return held.count { $0.channel == end.peer.clock } <= 1 }
        let ownEdges = held.count { isOwn($0.channel) }
        return ownEdges == 1 || (ownEdges == 2 && isFall)
    }

    private mutating func divergeAtHeld() {
        let edges = held
        held.removeAll()
        guard let first = edges.first else { return }
        levels = levelsBeforeHeld
        diverge(at: first.time, expected: first, found: pending.first)
        for edge in edges.dropFirst() {
            levels[edge.channel] = edge.level
            continueTraces(edge)
        }
    }

    /// An own edge of the capture must be the next edge of the machine.
    mutating func compare(_ edge: Edge) {
        if pending.isEmpty { fireTimerIfDue(at: edge.time) }
        guard let found = pending.first else {
            return diverge(at: edge.time, expected: edge, found: nil)
        }
        guard found.channel == edge.channel, found.level == edge.level else {
            return diverge(at: edge.time, expected: edge, found: found)
        }
        pending.removeFirst()
        if givenEdges > 0 {
            givenEdges -= 1
            result.count(.resetEdge)
        } else {
            result.comparedEdges += 1
        }
        if edge.channel == end.data { machineData = edge.level }
        if edge.channel == end.clock {
            expectedTrace.append(levels[end.data].rawValue)
            foundTrace.append(machineData.rawValue)
            if end == .host, case .betweenSessions = phase, levels[.reset] == .high,
                edge.level == .low
            {
                phase = .linked
            }
        }
    }

    /// The effect of a timer is on the wires: it must be due.
    private mutating func fireTimerIfDue(at time: Timestamp) {
        var rounds = 0
        while pending.isEmpty, let deadline = machine.deadline, deadline <= time, rounds < 4 {
            machine.handle(.timer, at: time)
            drain(at: time)
            rounds += 1
        }
    }

    // MARK: Divergence

    mutating func diverge(at time: Timestamp, expected: Edge?, found: Edge?) {
        diverge(.edge, at: time, expected: expected, found: found)
    }

    mutating func diverge(
        _ kind: LinkDivergence.Kind, at time: Timestamp, expected: Edge? = nil,
        found: Edge? = nil
    ) {
        guard result.divergence == nil else { return }
        let bit = expectedTrace.count
        var divergence = LinkDivergence(
            kind: kind, time: time, session: session, bit: bit, expected: expected, found: found,
            frame: nil, equalFrames: result.sentFrames, expectedBits: [], foundBits: [],
            firstShownBit: 0)
        let frames = schedule.frames(of: end)
        if nextFrame > 0 {
            let frame = frames[nextFrame - 1]
            let offset = Int(bit - frame.firstBit)
            let width = machine.configuration.characterSize.bitCount
            if frame.session == session, offset >= 0, offset < (frame.text.count + 1) * width {
                divergence.frame = (nextFrame, frame.text, offset / width, offset % width)
            }
        }
        result.divergence = divergence
        phase = .diverged
        expectedTrace.freeze()
        foundTrace.freeze()
        // What the machine and the capture have on the wires right now belongs to the pictures.
        for edge in pending { traceFound(edge) }
        pending.removeAll()
        if let expected { traceExpected(expected) }
    }

    /// Behind a divergence, both go on for as long as the pictures need.
    mutating func continueTraces(_ edge: Edge) {
        if isOwn(edge.channel) { return traceExpected(edge) }
        guard edge.channel == end.peer.clock else { return }
        let frames = schedule.frames(of: end)
        while nextFrame < frames.count, frames[nextFrame].session == session,
            frames[nextFrame].firstBit <= Int64(machine.bitCount)
        {
            machine.handle(.send(frame: frames[nextFrame].text, tag: nextFrame), at: edge.time)
            nextFrame += 1
            drainSilently()
        }
        machine.handle(.levels(clock: edge.level, data: levels[end.peer.data]), at: edge.time)
        while let output = machine.nextOutput() {
            if case .drive(let channel, let level) = output {
                traceFound(Edge(time: edge.time, channel: channel, level: level))
            }
        }
    }

    private mutating func traceExpected(_ edge: Edge) {
        if edge.channel == end.clock { expectedTrace.append(levels[end.data].rawValue) }
    }

    private mutating func traceFound(_ edge: Edge) {
        if edge.channel == end.data { machineData = edge.level }
        if edge.channel == end.clock { foundTrace.append(machineData.rawValue) }
    }
}

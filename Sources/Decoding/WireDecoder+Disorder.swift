import LinkProtocol
import Signals

// The long way: start sequences, stops, and edges that break the handshake.

extension WireDecoder {
    mutating func takeDisorderly(_ edge: Edge) {
        if edge.channel == .reset { return moveReset(edge) }
        noteData(edge)
        switch mode {
        case .running: takeRunning(edge)
        case .starting: takeStarting(edge)
        case .disordered: takeUnsettled(edge)
        }
        switch edge.channel {
        case .sckin:
            lastBridgeToggle = edge.time
            lastClock = edge.time
        case .sckout:
            lastHostToggle = edge.time
            lastClock = edge.time
        default: break
        }
    }

    private mutating func noteData(_ edge: Edge) {
        let end: LinkEnd
        switch edge.channel {
        case .stx: end = .host
        case .srx: end = .bridge
        default: return
        }
        if self[end].trust == .dataUnknown || self[end].resumesAtNextEdge {
            self[end].resumesAtNextEdge = false
            if mode == .running { resumeData(of: end, edge: edge) }
        }
        self[end].moveData(at: edge.time)
    }

    // MARK: Running

    private mutating func takeRunning(_ edge: Edge) {
        let next = HandshakeRule.next(turn, edge.channel.index)
        guard next != HandshakeRule.broken else { return beginDisorder(with: edge) }
        turn = next
        switch edge.channel {
        case .sckout:
            hostTurnRound.count((edge.time - lastClock).count)
            search(levels[.stx].rawValue, of: .host, at: edge.time)
        case .sckin:
            bridgeTurnRound.count((edge.time - lastClock).count)
            search(levels[.srx].rawValue, of: .bridge, at: edge.time)
        default: break
        }
        giveUpSynchronisationIfOverdue(at: edge.time)
    }

    /// An end that has been awaited for longer than a host waits does not send the pattern: its
    /// characters are found by their sense.
    private mutating func giveUpSynchronisationIfOverdue(at time: Timestamp) {
        let overdue = LinkEnd.allCases.filter { self[$0].isOverdue }
        guard !overdue.isEmpty else { return }
        for end in overdue { self[end].beginSearch(afterSilence: false) }
        events.append(.notSynchronised(at: time, session: session))
    }

    private mutating func beginDisorder(with edge: Edge) {
        let isClock = edge.channel == .sckout || edge.channel == .sckin
        disorder = Disorder(
            start: previousEdge, end: edge.time, reason: isClock ? .clockOrder : .dataWindow)
        disorder.waitedForBridge = HandshakeRule.isBridgesTurn(turn)
        disorder.firstEdge = edge
        mode = .disordered
        isOrderly = false
        state = turn
        takeUnsettled(edge)
    }

    // MARK: Disordered

    private mutating func takeUnsettled(_ edge: Edge) {
        disorder.edgeCount += 1
        noteFall(edge)
        let channel = edge.channel.index
        var next = state.map { HandshakeRule.next($0, channel) } ?? HandshakeRule.broken
        if next == HandshakeRule.broken {
            if state != nil, isEstablished {
                disorder.reason = disorder.reason ?? .clockOrder
                disorder.end = edge.time
            }
            disorder.orderlyEdges = 0
            disorder.toggles.removeAll(keepingCapacity: true)
            switch channel {
            case 1: next = HandshakeRule.hostTurnDataChanged
            case 2: next = HandshakeRule.bridgeTurn
            case 3: next = HandshakeRule.bridgeTurnDataChanged
            default: next = HandshakeRule.hostTurn
            }
        } else {
            disorder.orderlyEdges += 1
        }
        state = next
        switch edge.channel {
        case .sckout:
            disorder.toggles.append(
                .init(end: .host, bit: levels[.stx].rawValue, time: edge.time))
        case .sckin:
            disorder.toggles.append(
                .init(end: .bridge, bit: levels[.srx].rawValue, time: edge.time))
        default: break
        }
        if disorder.orderlyEdges >= Disorder.orderlyEdgesMin { settle() }
    }

    /// A stop is told by one end's wires falling, and by nothing else.
    private mutating func noteFall(_ edge: Edge) {
        let end: LinkEnd = edge.channel == .stx || edge.channel == .sckout ? .host : .bridge
        if edge.level == .high {
            disorder.fallingEnd = nil
        } else if disorder.edgeCount == 1 {
            disorder.fallingEnd = end
        } else if disorder.fallingEnd != end {
            disorder.fallingEnd = nil
        }
    }

    /// The handshake is in order again: what was before is a gap, or the begin of the capture.
    private mutating func settle() {
        if let gap = disorder.gap {
            abandonFrames(at: disorder.start, condition: .damaged)
            emit(gap)
        } else if session == 0, let first = disorder.toggles.first {
            events.append(.joined(at: first.time))
        }
        if let state { turn = state }
        mode = .running
        isEstablished = true
        noteOrder(since: previousEdge)
        host.beginSearch(afterSilence: false)
        bridge.beginSearch(afterSilence: false)
        for toggle in disorder.toggles { search(toggle.bit, of: toggle.end, at: toggle.time) }
        disorder.toggles.removeAll(keepingCapacity: true)
    }

    /// The capture ends in disorder: a stop if one end's wires fell after a silence.
    mutating func closeDisorderAtEnd() {
        guard let gap = disorder.gap else { return }
        if !disorder.isCertain, let end = disorder.fallingEnd, let first = disorder.firstEdge,
            let bit = meanBitTime, (first.time - disorder.start).count > 4 * bit.count
        {
            abandonFrames(at: first.time, condition: .unfinished)
            events.append(.stopped(end, at: first.time, session: session))
            return
        }
        abandonFrames(at: gap.start, condition: .damaged)
        emit(gap)
    }

    // MARK: Gaps that the source knows

    /// The source says that edges are missing before the edge that follows.
    mutating func handle(_ gap: Gap) {
        switch gap.channel {
        case Channel.stx: return handleLostData(gap, of: .host)
        case Channel.srx: return handleLostData(gap, of: .bridge)
        case Channel.reset:
            // The bridge has already told that it was released.
            let isKnown = lastGap.map { $0.channel == .reset && $0.start == gap.start } ?? false
            if !isKnown { emit(gap) }
            return
        case let channel? where !channel.isWire: return
        default: break
        }
        if mode == .disordered, disorder.reason != nil {
            disorder.end = max(disorder.end, gap.end)
            disorder.orderlyEdges = 0
        } else if mode == .running, let last = lastClockGap, last.end > gap.start {
            // The clocks have already told of this loss.
            return
        } else if mode == .starting {
            // The first bits can be among what is missing.
            startIsDamaged = true
            return emit(gap)
        } else {
            disorder = Disorder(
                start: gap.start, end: gap.end, reason: gap.reason, channel: gap.channel)
            disorder.waitedForBridge = HandshakeRule.isBridgesTurn(turn)
            mode = .disordered
            isOrderly = false
            state = nil
        }
        disorder.isCertain = true
        disorder.channel = gap.channel
        disorder.toggles.removeAll(keepingCapacity: true)
    }
}

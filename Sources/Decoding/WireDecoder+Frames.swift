import LinkProtocol
import Signals

// What a lane's bits complete, and what is given up.

extension WireDecoder {
    /// More of the largest character in a row than any message has empty fields: the data wire
    /// hangs at 1, so its falling edge is missing.
    static var onesRunMax: Int { 32 }

    subscript(end: LinkEnd) -> Lane {
        get { end == .host ? host : bridge }
        _modify { if end == .host { yield &host } else { yield &bridge } }
    }

    mutating func handle(_ outcome: Lane.Outcome, of end: LinkEnd) {
        switch outcome {
        case .nothing: return
        case .synchronised:
            lastMessageEnd = previousEdge
            isOrderly = mode == .running && host.isReadable && bridge.isReadable
            events.append(.synchronised(from: end, at: self[end].lastBit, session: session))
        case .character:
            if self[end].onesRun > Self.onesRunMax, self[end].trust != .dataUnknown {
                loseData(of: end)
            }
        case .frame:
            guard self[end].trust != .dataUnknown else { return self[end].receiver.forgetFrame() }
            emit(self[end].completedFrame(session: session))
        }
    }

    private mutating func emit(_ frame: Frame) {
        guard frame.condition == .whole,
            configuration.vocabulary.likelihood(of: frame.text, from: frame.from) == .garbage,
            makesSenseElsewhere(frame)
        else {
            if frame.condition == .whole { lastMessageEnd = frame.end }
            events.append(.frame(frame))
            return
        }
        // Whole rounds are missing somewhere: nothing on the wires broke a rule.
        var damaged = frame
        damaged.condition = .damaged
        events.append(.frame(damaged))
        emit(Gap(start: lastMessageEnd, end: frame.end, reason: .framing))
        host.beginSearch(afterSilence: false)
        bridge.beginSearch(afterSilence: false)
        isOrderly = false
    }

    private func makesSenseElsewhere(_ frame: Frame) -> Bool {
        var search = AlignmentSearch(size: configuration.characterSize)
        search.restart(afterSilence: true)
        for character in frame.text + [0, 0] {
            for place in 0..<configuration.characterSize.bitCount {
                _ = search.take(character >> UInt8(place) & 1, at: frame.end)
            }
        }
        return search.hasMessage(from: frame.from, vocabulary: configuration.vocabulary)
    }

    mutating func emit(_ gap: Gap) {
        lastGap = gap
        if gap.channel != .stx, gap.channel != .srx { lastClockGap = gap }
        events.append(.gap(gap))
    }

    /// Gives up what both lanes have in progress.
    mutating func abandonFrames(at time: Timestamp, condition: Frame.Condition) {
        for end in LinkEnd.allCases {
            if let frame = self[end].abandonedFrame(
                session: session, end: time, condition: condition)
            {
                events.append(.frame(frame))
            }
        }
    }

    // MARK: A data wire of unknown level

    private mutating func loseData(of end: LinkEnd) {
        emit(
            Gap(
                start: self[end].lastDataEdge, end: self[end].lastBit, reason: .framing,
                channel: end.data))
        giveUpData(of: end)
        self[end].continueCharacter(trust: .dataUnknown)
    }

    /// The frame in progress keeps only what was certain: its run of ones is cut off.
    private mutating func giveUpData(of end: LinkEnd) {
        let run = self[end].onesRun
        guard
            var frame = self[end].abandonedFrame(
                session: session, end: self[end].lastDataEdge, condition: .damaged)
        else { return }
        frame.text.removeLast(min(run, frame.text.count))
        frame.end = max(frame.start, frame.end)
        if !frame.text.isEmpty { events.append(.frame(frame)) }
    }

    /// A data wire of unknown level has moved: from now on it is known again.
    mutating func resumeData(of end: LinkEnd, edge: Edge) {
        let wasSilent = edge.level == .high && self[end].dataHasRested
        if self[end].trust == .searching {
            self[end].beginSearch(afterSilence: wasSilent)
        } else {
            self[end].continueCharacter(trust: wasSilent ? .known : .headless)
        }
    }

    /// The source says that an edge of a data wire is missing before the edge that follows.
    mutating func handleLostData(_ gap: Gap, of end: LinkEnd) {
        // What was found before, from the characters or the clocks, is the same loss.
        let isKnown = lastGap.map { $0.end >= gap.start } ?? false
        if mode == .disordered, disorder.reason != nil {
            disorder.isCertain = true
        } else if !isKnown {
            emit(gap)
        }
        if mode == .running, self[end].trust != .searching {
            giveUpData(of: end)
            self[end].continueCharacter(trust: .dataUnknown)
        }
        self[end].resumesAtNextEdge = true
    }

    // MARK: The search for the alignment

    mutating func search(_ bit: UInt8, of end: LinkEnd, at time: Timestamp) {
        guard self[end].trust == .searching else {
            let outcome = self[end].receive(bit, at: time)
            if outcome != .nothing { handle(outcome, of: end) }
            return
        }
        guard self[end].searchBit(bit, at: time) else { return }
        guard
            let alignment = self[end].search.alignment(
                of: end, vocabulary: configuration.vocabulary)
        else {
            self[end].search.setBurstAside(endBit: self[end].bitCount)
            return
        }
        align(end, alignment)
    }

    /// One lane's alignment gives the other's: the host's character begins one toggle after the
    /// bridge's. Ref: Documentation/Protocol.md, Synchronisation.
    private mutating func align(_ end: LinkEnd, _ alignment: AlignmentSearch.Alignment) {
        let width = configuration.characterSize.bitCount
        let nextPlace = self[end].search.placeBehindBurst(alignment)
        let peerPlace = end == .host ? nextPlace : (nextPlace + width - 1) % width
        var frames = self[end].endSearch(
            nextPlace: nextPlace, session: session, vocabulary: configuration.vocabulary)
        if self[end.peer].trust == .searching {
            frames += self[end.peer].endSearch(
                nextPlace: peerPlace, session: session, vocabulary: configuration.vocabulary)
        }
        frames.sort { ($0.end, $0.from.rawValue) < ($1.end, $1.from.rawValue) }
        let start = frames.first?.start ?? previousEdge
        events.append(.aligned(at: start, session: session))
        for frame in frames { events.append(.frame(frame)) }
        lastMessageEnd = frames.last?.end ?? previousEdge
        isOrderly = mode == .running && host.isReadable && bridge.isReadable
    }
}
